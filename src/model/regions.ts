/**
 * What the names of a partition's regions begin with, and one of them. Regions come into being: of most partitions two
 * letters are all that is certain.
 * @see AWS General Reference, "AWS Regions"; "Amazon Resource Names (ARNs)"
 */
const REGIONS: Readonly<Record<string, readonly [begin: string, likely: string]>> = {
  'aws-cn': ['cn-', 'cn-north-1'],
  'aws-us-gov': ['us-gov-', 'us-gov-west-1'],
  'aws-iso': ['us-iso-', 'us-iso-east-1'],
  'aws-iso-b': ['us-isob-', 'us-isob-east-1'],
  'aws-iso-e': ['eu-isoe-', 'eu-isoe-west-1'],
  'aws-iso-f': ['us-isof-', 'us-isof-south-1'],
  'aws-eusc': ['eusc-', 'eusc-de-east-1'],
}

/** What every region's name of a partition begins with; empty: that isn't known. */
export const regionsBegin = (partition: string): string => REGIONS[partition]?.[0] ?? ''

/** What names of the regions of `aws` begin with, as far as no other partition's do. */
const COMMERCIAL = [
  'af-',
  'ap-',
  'ca-',
  'eu-central-',
  'eu-north-',
  'eu-south-',
  'eu-west-',
  'il-',
  'me-',
  'mx-',
  'sa-',
  'us-east-',
  'us-west-',
]

/** What names of other partitions' regions begin with, of those that are known. */
export const foreignRegionsBegin = (partition: string): readonly string[] => [
  ...Object.entries(REGIONS).flatMap(([other, [begin]]) => (other === partition ? [] : [begin])),
  ...(regionsBegin(partition) === '' ? [] : COMMERCIAL),
]

/** A region of the documentation's examples. */
export const likelyRegion = (partition: string): string => REGIONS[partition]?.[1] ?? 'us-east-1'

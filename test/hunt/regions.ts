/** What regions of a partition are called. */
export const REGIONS: Readonly<Record<string, RegExp>> = {
  aws: /^(?!cn-|us-gov-)[a-z]{2}-[a-z]+-\d$/,
  'aws-cn': /^cn-[a-z]+-\d$/,
  'aws-us-gov': /^us-gov-[a-z]+-\d$/,
}

// Who and what random estates are made of. Account ids and addresses are those that documentation uses.

/** The project's own accounts. */
export const HOME = '111122223333'
export const OTHER = '222233334444'
/** In the organization, and not in the project. */
export const MEMBER = '333344445555'
/** Outside, and named by policies. */
export const PARTNER = '444455556666'
export const PARTNER_2 = '555566667777'
/** Outside, and named by nobody. */
export const STRANGER = '888877776666'

export const ORGANIZATION = 'o-a1b2c3d4e5'
export const OTHER_ORGANIZATION = 'o-zzzzzzzzz9'
export const ROOT_ID = 'r-ab12'

export const CANONICAL = '00f1e2d3c4b5a697887766554433221100ffeeddccbbaa998877665544332211'
export const UNIQUE_ROLE = 'AROAEXAMPLEID1234567'
export const UNIQUE_USER = 'AIDAEXAMPLEID1234567'

export const SERVICES = ['logging.s3.amazonaws.com', 'lambda.amazonaws.com', 'sns.amazonaws.com'] as const

export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov'

export const regionOf = (partition: Partition): string =>
  partition === 'aws' ? 'eu-west-1' : partition === 'aws-cn' ? 'cn-north-1' : 'us-gov-west-1'

/** A region of which no policy speaks. */
export const elsewhereIn = (partition: Partition): string =>
  partition === 'aws' ? 'ap-south-1' : partition === 'aws-cn' ? 'cn-northwest-1' : 'us-gov-east-1'

export const iam = (partition: Partition, account: string, rest: string): string =>
  `arn:${partition}:iam::${account}:${rest}`
export const sts = (partition: Partition, account: string, rest: string): string =>
  `arn:${partition}:sts::${account}:${rest}`

/** Providers, as policies name them. */
export const providersOf = (partition: Partition) => ({
  google: 'accounts.google.com',
  cognito: 'cognito-identity.amazonaws.com',
  github: iam(partition, HOME, 'oidc-provider/token.actions.githubusercontent.com'),
  saml: iam(partition, HOME, 'saml-provider/corp'),
  theirSaml: iam(partition, PARTNER, 'saml-provider/theirs'),
  theirOidc: iam(partition, PARTNER, 'oidc-provider/id.partner.example.com'),
})

/** Resources by what they are; those of accounts outside too. */
export const resourcesOf = (partition: Partition) => {
  const region = regionOf(partition)
  const at = (service: string, account: string, rest: string) =>
    `arn:${partition}:${service}:${region}:${account}:${rest}`
  return {
    bucket: `arn:${partition}:s3:::data`,
    bucket2: `arn:${partition}:s3:::reports`,
    undeclaredBucket: `arn:${partition}:s3:::free`,
    queue: at('sqs', HOME, 'jobs'),
    otherQueue: at('sqs', OTHER, 'jobs'),
    partnerQueue: at('sqs', PARTNER, 'jobs'),
    topic: at('sns', HOME, 'news'),
    key: at('kms', HOME, 'key/11111111-2222-4333-8444-555555555555'),
    secret: at('secretsmanager', HOME, 'secret:db-abcdef'),
    lambda: at('lambda', HOME, 'function:work'),
    instance: at('ec2', HOME, 'instance/i-0123456789abcdef0'),
  }
}

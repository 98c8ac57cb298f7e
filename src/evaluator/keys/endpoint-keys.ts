/** In the requests that come over the public network, in lower case. */
export const PUBLIC_ADDRESS = 'aws:sourceip'

/** In those that come through a VPC endpoint. */
export const ENDPOINT_KEYS: readonly string[] = [
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourcevpcarn',
  'aws:vpcsourceip',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
]

/**
 * Whether a key tells of a VPC endpoint, or of the network before it: a request that comes through one has no `aws:SourceIp`.
 * @param key in lower case
 * @see IAM User Guide, "AWS global condition context keys": aws:SourceIp, aws:SourceVpc, aws:SourceVpce, aws:VpcSourceIp
 */
export const isOfEndpoint = (key: string): boolean => ENDPOINT_KEYS.includes(key)

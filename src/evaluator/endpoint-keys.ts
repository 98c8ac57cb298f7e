/** In the requests that come over the public network, in lower case. */
export const PUBLIC_ADDRESS = 'aws:sourceip'

/**
 * Whether a key tells of a VPC endpoint, or of the network before it: a request that comes through one has no `aws:SourceIp`.
 * @param key in lower case
 * @see IAM User Guide, "AWS global condition context keys": aws:SourceIp, aws:SourceVpc, aws:SourceVpce, aws:VpcSourceIp
 */
export const isOfEndpoint = (key: string): boolean =>
  /^aws:(?:sourcevpc(?:e|arn)?|vpcsourceip|vpce(?:account|orgid|orgpaths))$/.test(key)

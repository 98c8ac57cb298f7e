/**
 * Whether a key tells for which resource or account a service asks: whoever else asks has none of these.
 * @param key in lower case
 * @see IAM User Guide, "AWS global condition context keys": aws:SourceArn, aws:SourceAccount, aws:SourceOrgID
 */
export const isOfServiceCalls = (key: string): boolean =>
  /^aws:source(?:arn|account|orgid|orgpaths|owner)$/.test(key)

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const ID_CHARACTERS = 17
const KEY_CHARACTERS = 16

/**
 * A unique id of AWS's shape: four letters of kind and 17 characters of base 32 (85 random bits).
 * @param prefix what says the kind. @see IAM User Guide, "IAM identifiers": unique identifiers
 * @param randomBytes returns that many random bytes
 */
export function uniqueId(prefix: string, randomBytes: (count: number) => Uint8Array): string {
  let id: string = prefix
  for (const byte of randomBytes(ID_CHARACTERS)) id += BASE32[byte & 31]
  return id
}

/**
 * The id of an access key, in AWS's shape: it has its account's number in it, behind a bit that is set, and 39 random bits.
 * @see IAM API Reference (STS), GetAccessKeyInfo: an id leads to its account
 */
export function accessKeyId(account: string, randomBytes: (count: number) => Uint8Array): string {
  const random = randomBytes(5).reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n) & ((1n << 39n) - 1n)
  const bits = (1n << 79n) | (BigInt(account) << 39n) | random
  let id = ''
  for (let at = KEY_CHARACTERS - 1; at >= 0; at--) id += BASE32[Number((bits >> BigInt(5 * at)) & 31n)]
  return `AKIA${id}`
}

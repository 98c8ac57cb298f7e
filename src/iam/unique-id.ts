const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const ID_CHARACTERS = 17

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

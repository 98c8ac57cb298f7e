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
 * @param prefix `AKIA` of a lasting key, `ASIA` of a temporary one
 * @see IAM API Reference (STS), GetAccessKeyInfo: an id leads to its account
 */
export function accessKeyId(
  account: string,
  randomBytes: (count: number) => Uint8Array,
  prefix: 'AKIA' | 'ASIA' = 'AKIA',
): string {
  const random = randomBytes(5).reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n) & ((1n << 39n) - 1n)
  const bits = (1n << 79n) | (BigInt(account) << 39n) | random
  let id = ''
  for (let at = KEY_CHARACTERS - 1; at >= 0; at--) id += BASE32[Number((bits >> BigInt(5 * at)) & 31n)]
  return `${prefix}${id}`
}

/** The account whose number an access key's id has in it; null: it is no such id. */
export function accountOfKey(id: string): string | null {
  const [, characters] = /^A[KS]IA([A-Z2-7]{16})$/.exec(id) ?? []
  if (characters === undefined) return null
  const bits = [...characters].reduce((sum, character) => (sum << 5n) | BigInt(BASE32.indexOf(character)), 0n)
  const account = String((bits >> 39n) & ((1n << 40n) - 1n)).padStart(12, '0')
  return bits >> 79n === 1n && account.length === 12 ? account : null
}

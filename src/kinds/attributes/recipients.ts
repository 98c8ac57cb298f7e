import { type Attribute, UNCHANGED } from './attribute.ts'

/**
 * Whom the secrets of somebody are encrypted for: public keys of age. An account knows nothing of them, so that they make no
 * change.
 */
export const recipients: Attribute<object, { readonly recipients?: readonly string[] }> = {
  name: 'recipients',
  documents: 'none',
  refersTo: null,
  members: () => null,
  compare: () => UNCHANGED,
  removal: () => [],
}

/**
 * Whether a text is the public key of an X25519 identity: `age1`, and 32 bytes with a checksum that a mistyped character breaks.
 * @see BIP 173, "Bech32"; C2SP, "The age file encryption format"
 */
export function isRecipient(text: string): boolean {
  if (!RECIPIENT.test(text)) return false
  let sum = 1
  for (const value of [...EXPANDED_PREFIX, ...[...text.slice(PREFIX.length + 1)].map(numberOf)]) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ value
    for (const [bit, generator] of GENERATORS.entries()) if ((top >>> bit) & 1) sum ^= generator
  }
  return sum === 1
}

const PREFIX = 'age'
const CHARACTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const RECIPIENT = new RegExp(`^${PREFIX}1[${CHARACTERS}]{58}$`)
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const
const codes = [...PREFIX].map((character) => character.charCodeAt(0))
const EXPANDED_PREFIX = [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31)]

const numberOf = (character: string): number => CHARACTERS.indexOf(character)

import { Secret } from '../model/secret.ts'

/**
 * Without those that are taken for one another. Symbols: some of those that count as such.
 * @see IAM User Guide, "Setting an account password policy"
 */
const CLASSES = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnopqrstuvwxyz', '23456789', '!@#%^*_+-='] as const
const ALL = CLASSES.join('')

/** About 120 bits. */
const LEAST = 20
/** @see IAM API Reference, CreateLoginProfile: Password */
const MOST = 128

/**
 * A password that every password policy takes which asks for no more characters: all four classes are in it.
 * @param length characters that it has at least
 */
export function generatedPassword(length: number, randomBytes: (count: number) => Uint8Array): Secret {
  const below = (bound: number) => belowOf(bound, randomBytes)
  const characters = [
    ...CLASSES.map((characters) => characters.charAt(below(characters.length))),
    ...Array.from({ length: Math.min(MOST, Math.max(LEAST, length)) - CLASSES.length }, () =>
      ALL.charAt(below(ALL.length)),
    ),
  ]
  // Fisher and Yates: where each class stands is as much by chance as the rest.
  for (let at = characters.length - 1; at > 0; at--) {
    const other = below(at + 1)
    const moved = characters[at] ?? ''
    characters[at] = characters[other] ?? ''
    characters[other] = moved
  }
  return new Secret(characters.join(''))
}

/** From 0 up to, but not including, `bound`. Of 48 bits, so that no number is likelier by more than one in a million millions. */
const belowOf = (bound: number, randomBytes: (count: number) => Uint8Array): number =>
  Math.floor((randomBytes(6).reduce((number, byte) => number * 256 + byte, 0) / 2 ** 48) * bound)

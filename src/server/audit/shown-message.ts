import { redacted } from '../../model/redaction.ts'
import type { Secret } from '../../model/secret.ts'

/** Characters. @see AWS CloudTrail User Guide, "CloudTrail record contents": errorMessage, userAgent */
export const LONGEST_TEXT = 1024

/** Which secrets are looked for in each way in which they may be written: it takes the one times the other. */
const SHORT_SECRET = 1000
/** Longer than any that an operation takes. */
const LONGEST_SECRET = 100_000
const PIECE = 8
const LEFT_OUT = '(left out: it may quote a secret)'

/**
 * The message of an error, without what it quotes of the secrets that were given. It takes no longer the longer they are than a look at each
 * of their characters: whoever sends them may have signed nothing.
 */
export function shownMessage(message: string, secrets: readonly Secret[]): string {
  // What is cut off later is cut off first; what remains of a secret at the end is in what is cut off then.
  const text = message.slice(0, 2 * LONGEST_TEXT)
  const long = secrets.filter((secret) => lengthOf(secret) > SHORT_SECRET)
  if (long.some((secret) => quotes(text, secret))) return LEFT_OUT
  const short = secrets.filter((secret) => !long.includes(secret))
  return redacted(text, short).slice(0, LONGEST_TEXT)
}

const lengthOf = (secret: Secret): number => secret.reveal().length

function quotes(text: string, secret: Secret): boolean {
  const value = secret.reveal()
  if (value.length > LONGEST_SECRET) return true
  const pieces = new Set<string>()
  for (let at = 0; at + PIECE <= text.length; at++) pieces.add(text.slice(at, at + PIECE))
  for (let at = 0; at + PIECE <= value.length; at++) if (pieces.has(value.slice(at, at + PIECE))) return true
  return false
}

import { createHash } from 'node:crypto'

/** Hex digits of a digest that are its own; those after them say how it was made. */
const OWN_DIGITS = 48

const PREFIX = 'sha256:'

/**
 * The digest of a plan that was made without reading a target, so that nobody can apply it. Whoever is given it can tell: its last
 * 64 bits follow from those before them, which those of a plan against a target do by one chance in 2^64.
 * @param digest of what the plan holds: `sha256:` and 64 hex digits
 */
export function digestWithoutTarget(digest: string): string {
  const own = digest.slice(0, PREFIX.length + OWN_DIGITS)
  return own + markOf(own)
}

export const isMadeWithoutTarget = (digest: string): boolean => digestWithoutTarget(digest) === digest

const markOf = (own: string): string =>
  createHash('sha256')
    .update(`made without a target ${own}`)
    .digest('hex')
    .slice(0, 64 - OWN_DIGITS)

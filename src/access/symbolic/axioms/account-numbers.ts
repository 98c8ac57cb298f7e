import type { Decimal } from '../decimal.ts'
import type { Predicate } from '../predicate.ts'
import { DIGIT, type Glob, literalGlob } from '../tokens.ts'

const DIGITS = 12
const MOST = 10n ** BigInt(DIGITS)

type OfNumbers = Extract<Predicate, { readonly kind: 'number' }>

/** Ids of accounts that a comparison of numbers takes. */
export const accountGlobs = ({ comparison, bounds }: OfNumbers): readonly Glob[] =>
  bounds.flatMap((bound) => globsFor(comparison, bound))

function globsFor(comparison: OfNumbers['comparison'], { digits, scale }: Decimal): readonly Glob[] {
  const unit = 10n ** BigInt(scale)
  const floor = digits < 0n ? -1n : digits / unit
  const isWhole = digits >= 0n && digits % unit === 0n
  // The first number that isn't below it.
  const notBelow = isWhole ? floor : floor + 1n
  switch (comparison) {
    case 'equals':
      return isWhole ? between(floor, floor + 1n) : []
    case 'less':
      return between(0n, notBelow)
    case 'lessEquals':
      return between(0n, floor + 1n)
    case 'greater':
      return between(floor + 1n, MOST)
    case 'greaterEquals':
      return between(notBelow, MOST)
  }
}

/** From one number to before another: blocks of numbers that begin alike, as large as they can be. */
function between(first: bigint, end: bigint): readonly Glob[] {
  const globs: Glob[] = []
  for (let at = first < 0n ? 0n : first; at < end && at < MOST; ) {
    let free = 0
    let size = 1n
    while (free < DIGITS && at % (size * 10n) === 0n && at + size * 10n <= end) {
      free++
      size *= 10n
    }
    const begin = free === DIGITS ? '' : (at / size).toString().padStart(DIGITS - free, '0')
    globs.push([...literalGlob(begin), ...Array.from({ length: free }, () => DIGIT)])
    at += size
  }
  return globs
}

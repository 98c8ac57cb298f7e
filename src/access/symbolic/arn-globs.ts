// What patterns say of the ARNs that they take, as far as no wildcard hides it.

import { COLON, type Glob, isLiteral, isMarker, ONE, STAR, STAR_IN_SEGMENT, textOf } from './tokens.ts'

const COLONS = 5

/** `arn:aws:` where each pattern begins with it and has all the colons of an ARN; otherwise null. */
export function arnsBeginningOf(globs: readonly Glob[]): string | null {
  let beginning: string | null = null
  for (const glob of globs) {
    if (glob.filter((token) => token === COLON).length < COLONS) return null
    const second = glob.indexOf(COLON, glob.indexOf(COLON) + 1)
    const begin = glob.slice(0, second + 1)
    if (!isLiteral(begin)) return null
    const text = textOf(begin)
    if (beginning !== null && beginning !== text) return null
    beginning = text
  }
  return beginning
}

/** Of `arn:aws:` and nothing but stars between colons, that beginning: it takes every ARN of the partition. */
export function wholePartition(glob: Glob): string | null {
  const begin = arnsBeginningOf([glob])
  if (begin === null) return null
  const rest = glob.slice([...begin].length)
  const star = [STAR_IN_SEGMENT, COLON]
  const whole = [...star, ...star, ...star, STAR]
  return rest.length === whole.length && rest.every((token, index) => token === whole[index]) ? begin : null
}

/** The third segments of patterns of ARNs; null: not all of them say. */
export function servicesOfArns(globs: readonly Glob[]): ReadonlySet<string> | null {
  const services = new Set<string>()
  for (const glob of globs) {
    // Of a star that crosses segments nobody knows which segment follows.
    const [scheme, partition, service] = segmentsBefore(glob)
    if (scheme === undefined || partition === undefined || service === undefined || !isLiteral(service))
      return null
    services.add(textOf(service))
  }
  return services
}

/** What stands before the first three colons, as far as no wildcard could stand for a colon. */
function segmentsBefore(glob: Glob): readonly Glob[] {
  const segments: Glob[] = []
  let from = 0
  for (let at = 0; at < glob.length && segments.length < 3; at++) {
    const token = glob[at] ?? 0
    if (token === STAR || token === ONE || isMarker(token)) break
    if (token !== COLON) continue
    segments.push(glob.slice(from, at))
    from = at + 1
  }
  return segments
}

import { matchesPattern } from '../../model/name-pattern.ts'
import type { ActionSet } from './action-set.ts'

/** Whether one text fits two patterns with `*` and `?`, both in lower case. */
export function patternsMeet(a: string, b: string): boolean {
  // Places in `b` that can be reached by the texts which the part of `a` so far stands for.
  let places = closed(new Set([0]), b)
  for (const token of a) {
    const next = new Set<number>()
    if (token === '*') {
      const first = Math.min(...places)
      for (let place = first; place <= b.length; place++) next.add(place)
      places = next
      continue
    }
    for (const place of places) {
      const other = b[place]
      if (other === undefined) continue
      if (other === '*') next.add(place)
      else if (other === '?' || token === '?' || other === token) next.add(place + 1)
    }
    if (next.size === 0) return false
    places = closed(next, b)
  }
  return places.has(b.length)
}

/** With what is behind stars, which may stand for nothing. */
function closed(places: Set<number>, pattern: string): Set<number> {
  for (const place of places) if (pattern[place] === '*') places.add(place + 1)
  return places
}

/**
 * Whether actions that no catalogue lists may be in both of two sets.
 *
 * INVARIANT: false only where there is none: what a set with a test of its own holds isn't told by its patterns.
 */
export function mayShareUnlisted(a: ActionSet, b: ActionSet): boolean {
  if (!a.isOpen || !b.isOpen) return false
  if (a.has !== undefined || b.has !== undefined || (a.negated && b.negated)) return true
  if (a.negated) return leavesSome(b, a)
  if (b.negated) return leavesSome(a, b)
  return open(a).some((pattern) => open(b).some((other) => patternsMeet(pattern, other)))
}

const open = ({ entries }: ActionSet): readonly string[] => entries.filter((entry) => /[*?]/.test(entry))

/** Whether some pattern of a set isn't covered by one alone of those that another leaves out. */
const leavesSome = (set: ActionSet, { entries }: ActionSet): boolean =>
  open(set).some(
    (pattern) =>
      !entries.some(
        (wider) =>
          wider === pattern || wider === '*' || (!wider.includes('?') && matchesPattern(wider, pattern)),
      ),
  )

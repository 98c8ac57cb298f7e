// A filter before the product of automata: many pairs of ARN patterns differ in a plain segment, which is seen without a search.

import { COLON, FOLDED, type Glob, isMarker, ONE, STAR } from './tokens.ts'

/** A pattern taken apart at its colons, for a first look before a search. */
export interface Segmented {
  readonly segments: readonly Segment[]
  /** No wildcard stands for a colon: every text has as many colons as the pattern. */
  readonly isExact: boolean
}

interface Segment {
  /** Plain text at both ends; of a segment without wildcards both are all of it. */
  readonly begin: string
  readonly end: string
  readonly isPlain: boolean
}

export function segmented(glob: Glob): Segmented {
  const segments: Segment[] = []
  let from = 0
  for (let at = 0; at <= glob.length; at++) {
    if (at < glob.length && glob[at] !== COLON) continue
    segments.push(segmentOf(glob.slice(from, at)))
    from = at + 1
  }
  return {
    segments,
    isExact: !glob.some((token) => token === STAR || token === ONE || isMarker(token)),
  }
}

const isPlainToken = (token: number): boolean => token >= 0 && token < FOLDED

function segmentOf(tokens: Glob): Segment {
  let begin = 0
  while (begin < tokens.length && isPlainToken(tokens[begin] ?? 0)) begin++
  let end = tokens.length
  while (end > begin && isPlainToken(tokens[end - 1] ?? 0)) end--
  const isPlain = begin === tokens.length
  return {
    begin: String.fromCodePoint(...tokens.slice(0, begin)),
    end: isPlain ? String.fromCodePoint(...tokens) : String.fromCodePoint(...tokens.slice(end)),
    isPlain,
  }
}

/**
 * Whether two patterns have no text in common, as is plain from their segments. A wildcard of one can only stand for a
 * colon where the other's texts have more of them than it has itself.
 */
export function areApart(a: Segmented, b: Segmented): boolean {
  const [exact, other] = a.isExact ? [a, b] : [b, a]
  if (!exact.isExact) return false
  if (other.segments.length > exact.segments.length) return true
  if (other.segments.length < exact.segments.length) return other.isExact
  return exact.segments.some((segment, index) => {
    const twin = other.segments[index]
    return twin !== undefined && differ(segment, twin)
  })
}

function differ(a: Segment, b: Segment): boolean {
  if (a.isPlain && b.isPlain) return a.begin !== b.begin
  if (a.isPlain) return !(a.begin.startsWith(b.begin) && a.begin.endsWith(b.end))
  if (b.isPlain) return !(b.begin.startsWith(a.begin) && b.begin.endsWith(a.end))
  return (
    !(a.begin.startsWith(b.begin) || b.begin.startsWith(a.begin)) ||
    !(a.end.endsWith(b.end) || b.end.endsWith(a.end))
  )
}

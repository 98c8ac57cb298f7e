import {
  COLON,
  canonical,
  FOLDED,
  type Glob,
  isMarker,
  ONE,
  ONE_IN_NAME,
  ONE_IN_SEGMENT,
  SLASH,
  STAR,
  STAR_IN_NAME,
  STAR_IN_SEGMENT,
} from '../tokens.ts'

const isPoint = (token: number, point: number): boolean =>
  token === point || (token >= FOLDED && (token & ~FOLDED) === point)

/** What a pattern takes within a segment of an ARN; empty: a text with a colon is none. */
export function segmentGlob(glob: Glob): readonly Glob[] {
  if (glob.some((token) => isPoint(token, COLON) || isMarker(token))) return []
  return [
    canonical(
      glob.map((token) => (token === STAR ? STAR_IN_SEGMENT : token === ONE ? ONE_IN_SEGMENT : token)),
    ),
  ]
}

/** The same of names, which have neither a colon nor a slash. */
export function nameGlob(glob: Glob): readonly Glob[] {
  if (glob.some((token) => isPoint(token, SLASH))) return []
  return segmentGlob(glob).map((each) =>
    canonical(
      each.map((token) =>
        token === STAR_IN_SEGMENT ? STAR_IN_NAME : token === ONE_IN_SEGMENT ? ONE_IN_NAME : token,
      ),
    ),
  )
}

/** Both sides of the one colon of a text that a pattern takes, in each way in which it may lie. */
export const pairGlobs = (glob: Glob): readonly (readonly [before: Glob, behind: Glob])[] =>
  glob.flatMap((token, at) => {
    const isCrossed = token === STAR
    if (!isCrossed && token !== ONE && !isPoint(token, COLON)) return []
    const edge = isCrossed ? [STAR] : []
    return segmentGlob([...glob.slice(0, at), ...edge]).flatMap((before) =>
      segmentGlob([...edge, ...glob.slice(at + 1)]).map((behind) => [before, behind] as const),
    )
  })

import type { KeyAtom, Literal } from './atom.ts'
import { absentLiteral } from './compile-condition.ts'
import type { Lang } from './lang.ts'
import type { Domain } from './problem.ts'
import type { Symbols } from './symbols.ts'
import {
  canonical,
  FOLDED,
  foldedGlob,
  type Glob,
  isMarker,
  literalGlob,
  ONE,
  ONE_IN_SEGMENT,
  STAR,
  STAR_IN_SEGMENT,
} from './tokens.ts'

/**
 * What holds of every real request, as far as these atoms speak of it: keys that follow from each other or from the
 * resource are not independent.
 * @param atoms ids; the axioms may name more
 */
export function axiomsOf(
  atoms: readonly number[],
  domain: Domain,
  symbols: Symbols,
): readonly (readonly Literal[])[] {
  const keyAtoms = atoms.flatMap((id) => {
    const atom = symbols.atoms.at(id)
    return atom.on === 'key' ? [atom] : []
  })
  const byKey = new Map<string, KeyAtom[]>()
  for (const atom of keyAtoms) {
    const others = byKey.get(atom.key)
    if (others === undefined) byKey.set(atom.key, [atom])
    else others.push(atom)
  }
  return [
    ...tagKeyAxioms(byKey, symbols),
    ...(domain.resource === null ? [] : segmentAxioms('aws:requestedregion', 3, byKey, symbols)),
    ...(domain.resource === null ? [] : segmentAxioms('aws:resourceaccount', 4, byKey, symbols)),
    ...(domain.temporary !== 'any' && byKey.has('aws:tokenissuetime')
      ? [temporaryAxiom(domain.temporary, symbols)]
      : []),
  ]
}

/** A tag in the request is named in `aws:TagKeys`. @see IAM User Guide, "AWS global condition context keys" */
function tagKeyAxioms(
  byKey: ReadonlyMap<string, readonly KeyAtom[]>,
  symbols: Symbols,
): readonly (readonly Literal[])[] {
  if (!byKey.has('aws:tagkeys')) return []
  return [...byKey].flatMap(([key, [atom]]) => {
    if (!key.startsWith('aws:requesttag/') || atom === undefined) return []
    const name = atom.spelling.slice('aws:requesttag/'.length)
    const lang = symbols.langs.of([foldedGlob(name)])
    const named = symbols.atoms.keyAtom({
      key: 'aws:tagkeys',
      spelling: 'aws:TagKeys',
      whenAbsent: false,
      predicate: { kind: 'text', lang, upper: lang, lower: lang },
      several: 'any',
      variables: [],
    })
    return [[absentLiteral(atom.spelling, symbols), named + 1]]
  })
}

/**
 * Temporary credentials of a user tell when they were issued; they can't call all of IAM and STS.
 * @see IAM User Guide, "Compare AWS STS credentials"
 */
function temporaryAxiom(allowed: 'withMfa' | 'none', symbols: Symbols): readonly Literal[] {
  if (allowed === 'none') return [absentLiteral('aws:TokenIssueTime', symbols)]
  const lang = symbols.langs.of([foldedGlob('true')])
  const withMfa = symbols.atoms.keyAtom({
    key: 'aws:multifactorauthpresent',
    spelling: 'aws:MultiFactorAuthPresent',
    whenAbsent: false,
    predicate: { kind: 'text', lang, upper: lang, lower: lang },
    several: 'any',
    variables: [],
  })
  return [absentLiteral('aws:TokenIssueTime', symbols), withMfa + 1]
}

/**
 * A key that has the value of one segment of the resource's ARN, where that segment isn't empty: each test of the key is
 * a test of the segment.
 */
function segmentAxioms(
  key: string,
  segment: number,
  byKey: ReadonlyMap<string, readonly KeyAtom[]>,
  symbols: Symbols,
): readonly (readonly Literal[])[] {
  const atoms = byKey.get(key)
  const [first] = atoms ?? []
  if (atoms === undefined || first === undefined) return []
  const isEmpty = resourceLiteral(symbols.langs.of([arnWith(segment, [])]), symbols)
  return [
    [isEmpty, -absentLiteral(first.spelling, symbols)],
    ...atoms.flatMap(({ id, predicate, variables }) => {
      if (predicate?.kind !== 'text' || variables.length > 0) return []
      const globs = predicate.lang.globs.flatMap((glob) => segmentGlob(glob) ?? [])
      const same = resourceLiteral(symbols.langs.of(globs.map((glob) => arnWith(segment, glob))), symbols)
      return [
        [isEmpty, -(id + 1), same],
        [isEmpty, id + 1, -same],
      ]
    }),
  ]
}

const resourceLiteral = (lang: Lang, symbols: Symbols): Literal =>
  symbols.atoms.textAtom({ on: 'resource', lang, upper: lang, lower: lang, variables: [] }) + 1

const COLON = 0x3a

function arnWith(segment: number, glob: Glob): Glob {
  const tokens: number[] = [...literalGlob('arn')]
  for (let index = 1; index < 5; index++)
    tokens.push(COLON, ...(index === segment ? glob : [STAR_IN_SEGMENT]))
  return canonical([...tokens, COLON, STAR])
}

/** The same within a segment; empty: a text with a colon is none. */
function segmentGlob(glob: Glob): readonly Glob[] {
  if (
    glob.some(
      (token) => token === COLON || (token >= FOLDED && (token & ~FOLDED) === COLON) || isMarker(token),
    )
  )
    return []
  return [
    canonical(
      glob.map((token) => (token === STAR ? STAR_IN_SEGMENT : token === ONE ? ONE_IN_SEGMENT : token)),
    ),
  ]
}

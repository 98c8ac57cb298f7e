// What ties context keys together in every real request, as lemmas of the theory: clauses over atoms, instantiated for those that
// occur in a formula. They only rule out requests that can't be made; leaving one out finds too much, never too little.

import type { Atom, KeyAtom, Literal } from '../atom.ts'
import { absentLiteral } from '../compile-condition.ts'
import type { Domain } from '../domain.ts'
import type { Symbols } from '../symbols.ts'
import { type Glob, isMarker, literalGlob } from '../tokens.ts'
import { credentialAxioms } from './credential-axioms.ts'
import { endpointAxioms } from './endpoint-axioms.ts'
import { equalKeyAxioms } from './equal-key-axioms.ts'
import { segmentGlob } from './glob-parts.ts'
import { memberAxioms } from './member-axioms.ts'
import { organizationAxioms } from './organization-axioms.ts'
import { passedTagAxioms, TAG_NAMES, tagNamed } from './passed-tag-axioms.ts'
import { principalAxioms } from './principal-axioms.ts'
import { arnWith, resourceLiteral } from './resource-segments.ts'
import { resourceTagAxioms } from './resource-tag-axioms.ts'
import { sendingAxioms } from './sending-axioms.ts'
import { timeAxioms } from './time-axioms.ts'

/** Keys that have the value of one segment of the resource's ARN, where that segment isn't empty. */
const SEGMENTS: ReadonlyMap<string, number> = new Map([
  ['aws:requestedregion', 3],
  ['aws:resourceaccount', 4],
])

/** Whether the resource says what the key is. */
export const followsFromResource = (key: string): boolean => SEGMENTS.has(key)

/** What a key is by the resource; null: the resource doesn't say. */
export function valueByResource(key: string, resource: string): string | null {
  const segment = SEGMENTS.get(key)
  if (segment === undefined) return null
  return resource.split(':', 5)[segment] || null
}

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
    ...equalKeyAxioms(byKey, symbols),
    ...passedTagAxioms(byKey, domain.service, symbols),
    ...settledAxioms(byKey, domain, symbols),
    ...resourceTagAxioms(keyAtoms, domain.service, symbols),
    ...atoms.flatMap((id) => presenceAxioms(symbols.atoms.at(id), symbols)),
    ...(domain.resource === null
      ? []
      : [...SEGMENTS].flatMap(([key, segment]) => segmentAxioms(key, segment, byKey, symbols))),
    ...[...SEGMENTS].flatMap(([key, segment]) => formAxioms(key, segment, byKey, domain, symbols)),
    ...credentialAxioms(byKey, domain, symbols),
    ...endpointAxioms(byKey, symbols),
    ...sendingAxioms(byKey, domain.settled, symbols),
    ...timeAxioms(byKey, symbols),
    ...organizationAxioms(byKey, domain.settled, symbols),
    ...principalAxioms(byKey, domain, symbols),
    ...memberAxioms(byKey, domain, symbols),
  ]
}

/** A test that only patterns with a variable can pass is passed only where the variable has a value. */
function presenceAxioms(atom: Atom, symbols: Symbols): readonly (readonly Literal[])[] {
  if (atom.variables.length === 0) return []
  if (atom.on === 'key' && (atom.whenAbsent || atom.several === 'always')) return []
  const lang = atom.on !== 'key' ? atom.lang : atom.predicate?.kind === 'text' ? atom.predicate.lang : null
  if (lang === null) return []
  const needed = lang.globs.map(
    (glob) =>
      new Set(
        glob
          .filter(isMarker)
          .flatMap((marker) => symbols.piecesOf(marker))
          .flatMap((piece) => (piece.kind === 'variable' && piece.fallback === null ? [piece.name] : [])),
      ),
  )
  const [first, ...others] = needed
  return [...(first ?? [])]
    .filter((name) => others.every((names) => names.has(name)))
    .map((name) => [-(atom.id + 1), -absentLiteral(name, symbols)])
}

/** The same for keys that nothing tests, since their values are settled. */
function settledAxioms(
  byKey: ReadonlyMap<string, readonly KeyAtom[]>,
  { settled, resource, formOf, neverOf }: Domain,
  symbols: Symbols,
): readonly (readonly Literal[])[] {
  return [...settled].flatMap(([key, value]) => {
    const segment = SEGMENTS.get(key)
    if (segment !== undefined) {
      const isReal =
        value === null ||
        (symbols.langs.of([formOf(key)]).has(value) && !symbols.langs.of(neverOf(key)).has(value))
      if (resource === null) return isReal ? [] : [[resourceLiteral(symbols.langs.of([]), symbols)]]
      const values = [...(isReal ? [[]] : []), ...(value === null ? [] : segmentGlob(literalGlob(value)))]
      return [[resourceLiteral(symbols.langs.of(values.map((glob) => arnWith(segment, glob))), symbols)]]
    }
    const isTag = key.startsWith('aws:requesttag/') && value !== null && byKey.has('aws:tagkeys')
    return isTag ? [[tagNamed(key, TAG_NAMES, symbols)]] : []
  })
}

/** Each test of such a key is a test of the segment. */
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

/** What the resource doesn't tell is a real account, or region, all the same. */
function formAxioms(
  key: string,
  segment: number,
  byKey: ReadonlyMap<string, readonly KeyAtom[]>,
  { resource, formOf, neverOf }: Domain,
  symbols: Symbols,
): readonly (readonly Literal[])[] {
  const [first] = byKey.get(key) ?? []
  if (first === undefined) return []
  const isOneOf = (globs: readonly Glob[]): Literal => {
    const lang = symbols.langs.of(globs)
    const predicate = { kind: 'text', lang, upper: lang, lower: lang } as const
    const { spelling } = first
    return (
      symbols.atoms.keyAtom({ key, spelling, whenAbsent: false, predicate, several: 'any', variables: [] }) +
      1
    )
  }
  const tells = resource === null ? [] : [-resourceLiteral(symbols.langs.of([arnWith(segment, [])]), symbols)]
  const others = neverOf(key)
  return [
    [...tells, isOneOf([formOf(key)]), absentLiteral(first.spelling, symbols)],
    ...(others.length === 0 ? [] : [[-isOneOf(others)]]),
  ]
}

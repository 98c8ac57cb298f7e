import type { KeyAtom, Literal } from '../atom.ts'
import { absentLiteral } from '../compile-condition.ts'
import type { Symbols } from '../symbols.ts'
import { foldedGlob } from '../tokens.ts'

type Axioms = readonly (readonly Literal[])[]

const REQUEST_TAG = 'aws:requesttag/'

/** A key that lists names of tags. */
interface NamesTags {
  /** In lower case. */
  readonly key: string
  readonly spelling: string
}

export const TAG_NAMES: NamesTags = { key: 'aws:tagkeys', spelling: 'aws:TagKeys' }
const TRANSITIVE: NamesTags = { key: 'sts:transitivetagkeys', spelling: 'sts:TransitiveTagKeys' }

/**
 * What keys about tags in a request say of each other: each is named, and of calls to STS (others take names alone, to remove
 * tags) each that is named is there; only those are handed on that are passed.
 * @see IAM User Guide, "AWS global condition context keys": aws:RequestTag, aws:TagKeys; AWS STS API Reference, AssumeRole:
 * TransitiveTagKeys
 * @param service of the action, in lower case; null: the action isn't known
 */
export function passedTagAxioms(
  byKey: ReadonlyMap<string, readonly KeyAtom[]>,
  service: string | null,
  symbols: Symbols,
): Axioms {
  const [listed, handedOn] = [TAG_NAMES, TRANSITIVE].map(({ key }) => byKey.has(key))
  const ofEach = [...byKey].flatMap(([key, [atom]]): Axioms => {
    if (!key.startsWith(REQUEST_TAG) || atom === undefined) return []
    const isNone = absentLiteral(atom.spelling, symbols)
    const named = (of: NamesTags) => tagNamed(atom.spelling, of, symbols)
    return [
      ...(listed ? [[isNone, named(TAG_NAMES)]] : []),
      ...(listed && service === 'sts' ? [[-named(TAG_NAMES), -isNone]] : []),
      ...(handedOn ? [[-named(TRANSITIVE), -isNone]] : []),
    ]
  })
  return [
    ...ofEach,
    ...(listed && handedOn ? transitiveAxioms(byKey.get(TRANSITIVE.key) ?? [], symbols) : []),
  ]
}

function transitiveAxioms(atoms: readonly KeyAtom[], symbols: Symbols): Axioms {
  const isNone = absentLiteral(TRANSITIVE.spelling, symbols)
  return [
    [isNone, -absentLiteral(TAG_NAMES.spelling, symbols)],
    ...atoms.flatMap(({ id, predicate, several, variables }) => {
      if (predicate?.kind !== 'text' || several === 'always' || variables.length > 0) return []
      const isPassed = symbols.atoms.keyAtom({
        ...TAG_NAMES,
        whenAbsent: false,
        predicate,
        several: 'any',
        variables: [],
      })
      return [[isNone, -(id + 1), isPassed + 1]]
    }),
  ]
}

/** That a list of names has that of the tag of a key `aws:RequestTag/…`. */
export function tagNamed(key: string, of: NamesTags, symbols: Symbols): Literal {
  const lang = symbols.langs.of([foldedGlob(key.slice(REQUEST_TAG.length))])
  const named = symbols.atoms.keyAtom({
    ...of,
    whenAbsent: false,
    predicate: { kind: 'text', lang, upper: lang, lower: lang },
    several: 'any',
    variables: [],
  })
  return named + 1
}

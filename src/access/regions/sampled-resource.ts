import { ACCOUNT_ID } from '../account-id.ts'
import { type PrincipalSide, placedStatements } from '../sides/side.ts'
import { type KeyAtom, passes, type TextAtom } from '../symbolic/atom.ts'
import { followsFromResource, valueByResource } from '../symbolic/axioms/axioms.ts'
import type { Lang } from '../symbolic/lang.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import type { Glob } from '../symbolic/tokens.ts'
import { regionGlob } from './resource-templates.ts'

/** One resource, and how tests of it, and of keys that it settles, come out. */
export interface SampledResource {
  readonly text: string
  /** Tests of the resource, by atom id. */
  readonly passes: ReadonlySet<number>
  /** Tests of keys, by atom id; what isn't in it is open. */
  readonly settled: ReadonlyMap<number, boolean>
  /** Keys that it settles, as their authors write them. */
  readonly context: ReadonlyMap<string, readonly string[]>
  /** Resources with equal ones are decided alike. */
  readonly signature: string
}

/** Values of one segment that are tried, besides the likely one. */
const MOST_VALUES = 2

/**
 * Takes single resources instead of all of their types: of thousands of types most differ in nothing that the two sides
 * speak of.
 */
export class ResourceSampler {
  readonly #atoms: readonly TextAtom[]
  readonly #keyAtoms: readonly KeyAtom[]
  readonly #inside: readonly Lang[]
  readonly #outside: readonly Lang[]
  readonly #canSample: boolean
  readonly #symbols: Symbols

  constructor(
    sides: readonly PrincipalSide[],
    inside: readonly Lang[],
    outside: readonly Lang[],
    symbols: Symbols,
  ) {
    const atoms = new Map<number, TextAtom>()
    const keyAtoms = new Map<number, KeyAtom>()
    for (const side of sides)
      for (const { symbolic } of placedStatements(side))
        for (const literal of symbolic.literals) {
          const atom = symbols.atoms.at(Math.abs(literal) - 1)
          if (atom.on === 'resource') atoms.set(atom.id, atom)
          else if (atom.on === 'key' && followsFromResource(atom.key)) keyAtoms.set(atom.id, atom)
        }
    this.#atoms = [...atoms.values()]
    this.#keyAtoms = [...keyAtoms.values()]
    this.#inside = inside
    this.#outside = outside
    this.#symbols = symbols
    this.#canSample =
      this.#atoms.every(({ lang }) => !lang.hasMarkers) &&
      this.#keyAtoms.every(({ variables }) => variables.length === 0)
  }

  /**
   * A resource of some types, in the regions and accounts that conditions ask for as well.
   * @returns empty: it says nothing
   */
  of(text: string, types: Lang | null): readonly SampledResource[] {
    let samples = this.#known.get(text)
    if (samples === undefined) {
      samples = this.#sample(text, types)
      this.#known.set(text, samples)
    }
    return samples
  }

  readonly #known = new Map<string, readonly SampledResource[]>()

  #sample(text: string, types: Lang | null): readonly SampledResource[] {
    if (!this.#canSample) return []
    let texts = [text]
    for (const [segment, values] of this.#valuesAsked())
      if (values.length > 0)
        texts = texts.flatMap((each) => [
          ...values.flatMap((value) => withSegment(each, segment, value)),
          each,
        ])
    return texts
      .filter((each) => each === text || types?.has(each) === true)
      .flatMap((each) => this.#sampled(each) ?? [])
  }

  #sampled(text: string): SampledResource | null {
    // That it is an ARN goes without saying.
    if (this.#inside.slice(1).some((lang) => !lang.has(text)) || this.#outside.some((lang) => lang.has(text)))
      return null
    const service = text.split(':', 3)[2] ?? ''
    const passing = new Set<number>()
    for (const { id, lang } of this.#atoms)
      if ((lang.services === null || lang.services.has(service)) && lang.has(text)) passing.add(id)
    const settled = new Map<number, boolean>()
    const context = new Map<string, readonly string[]>()
    for (const atom of this.#keyAtoms) {
      const value = valueByResource(atom.key, text)
      if (value === null) continue
      settled.set(atom.id, passes(atom, [value]))
      context.set(atom.spelling, [value])
    }
    const signature = `${[...passing].join()} ${[...settled].map(([id, holds]) => (holds ? id : `-${id}`)).join()}`
    return { text, passes: passing, settled, context, signature }
  }

  #asked: readonly (readonly [segment: number, values: readonly string[]])[] | null = null

  /** Regions and accounts that conditions speak of. */
  #valuesAsked() {
    const { langs, search } = this.#symbols
    this.#asked ??= [...SEGMENTS].map(([key, [segment, form]]) => {
      const values = this.#keyAtoms.flatMap(({ key: own, predicate }) => {
        if (own !== key || predicate?.kind !== 'text') return []
        const found = search.find([predicate.lang, langs.of([form])], [])
        return found.type === 'found' ? [found.text] : []
      })
      return [segment, [...new Set(values)].slice(0, MOST_VALUES)] as const
    })
    return this.#asked
  }
}

/** Where the value of a key stands in an ARN, and what it is like. */
const SEGMENTS: ReadonlyMap<string, readonly [segment: number, form: Glob]> = new Map([
  ['aws:requestedregion', [3, regionGlob('')]],
  ['aws:resourceaccount', [4, ACCOUNT_ID]],
])

/** Empty: the ARN has nothing there that could be another. */
function withSegment(arn: string, segment: number, value: string): readonly string[] {
  const segments = arn.split(':')
  if ((segments[segment] ?? '') === '' || segments[segment] === value) return []
  segments[segment] = value
  return [segments.join(':')]
}

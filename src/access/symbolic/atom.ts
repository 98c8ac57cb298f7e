// Atoms of formulas, each once (hash-consing): equal tests have one number, so that formulas are compared and remembered by numbers.

import type { Lang } from './lang.ts'
import { type Predicate, takes } from './predicate.ts'

/**
 * A test of one context key, by what the key may be: absent, one value, or several. Negated operators are complements of
 * these, so that no test has a negation of its own.
 */
export interface KeyAtom {
  readonly on: 'key'
  readonly id: number
  /** In lower case. */
  readonly key: string
  /** As its author wrote it. */
  readonly spelling: string
  readonly whenAbsent: boolean
  /** Of one value; null: every value passes. */
  readonly predicate: Predicate | null
  /** Of several values: never or always true, or as all, or any, of them pass. */
  readonly several: 'never' | 'always' | 'all' | 'any'
  /** Names of variables whose values aren't known. */
  readonly variables: readonly string[]
}

/** A test of the resource, or of the action. */
export interface TextAtom {
  readonly on: 'resource' | 'action'
  readonly id: number
  readonly lang: Lang
  readonly upper: Lang
  readonly lower: Lang
  readonly variables: readonly string[]
}

export type Atom = KeyAtom | TextAtom

/** An atom, or its complement: `id + 1`, or `-(id + 1)`. */
export type Literal = number

export const atomOf = (literal: Literal): number => Math.abs(literal) - 1

/**
 * Whether a test takes an empty text as if there were nothing: one of presence, or of sets of values.
 * @see IAM User Guide, "Multivalued context keys": a null data set, such as an empty string
 */
export const isVoidAsEmpty = ({ predicate, several }: Pick<KeyAtom, 'predicate' | 'several'>): boolean =>
  predicate === null || several === 'all' || several === 'any'

/** Whether a key's values pass; null: the key isn't there. */
export function passes(
  { whenAbsent, predicate, several }: KeyAtom,
  values: readonly string[] | null,
): boolean {
  if (values === null || values.length === 0) return whenAbsent
  const test = (value: string) => predicate === null || takes(predicate, value)
  const [only] = values
  if (values.length === 1 && only === '' && isVoidAsEmpty({ predicate, several })) return whenAbsent
  if (values.length === 1 && only !== undefined) return test(only)
  switch (several) {
    case 'never':
      return false
    case 'always':
      return true
    case 'all':
      return values.every(test)
    case 'any':
      return values.some(test)
  }
}

/** Every atom in use, each once. */
export class AtomTable {
  readonly #atoms: Atom[] = []
  readonly #known = new Map<string, number>()
  /** Services, in lower case, that some atom tests a resource's tags of by a key of theirs: `ec2:ResourceTag/team`. */
  readonly servicesOfTags = new Set<string>()

  get size(): number {
    return this.#atoms.length
  }

  at(id: number): Atom {
    const atom = this.#atoms[id]
    if (atom === undefined) throw new RangeError(`no atom ${id}`)
    return atom
  }

  keyAtom(atom: Omit<KeyAtom, 'on' | 'id'>): number {
    const { key, whenAbsent, predicate, several } = atom
    const colon = key.indexOf(':resourcetag/')
    if (colon > 0) this.servicesOfTags.add(key.slice(0, colon))
    return this.#intern(`${key} ${whenAbsent} ${several} ${predicateKey(predicate)}`, (id) => ({
      on: 'key',
      id,
      ...atom,
    }))
  }

  textAtom(atom: Omit<TextAtom, 'id'>): number {
    return this.#intern(`${atom.on} ${atom.lang.id}`, (id) => ({ id, ...atom }))
  }

  #intern(key: string, make: (id: number) => Atom): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const id = this.#atoms.length
    this.#atoms.push(make(id))
    this.#known.set(key, id)
    return id
  }
}

function predicateKey(predicate: Predicate | null): string {
  if (predicate === null) return 'any'
  switch (predicate.kind) {
    case 'text':
      return `text ${predicate.lang.id}`
    case 'number':
      return `number ${predicate.comparison} ${predicate.bounds.map(({ digits, scale }) => `${digits}e-${scale}`).join()}`
    case 'date':
      return `date ${predicate.comparison} ${predicate.bounds.join()}`
    case 'address':
      return `address ${predicate.ranges.map(({ bits, low, high }) => `${bits}:${low}-${high}`).join()}`
    case 'binary':
      return `binary ${JSON.stringify(predicate.values)}`
  }
}

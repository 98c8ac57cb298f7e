import { type PrincipalSide, statementsOf } from './side.ts'
import type { TextAtom } from './symbolic/atom.ts'
import { followsFromResource } from './symbolic/axioms.ts'
import type { Lang } from './symbolic/lang.ts'
import type { Symbols } from './symbolic/symbols.ts'

/** One resource, and which tests of the resource it passes. */
export interface SampledResource {
  readonly text: string
  /** By atom id. */
  readonly passes: ReadonlySet<number>
  /** Resources with equal ones are decided alike. */
  readonly signature: string
}

/**
 * Takes single resources instead of all of their types: of thousands of types most differ in nothing that the two sides
 * speak of.
 */
export class ResourceSampler {
  readonly #atoms: readonly TextAtom[]
  readonly #inside: readonly Lang[]
  readonly #outside: readonly Lang[]
  readonly #canSample: boolean

  constructor(
    sides: readonly PrincipalSide[],
    inside: readonly Lang[],
    outside: readonly Lang[],
    symbols: Symbols,
  ) {
    const atoms = new Map<number, TextAtom>()
    let canSample = true
    for (const side of sides)
      for (const { symbolic } of statementsOf(side))
        for (const literal of symbolic.literals) {
          const atom = symbols.atoms.at(Math.abs(literal) - 1)
          if (atom.on === 'resource') atoms.set(atom.id, atom)
          else if (atom.on === 'key' && followsFromResource(atom.key)) canSample = false
        }
    this.#atoms = [...atoms.values()]
    this.#inside = inside
    this.#outside = outside
    this.#canSample = canSample && this.#atoms.every(({ lang }) => !lang.hasMarkers)
  }

  /** null: this resource says nothing. */
  of(text: string): SampledResource | null {
    if (!this.#canSample) return null
    // That it is an ARN goes without saying.
    if (this.#inside.slice(1).some((lang) => !lang.has(text)) || this.#outside.some((lang) => lang.has(text)))
      return null
    const service = text.split(':', 3)[2] ?? ''
    const passes = new Set<number>()
    for (const { id, lang } of this.#atoms)
      if ((lang.services === null || lang.services.has(service)) && lang.has(text)) passes.add(id)
    return { text, passes, signature: [...passes].join() }
  }
}

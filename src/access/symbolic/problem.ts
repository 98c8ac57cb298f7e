import type { Literal } from './atom.ts'
import type { Domain } from './domain.ts'

/** Tests that a statement asks for; all must come out true for it to match. */
export type Conjunction = readonly Literal[]
/** What a layer allows: one of these suffices. */
export type LayerAllows = readonly Conjunction[]

/** How a request is allowed: by one of the ways, each of whose layers allows, and no deny. */
interface Side {
  readonly ways: readonly (readonly LayerAllows[])[]
  readonly denies: readonly Conjunction[]
}

/** Is there a request that one allow lets through on the new side, and the old side doesn't? */
export interface Problem {
  /** The allow of the new side that it is about. */
  readonly allow: Conjunction
  /** The other layers of its way, and the new side's denies. */
  readonly layers: readonly LayerAllows[]
  readonly denies: readonly Conjunction[]
  readonly old: Side
  readonly domain: Domain
}

/** Parts of a request; what isn't named may be anything, absent included. */
interface Model {
  /** null: any. */
  readonly resource: string | null
  readonly action: string | null
  /** Absent keys aren't listed. */
  readonly context: ReadonlyMap<string, readonly string[]>
}

export type ProblemOutcome =
  | {
      readonly type: 'found'
      readonly model: Model
      /**
       * Variables that the model takes for whatever suits it, in lower case, with values that would suit: with any of
       * them it is a guess.
       */
      readonly variables: ReadonlyMap<string, readonly string[]>
    }
  | { readonly type: 'none' }
  /** Not decided: for want of time; `mixedKinds`: a key is tested as several kinds of values. */
  | { readonly type: 'budget'; readonly reason?: 'mixedKinds' }

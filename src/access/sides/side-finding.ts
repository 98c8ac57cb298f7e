import type { PlacedStatement } from './statement-compiler.ts'

/** A request that is allowed on the new side only. */
export interface FoundRequest {
  /** In AWS's spelling. */
  readonly action: string
  readonly resource: string
  readonly context: ReadonlyMap<string, readonly string[]>
}

/** What one allow of the new side lets through that the old side doesn't. */
export interface SideFinding {
  readonly allow: PlacedStatement
  /** In AWS's spelling; of tier `future` patterns. */
  readonly actions: readonly string[]
  /** `named`: on a resource that isn't of the actions' types, but is there by name. It counts as typed. */
  readonly tier: 'typed' | 'named' | 'pattern' | 'future'
  readonly request: FoundRequest
}

export interface SideDoubt {
  readonly allow: PlacedStatement
  readonly reason: 'budget' | 'variables' | 'mixedKinds'
}

export interface SideDiff {
  readonly findings: readonly SideFinding[]
  readonly doubts: readonly SideDoubt[]
}

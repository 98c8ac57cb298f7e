import type { Located, LocatedEntry, Span } from '../../diagnostics/index.ts'
import type { EntityKind, SettingKind } from '../../model/index.ts'

/** An entity as it is declared, before its own keys are read. */
export interface DeclaredEntity {
  readonly kind: EntityKind
  readonly name: string
  readonly nameSpan: Span
  readonly node: Located
}

/** By kind, each setting that is declared: its key and its value. */
export type DeclaredSettings = ReadonlyMap<SettingKind, LocatedEntry>

/** Everything that an account's manifests declare, in the order of files and lines. */
export interface Declared {
  readonly entities: Readonly<Record<EntityKind, ReadonlyMap<string, DeclaredEntity>>>
  readonly settings: DeclaredSettings
  readonly tests: readonly Located[]
  readonly invariants: readonly Located[]
  readonly organization: LocatedEntry | null
  /** By ARN. */
  readonly resources: readonly LocatedEntry[]
  /** Whether every file could be read. If not, a name that seems to be unknown may stand in one that couldn't. */
  readonly isComplete: boolean
}

import type { AccessEntry, UnknownAccess } from './access-diff.ts'

/** What is to hold for all requests of a form. A pattern may hold `*` and `?`. */
export interface Probe {
  /** Action patterns: `s3:GetObject`, `s3:*`, `*`. */
  readonly actions: readonly string[]
  /** Resource patterns; `*` is any. */
  readonly resources: readonly string[]
  /** What is known of the context; keys that are absent here may be anything. */
  readonly context: ReadonlyMap<string, readonly string[]>
}

/** Whether something holds for all requests; if not, by which it doesn't. */
export interface Proof {
  readonly holds: boolean | 'unknown'
  /** What breaks it, of tier `typed`; then what is allowed by the policies' letter, or to come, and decides nothing. */
  readonly violations: readonly AccessEntry[]
  readonly unknown: readonly UnknownAccess[]
}

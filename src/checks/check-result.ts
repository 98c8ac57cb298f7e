import type { AccessEntry } from '../access/access-entry.ts'
import type { Span } from '../diagnostics/index.ts'
import type { Decision, Request } from '../evaluator/decision.ts'

/** How one declared test or invariant came out. */
export interface CheckResult {
  readonly kind: 'test' | 'invariant'
  readonly name: string
  /** `unknown`: the question could not be decided, `why` says what it would take. */
  readonly result: 'pass' | 'fail' | 'unknown'
  readonly expected: 'allow' | 'deny'
  /**
   * What the first request that is not as expected came to; of a passing test, what its last one came to. Of an
   * invariant that holds null: it is about more requests than anybody could decide.
   */
  readonly actual: Decision | null
  /** The first request that is not as expected; null when there is none. */
  readonly witness: Request | null
  /** Of an invariant: who may do what it forbids. */
  readonly violations: readonly AccessEntry[]
  readonly why: string | null
  readonly span: Span
}

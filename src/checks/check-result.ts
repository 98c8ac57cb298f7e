import type { Span } from '../diagnostics/index.ts'
import type { Decision, Request } from '../evaluator/decision.ts'

/** How one declared test came out. */
export interface CheckResult {
  readonly kind: 'test' | 'invariant'
  readonly name: string
  /** `unknown`: the question could not be decided, `why` says what it would take. */
  readonly result: 'pass' | 'fail' | 'unknown'
  readonly expected: 'allow' | 'deny'
  /** What the first request that is not as expected came to; of a passing test, what its last one came to. */
  readonly actual: Decision | null
  /** The first request that is not as expected; null when the test passes. */
  readonly witness: Request | null
  readonly why: string | null
  readonly span: Span
}

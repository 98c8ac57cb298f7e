import type { Proof } from '../access/analysis.ts'
import type { AccountFacts } from '../evaluator/estate/account-policies.ts'
import type { Invariant } from '../manifest/desired.ts'
import type { Account, Estate } from '../model/index.ts'

/** Proves invariants of one estate. */
export interface InvariantProver {
  /**
   * @param account whose manifests declare it
   * @throws DiagnosticError when a policy that it depends on can't be evaluated
   */
  prove(invariant: Invariant, account: Account): Proof | Promise<Proof>
}

/** It takes time to be ready, and most projects need none: it is opened at the first invariant. */
export type OpenProver = (estate: Estate, facts: AccountFacts) => Promise<InvariantProver>

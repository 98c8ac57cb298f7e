import type { UnknownAccess } from '../access/access-entry.ts'
import type { Proof } from '../access/analysis.ts'
import { isDeciding } from '../access/diff/diff-of.ts'
import { DiagnosticError } from '../diagnostics/index.ts'
import type { Invariant } from '../manifest/desired.ts'
import type { Account, Unseen } from '../model/index.ts'
import type { CheckResult } from './check-result.ts'
import type { InvariantProver } from './invariant-prover.ts'

/** @param prover null: there is none, so that nothing is known of the invariant */
export async function invariantResult(
  invariant: Invariant,
  account: Account,
  prover: InvariantProver | null,
): Promise<CheckResult> {
  if (prover === null) return undecided(invariant, 'this version can not prove invariants')
  let proof: Proof
  try {
    proof = await prover.prove(invariant, account)
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    return undecided(invariant, error.diagnostics.map(({ message }) => message).join('; '))
  }
  const { holds, unknown } = proof
  const violations = proof.violations.filter(isDeciding)
  // Somebody who surely may is more than somebody of whom it isn't known.
  const [first] = violations
  if (first !== undefined)
    return {
      ...common(invariant),
      result: 'fail',
      actual: 'allow',
      witness: first.witness,
      violations,
      why: null,
    }
  if (holds === true && unknown.length === 0)
    return { ...common(invariant), result: 'pass', actual: null, witness: null, violations, why: null }
  return undecided(invariant, unknown.map(whyUnknown).join('; ') || 'it could not be proved')
}

const undecided = (invariant: Invariant, why: string): CheckResult => ({
  ...common(invariant),
  result: 'unknown',
  actual: null,
  witness: null,
  violations: [],
  why,
})

const common = ({ name, span }: Invariant) => ({
  kind: 'invariant' as const,
  name,
  expected: 'deny' as const,
  span,
})

/** Why something isn't known, in words. */
const REASONS: Readonly<Record<UnknownAccess['reason'], string>> = {
  budget: 'it would take too long to decide',
  variables: 'it depends on what can not be known here',
  mixedKinds:
    'a key is compared as another kind of value than it has, such as a time as text: use the operators of its kind',
  unverified: 'the evaluator does not confirm it: a defect of iam-sync, please report it',
  assumed: "it hangs on a rule that AWS's documentation leaves open",
  document: 'a policy is not known, or has no clear meaning',
  owner: 'which account owns the resource is not known',
  organization: 'it hangs on an organization that is not declared',
  undeclared: 'a policy that is not declared must allow it as well',
}

/** The same of what a state doesn't hold. */
const UNSEEN: Readonly<Record<Unseen, string>> = {
  principals: 'not everybody of the account is known',
  resourcePolicies: 'resource policies are not known, the trust policies of roles only',
  controlPolicies: 'the control policies of the organization are not known',
  providers: 'identity providers are not known',
  accessKeys: 'access keys are not known',
  passwords: 'passwords are not known',
  changes: 'something else changes that grants or denies access, and that is not looked at',
}

/** Why something isn't known, in words. */
export const unknownReason = ({ reason, rule, unseen }: UnknownAccess): string =>
  unseen === undefined ? `${REASONS[reason]}${rule === undefined ? '' : ` (rule ${rule})`}` : UNSEEN[unseen]

function whyUnknown({ principals, policy, sid, reason, rule, unseen }: UnknownAccess): string {
  if (unseen !== undefined) return UNSEEN[unseen]
  const statement = sid === null ? '' : `, statement ${sid}`
  return `${principals.join(', ')}: ${REASONS[reason]}${rule === undefined ? '' : `: rule ${rule}`} (${policy}${statement})`
}

import type { ActionFacts } from '../catalog/actions.ts'
import type { Estate, Unseen } from '../model/index.ts'
import type { AccessDiff } from './access-diff.ts'
import type { Direction, UnknownAccess } from './access-entry.ts'
import type { Probe, Proof } from './analysis.ts'
import type { EscalationReport } from './escalation/escalation.ts'

/*
 * What an estate doesn't hold, since whoever read it couldn't know it, is never taken for absent: a claim that would need it isn't
 * proved. What would only take access away (control policies) is needed by no claim.
 */

const unknownOf = (unseen: Unseen, principals: readonly string[], direction: Direction): UnknownAccess => ({
  principals,
  direction,
  reason: 'undeclared',
  unseen,
  policy: '',
  sid: null,
  source: null,
})

/** Everybody of some accounts, as findings call them. */
export const everybodyOf = (ids: readonly string[]): readonly string[] => ids.map((id) => `account:${id}`)

/** A proof that also needs what an estate may not hold. @param of whom nothing is known then */
export function provedBySeen(
  proof: Proof,
  { unseen }: Estate,
  needs: readonly Unseen[],
  of: readonly string[],
): Proof {
  // Where something else changes, what is here isn't what will be.
  const missing = ([...needs, 'changes'] as const).filter((each) => unseen?.has(each) === true)
  if (missing.length === 0) return proof
  return {
    ...proof,
    holds: proof.holds === false ? false : 'unknown',
    unknown: [...proof.unknown, ...missing.map((each) => unknownOf(each, of, 'gained'))],
  }
}

export const OUTSIDE_NEEDS: readonly Unseen[] = ['principals', 'resourcePolicies']

/** What it takes to say that nobody may do something. */
export const needsOf = ({ actions }: Probe, facts: ActionFacts): readonly Unseen[] =>
  actions.some((pattern) => mayBeGrantedByResources(pattern, facts))
    ? ['principals', 'resourcePolicies']
    : ['principals']

/**
 * Whether a resource's own policy may grant an action: of which services there are none the list below says, and for the others
 * whether they have an action that sets one.
 */
function mayBeGrantedByResources(pattern: string, facts: ActionFacts): boolean {
  const [service = ''] = pattern.toLowerCase().split(':')
  if (/[*?]/.test(service)) return true
  if (WITHOUT_RESOURCE_POLICIES.has(service)) return false
  if (SET_BY_OTHERS.has(service) || !facts.hasService(service)) return true
  return facts.actionsOf(service).some((action) => /polic|permission/i.test(action))
}

/**
 * Policies that their actions name are of another kind (identities, scaling, stacks, endpoints). Trust policies of roles are no such
 * thing: whoever knows a role knows its.
 * @see IAM User Guide, "AWS services that work with IAM": resource-based policies
 */
const WITHOUT_RESOURCE_POLICIES: ReadonlySet<string> = new Set([
  'iam',
  'sts',
  'ec2',
  'autoscaling',
  'application-autoscaling',
  'cloudformation',
  'elasticloadbalancing',
  'rds',
])

/** Their policies are set by actions of other services, or by actions that don't say so. */
const SET_BY_OTHERS: ReadonlySet<string> = new Set([
  'es',
  'opensearch',
  'execute-api',
  'cloudsearch',
  's3-object-lambda',
  's3express',
])

/** Whether one state lacks what the other one has; then what changed can't be told. */
function incomparable(before: Estate, after: Estate): readonly Unseen[] {
  const lacks = (estate: Estate, what: Unseen) => estate.unseen?.has(what) === true
  const hasPolicies = ({ resources }: Estate) => resources.size > 0
  const isOneSided =
    lacks(before, 'resourcePolicies') !== lacks(after, 'resourcePolicies') &&
    (lacks(before, 'resourcePolicies') ? hasPolicies(after) : hasPolicies(before))
  return [
    ...(lacks(before, 'principals') || lacks(after, 'principals') ? (['principals'] as const) : []),
    ...(isOneSided ? (['resourcePolicies'] as const) : []),
    ...(lacks(before, 'changes') || lacks(after, 'changes') ? (['changes'] as const) : []),
  ]
}

/** Of both sides of one plan only what the plan does, and nobody has looked at, can be missing. */
const changesOf = ({ unseen }: Estate): readonly Unseen[] =>
  unseen?.has('changes') === true ? ['changes'] : []

/** A difference of an account, where one of its states may lack what it takes. */
export function differenceBySeen(
  diff: AccessDiff,
  before: Estate,
  after: Estate,
  account: string,
): AccessDiff {
  const isSameBeyond = before.sameBeyond !== undefined && before.sameBeyond === after.sameBeyond
  const missing = isSameBeyond ? changesOf(after) : incomparable(before, after)
  if (missing.length === 0) return diff
  const of = everybodyOf([account])
  return {
    ...diff,
    verdict: 'unknown',
    unknown: [
      ...diff.unknown,
      ...missing.flatMap((each) => [unknownOf(each, of, 'gained'), unknownOf(each, of, 'lost')]),
    ],
  }
}

/** What somebody can come to, where not everybody is known. */
export function reportBySeen(
  report: EscalationReport,
  { unseen }: Estate,
  accounts: readonly string[],
): EscalationReport {
  const missing = (['principals', 'changes'] as const).filter((each) => unseen?.has(each) === true)
  if (missing.length === 0) return report
  return {
    ...report,
    holds: report.holds === false ? false : 'unknown',
    unknown: [...report.unknown, ...missing.map((each) => unknownOf(each, everybodyOf(accounts), 'gained'))],
  }
}

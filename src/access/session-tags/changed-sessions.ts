import { Refusal } from '../../evaluator/estate/refusal.ts'
import { UnevaluablePolicyError } from '../../evaluator/unevaluable.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { EstateView } from '../estate-view.ts'
import { AssumeCandidates } from '../principals/assume-candidates.ts'
import { MovedEntities } from '../principals/moved-entities.ts'
import { contentOf } from '../principals/policy-content.ts'
import type { Reasoner } from '../reasoner.ts'
import { letsTagsIn } from './lets-tags-in.ts'
import type { SessionTagTable } from './session-tag-table.ts'
import { tagKeysInLayers, tagKeysOfPolicy } from './tag-keys.ts'

interface ComparedSessions {
  readonly before: EstateView
  readonly after: EstateView
  readonly reasoner: Reasoner
  readonly table: SessionTagTable
}

/**
 * Roles that hold the same in both states, and whose sessions can't carry the same tags: by their trust policies, or by
 * who may assume them.
 * @param changed ARNs of users and roles that don't hold the same
 */
export function changedSessions(compared: ComparedSessions, changed: ReadonlySet<string>): readonly string[] {
  const { before, after, reasoner } = compared
  const sameOrganization = before.estate.organization === after.estate.organization
  const isAnyChanged =
    !sameOrganization || [...after.accounts].some(([id, state]) => before.accounts.get(id) !== state)
  if (!isAnyChanged) return []
  const left = new Map(
    [...after.accounts.values()].flatMap(({ entities: { role: roles } }) =>
      [...roles.values()].flatMap(({ arn }) => {
        const policies = [trustIn(before, arn), trustIn(after, arn)]
        const [old, now] = policies
        const isOpen =
          old !== undefined && now !== undefined && policies.some((policy) => isTagged(policy, reasoner))
        return isOpen && !changed.has(arn) ? [[arn, { old, now }] as const] : []
      }),
    ),
  )
  if (left.size === 0) return []
  const isAsked = [before, after].some(asksForTags)
  const found: string[] = []
  for (let isMore = true; isMore; ) {
    isMore = false
    const all = new Set([...changed, ...found])
    const moved = new MovedEntities(before, after)
    const candidates = new AssumeCandidates([before, after], all, reasoner.actions, moved)
    for (const [arn, { old, now }] of left) {
      const isSame =
        sameOrganization &&
        contentOf(old) === contentOf(now) &&
        candidates.of([old, now], arn.split(':')[4] ?? '', 'changed').length === 0
      if (isSame || !differs(arn, compared)) continue
      left.delete(arn)
      found.push(arn)
      isMore = true
    }
  }
  return isAsked ? found : found.filter((arn) => [before, after].some((view) => asksForItsTags(arn, view)))
}

/** What can't be known is found when it is asked about. */
function knownOr<T>(unknown: T, ask: () => T): T {
  try {
    return ask()
  } catch (error) {
    if (error instanceof Refusal || error instanceof UnevaluablePolicyError) return unknown
    throw error
  }
}

const trustIn = (view: EstateView, arn: string): ParsedPolicy | undefined =>
  knownOr(undefined, () => view.trustOf(arn)?.policy)

const differs = (arn: string, { before, after, table }: ComparedSessions): boolean =>
  knownOr(true, () => table.of(arn, before)?.id() !== table.of(arn, after)?.id())

const isTagged = (policy: ParsedPolicy | undefined, { actions }: Reasoner): boolean =>
  policy !== undefined && letsTagsIn(policy, actions)

/** Whether a policy that speaks of others asks for tags of whoever asks. */
function asksForTags(view: EstateView): boolean {
  const ofResources = [...view.estate.resources.values()].map((facts) =>
    knownOr(undefined, () => view.policyOf(facts)?.policy),
  )
  const ofRoles = [...view.accounts.values()].flatMap(({ entities: { role: roles } }) =>
    [...roles.values()].map(({ arn }) => trustIn(view, arn)),
  )
  return [...ofResources, ...ofRoles].some(
    (policy) => policy !== undefined && tagKeysOfPolicy(policy).size > 0,
  )
}

function asksForItsTags(arn: string, view: EstateView): boolean {
  const known = view.principalOf(arn)
  return known !== null && 'layers' in known && tagKeysInLayers(known.layers).size > 0
}

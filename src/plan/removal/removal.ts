import { listDetail } from '../../kinds/attributes/details.ts'
import type { Detail } from '../../model/detail.ts'
import type { IdentityState } from '../../model/index.ts'
import { type EntityKind, jsonOf, type StateOf } from '../../model/index.ts'
import type { EffectiveCall } from '../../model/step.ts'
import { effectOf } from '../grants/effects.ts'
import { removalOrder, type StepPlace, stepsByRank } from '../grants/grant-order.ts'
import { rankOf } from '../kind-order.ts'
import type { Planning } from '../planning.ts'
import { rolesLeftTo } from '../principals/trusting-roles.ts'
import { deleteEntity, deleteInline, detach, isMember, leave } from '../steps/effective-calls.ts'
import { type StepDraft, token } from '../steps/step-drafts.ts'

/**
 * The steps that take everything from a principal and delete it.
 * Its boundary stays to the last: it goes with the entity.
 * @see IAM API Reference, DeleteUser, DeleteGroup, DeleteRole: what must be detached and deleted first
 */
export function removalSteps(planning: Planning, change: string, entity: IdentityState): void {
  const { kind, name, arn } = entity
  const { effects, changing, observed } = planning
  const bare = token.bare(arn)
  const boundary = 'permissionsBoundary' in entity ? entity.permissionsBoundary : null
  const place = removalOrder(arn, boundary !== null && changing.policy(boundary))
  const of = planning.kinds[kind]
  const draft = (
    call: EffectiveCall,
    { rank, requires, provides }: StepPlace,
    ...released: readonly string[]
  ): StepDraft => ({ change, ...call, rank, requires, provides: [bare, ...provides, ...released] })
  const detachments = [...entity.managedPolicies]
    .sort()
    .map((policy) =>
      draft(
        detach(planning, entity, policy),
        place(effects.ofPolicy(policy), changing.policy(policy)),
        token.unused(policy),
      ),
    )
  const inline = sortedEntries(entity.inlinePolicies).map(([policy, document]) =>
    draft(deleteInline(planning, entity, policy), place(effectOf([jsonOf(document)]), false)),
  )
  const memberships = membershipsOf(planning, entity).map(({ group, call }) =>
    draft(
      call,
      place(effects.ofGroup(group), changing.groupGains(group)),
      token.unused(observed.entities.group.get(group)?.arn ?? group),
    ),
  )
  planning.steps.push(...stepsByRank([...detachments, ...inline, ...memberships]))
  planning.steps.push({
    change,
    ...deleteEntity(planning, entity),
    rank: rankOf(planning.kinds, kind).delete,
    requires: [bare, token.unused(arn)],
    provides: [
      token.gone(kind, name),
      token.room(of.facts.section, ''),
      ...(boundary === null ? [] : [token.unused(boundary)]),
    ],
  })
}

function membershipsOf(
  planning: Planning,
  entity: IdentityState,
): readonly { readonly group: string; readonly call: EffectiveCall }[] {
  const { kind, name } = entity
  if (!isMember(planning, kind) || !('groups' in entity)) return []
  return [...entity.groups].sort().map((group) => ({ group, call: leave(planning, { kind, name }, group) }))
}

/** What goes with an entity that is deleted, for its reviewer. */
export function removalDetails<K extends EntityKind>(
  planning: Planning,
  kind: K,
  entity: StateOf<K>,
): readonly Detail[] {
  const { account } = planning.observed
  return [
    ...planning.kinds[kind].attributes.flatMap((attribute) => attribute.removal(entity, account)),
    ...trustedByDetail(planning, entity.arn),
  ]
}

/**
 * Which roles of other accounts trust somebody who goes: their trust policies will name nobody. Of a provider, which roles of
 * this account still do, as AWS lets them.
 */
const trustedByDetail = (planning: Planning, arn: string): readonly Detail[] =>
  listDetail('trustedBy', [], [...rolesLeftTo(planning, arn), ...planning.others.trusting(arn)])

const sortedEntries = <T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1))

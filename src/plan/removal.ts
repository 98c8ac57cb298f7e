import { listDetail, valueDetail } from '../kinds/attributes/details.ts'
import type { Detail } from '../model/detail.ts'
import { type EntityKind, jsonOf, type StateOf } from '../model/index.ts'
import type { StepCall } from '../model/step.ts'
import { effectOf } from './effects.ts'
import type { PrincipalState } from './grant-change.ts'
import { inOrder, type Place, removalOrder } from './grant-order.ts'
import type { Planning } from './planning.ts'
import { type StepDraft, token } from './step-drafts.ts'

/**
 * The steps that take everything from a principal and delete it.
 * Its boundary stays to the last: it goes with the entity.
 * @see IAM API Reference, DeleteUser, DeleteGroup, DeleteRole: what must be detached and deleted first
 */
export function removalSteps(planning: Planning, change: string, entity: PrincipalState): void {
  const { kind, name, arn } = entity
  const { effects, changing, observed } = planning
  const bare = token.bare(arn)
  const boundary = 'permissionsBoundary' in entity ? entity.permissionsBoundary : null
  const place = removalOrder(arn, boundary !== null && changing.policy(boundary))
  const of = planning.kinds[kind]
  const { grants: calls } = of
  const draft = (
    call: StepCall,
    { rank, requires, provides }: Place,
    ...released: readonly string[]
  ): StepDraft => ({ change, ...call, rank, requires, provides: [bare, ...provides, ...released] })
  const detachments = [...entity.managedPolicies]
    .sort()
    .map((policy) =>
      draft(
        calls.detach(name, policy),
        place(effects.ofPolicy(policy), changing.policy(policy)),
        token.unused(policy),
      ),
    )
  const inline = sortedEntries(entity.inlinePolicies).map(([policy, document]) =>
    draft(calls.deleteInline(name, policy), place(effectOf([jsonOf(document)]), false)),
  )
  const memberships = membershipsOf(planning, entity).map(({ group, call }) =>
    draft(
      call,
      place(effects.ofGroup(group), changing.groupGains(group)),
      token.unused(observed.entities.group.get(group)?.arn ?? group),
    ),
  )
  planning.steps.push(...inOrder([...detachments, ...inline, ...memberships]))
  planning.steps.push({
    change,
    ...of.delete(entity),
    rank: of.rank.delete,
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
  entity: PrincipalState,
): readonly { readonly group: string; readonly call: StepCall }[] {
  const calls = planning.kinds[entity.kind].memberships
  if (calls === null || !('groups' in entity)) return []
  return [...entity.groups].sort().map((group) => ({ group, call: calls.leave(entity.name, group) }))
}

/** What goes with an entity that is deleted, for its reviewer. */
export function removalDetails<K extends EntityKind>(
  planning: Planning,
  kind: K,
  entity: StateOf<K>,
): readonly Detail[] {
  const { account } = planning.observed
  return [
    ...valueDetail('path', entity.path === '/' ? null : entity.path, null),
    ...planning.kinds[kind].attributes.flatMap((attribute) => attribute.removal(entity, account)),
    ...trustedByDetail(planning, entity.arn),
  ]
}

/** Which roles of other accounts trust somebody who goes: their trust policies will name nobody. */
export const trustedByDetail = ({ others }: Planning, arn: string): readonly Detail[] =>
  listDetail('trustedBy', [], others.trusting(arn))

const sortedEntries = <T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1))

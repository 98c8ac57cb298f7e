import type { GroupState, UserState } from '../../model/index.ts'
import { step } from '../../model/step.ts'
import { removalOrder } from '../../plan/grants/grant-order.ts'
import { grantsOfHolder } from '../../plan/grants/grants.ts'
import { fateOf, type PlanKind, type Planning } from '../../plan/planning.ts'
import { movablePlanner, NOTHING_BESIDES } from '../../plan/principals/movable-planner.ts'
import { attached, inlined } from '../../plan/quotas/quota-use.ts'
import { leave } from '../../plan/steps/effective-calls.ts'
import { token } from '../../plan/steps/step-drafts.ts'
import { UNCHANGED } from '../attributes/attribute.ts'
import { listDetail } from '../attributes/details.ts'
import { GROUP } from './kind.ts'
import { GROUP_MANIFEST } from './manifest.ts'

export const group: PlanKind<'group'> = {
  facts: GROUP,
  attributes: GROUP_MANIFEST.attributes,
  namedBy: 'name',
  delete: ({ name: GroupName }) => step('DeleteGroup', { GroupName }),
  grants: {
    attach: (GroupName, PolicyArn) => step('AttachGroupPolicy', { GroupName, PolicyArn }),
    detach: (GroupName, PolicyArn) => step('DetachGroupPolicy', { GroupName, PolicyArn }),
    putInline: (GroupName, PolicyName, PolicyDocument) =>
      step('PutGroupPolicy', { GroupName, PolicyName, PolicyDocument }),
    deleteInline: (GroupName, PolicyName) => step('DeleteGroupPolicy', { GroupName, PolicyName }),
    managedPolicies: 'managedPoliciesPerGroup',
    inlinePolicySize: 'inlinePolicySizePerGroup',
  },
  boundary: null,
  memberships: null,
  tags: null,
  quotas: [attached('managedPoliciesPerGroup'), inlined('inlinePolicySizePerGroup')],
  isMadeAnew: null,
  planner: (planning) =>
    movablePlanner(planning, {
      create: ({ name, path, arn }) => ({
        ...step('CreateGroup', { Path: path, GroupName: name }),
        effects: [
          {
            type: 'created',
            kind: 'group',
            state: { kind: 'group', name, path, arn, managedPolicies: [], inlinePolicies: new Map() },
          },
        ],
      }),
      move: ({ name, path, arn }) => ({
        ...step('UpdateGroup', { GroupName: name, NewPath: path }),
        effects: [{ type: 'set', kind: 'group', name, values: { path, arn } }],
      }),
      besides: (observed, { members }) => {
        if (observed === null || members === undefined) return NOTHING_BESIDES
        const others = undeclaredMembers(planning, observed)
        const names = others.map(({ name }) => name)
        return {
          change: { ...UNCHANGED, details: () => listDetail('members', [], names) },
          calls: others.map((user) => putOut(planning, user, observed)),
          isOpen: true,
        }
      },
      leaving: (observed) => {
        const names = membersToRemove(planning, observed).map(({ name }) => name)
        return {
          details: listDetail('members', [], names),
          calls: names.map((name) => leave(planning, { kind: 'user', name }, observed.name)),
        }
      },
    }),
}

/** Members whom nobody declares, but for those that are deleted themselves. */
const undeclaredMembers = (planning: Planning, { name }: GroupState): readonly UserState[] =>
  planning.holders
    .membersOf(name)
    .filter((user) => grantsOfHolder(planning, user) === null && fateOf(planning, user) === 'keep')

/** What the group gets in this plan isn't for who leaves it. */
function putOut(planning: Planning, user: UserState, group: GroupState) {
  const { effects, changing } = planning
  const place = removalOrder(user.arn, false)(effects.ofGroup(group.name), changing.groupGains(group.name))
  return {
    ...leave(planning, { kind: 'user', name: user.name }, group.name),
    ...place,
    provides: [...place.provides, token.unused(group.arn)],
  }
}

/** Members but for those that are deleted themselves, or whose own change takes them out. */
const membersToRemove = (planning: Planning, { name }: GroupState): readonly UserState[] =>
  planning.holders
    .membersOf(name)
    .filter(
      (user) =>
        fateOf(planning, user) === 'keep' && !grantsOfHolder(planning, user)?.groups.removed.includes(name),
    )

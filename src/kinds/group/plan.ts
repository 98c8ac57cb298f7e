import type { GroupState, UserState } from '../../model/index.ts'
import { step } from '../../model/step.ts'
import { grantsOfHolder } from '../../plan/grants/grants.ts'
import { fateOf, type PlanKind, type Planning } from '../../plan/planning.ts'
import { movablePlanner } from '../../plan/principals/movable-planner.ts'
import { leave } from '../../plan/steps/effective-calls.ts'
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
      leaving: (observed) => {
        const names = membersToRemove(planning, observed).map(({ name }) => name)
        return {
          details: listDetail('members', [], names),
          calls: names.map((name) => leave(planning, { kind: 'user', name }, observed.name)),
        }
      },
    }),
}

/** Members but for those that are deleted themselves, or whose own change takes them out. */
const membersToRemove = (planning: Planning, { name }: GroupState): readonly UserState[] =>
  planning.holders
    .membersOf(name)
    .filter(
      (user) =>
        fateOf(planning, user) === 'keep' && !grantsOfHolder(planning, user)?.groups.removed.includes(name),
    )

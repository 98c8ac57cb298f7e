import { newPathDetail, valueDetail } from '../../../src/kinds/attributes/details.ts'
import type { Detail } from '../../../src/model/detail.ts'
import { type Account, entityArn } from '../../../src/model/index.ts'
import type { StepCall } from '../../../src/model/step.ts'
import type { StepEffect } from '../../../src/model/step-effect.ts'
import type { Tagged } from '../../../src/plan/effective-calls.ts'
import { type Named, tagList } from '../../../src/plan/kind-calls.ts'
import type { EntityPlanner, PlanKinds, Planning } from '../../../src/plan/planning.ts'
import { RANK, token } from '../../../src/plan/step-drafts.ts'
import { pushTagSteps } from '../../../src/plan/tag-steps.ts'
import { TOY_ATTRIBUTES } from './attributes.ts'
import type { ToyWrites } from './iam.ts'
import { type DesiredToy, TOY, type ToyState } from './kind.ts'

/** The steps of `src` are typed by the operations of its own kinds; who carries out these knows one more. */
const toyStep = <O extends keyof ToyWrites>(operation: O, input: ToyWrites[O]['input']): StepCall =>
  ({ operation, input }) as unknown as StepCall

/** Effects are typed by the states of the kinds of `src` as well. */
const toyEffects = (...effects: readonly Readonly<Record<string, unknown>>[]): readonly StepEffect[] =>
  effects.map((effect) => ({ kind: 'toy', ...effect }) as unknown as StepEffect)

const tagCalls = {
  tag: ({ name }: Named, Tags: { Key: string; Value: string }[]) =>
    toyStep('TagInstanceProfile', { InstanceProfileName: name, Tags }),
  untag: ({ name }: Named, TagKeys: string[]) =>
    toyStep('UntagInstanceProfile', { InstanceProfileName: name, TagKeys }),
}

export const toy = {
  facts: TOY,
  attributes: Object.values(TOY_ATTRIBUTES),
  rank: { create: RANK.createRole + 1, delete: RANK.deleteRole - 1 },
  namedBy: 'name',
  delete: ({ name }: Named) => toyStep('DeleteInstanceProfile', { InstanceProfileName: name }),
  grants: null,
  boundary: null,
  memberships: null,
  tags: tagCalls,
  isMadeAnew: (observed: ToyState, desired: DesiredToy) => observed.path !== desired.path,
  planner: (planning: Planning): EntityPlanner<ToyState, DesiredToy> => ({
    create: (desired) => {
      note(planning, 'create', desired, [
        ...newPathDetail(desired.path),
        ...detailsOf(planning, null, desired),
      ])
      pushCreate(planning, desired, [])
    },
    update: (observed, desired) => {
      const details = detailsOf(planning, observed, desired)
      if (details.length === 0) return
      note(planning, 'update', desired, details)
      const { roles, tags } = changesOf(planning, observed, desired)
      for (const role of roles.removed) pushRole(planning, desired, role, 'Remove')
      for (const role of roles.added) pushRole(planning, desired, role, 'Add')
      const { before, after } = tags
      const { name, arn } = desired
      pushTagSteps(planning, {
        key: keyOf(desired),
        // Of kinds that have tags, it is one.
        entity: { kind: 'toy' as Tagged, name, arn },
        before,
        after,
      })
    },
    replace: (observed, desired) => {
      note(planning, 'replace', desired, [
        ...valueDetail('path', observed.path, desired.path),
        ...detailsOf(planning, null, desired),
      ])
      pushDelete(planning, observed, keyOf(desired))
      pushCreate(planning, desired, [token.gone('toy', desired.name)])
    },
    delete: (observed) => {
      const { account } = planning.observed
      const details = toy.attributes.flatMap((attribute) => attribute.removal(observed, account))
      note(planning, 'delete', observed, details)
      pushDelete(planning, observed, keyOf(observed))
    },
  }),
}

const keyOf = ({ arn }: Named): string => `${arn} toy`

export const toyArn = (account: Account, path: string, name: string): string =>
  entityArn(account, 'role', path, name).replace(':role/', `:${TOY.arnType}/`)

function note(
  planning: Planning,
  action: Planning['changes'][number]['action'],
  toy: ToyState | DesiredToy,
  details: readonly Detail[],
): void {
  const { name, arn } = toy
  const span = 'span' in toy ? toy.span : null
  // The kinds of changes are those of `src`.
  const kind = 'toy' as keyof PlanKinds
  planning.changes.push({ key: keyOf(toy), action, kind, name, arn, span, details })
}

function changesOf(planning: Planning, observed: ToyState | null, desired: DesiredToy) {
  const before = planning.declaredBefore[`toy/${desired.name}`] ?? {}
  const { account } = planning.observed
  return {
    roles: TOY_ATTRIBUTES.roles.compare(observed, desired, before.roles, account),
    tags: TOY_ATTRIBUTES.tags.compare(observed, desired, before.tags, account),
  }
}

const detailsOf = (planning: Planning, observed: ToyState | null, desired: DesiredToy): readonly Detail[] => {
  const { roles, tags } = changesOf(planning, observed, desired)
  return [...roles.details(), ...tags.details()]
}

function pushCreate(planning: Planning, desired: DesiredToy, requires: readonly string[]): void {
  const { name, path, arn, tags = new Map() } = desired
  planning.steps.push({
    change: keyOf(desired),
    ...toyStep('CreateInstanceProfile', { InstanceProfileName: name, Path: path, Tags: tagList(tags) }),
    effects: toyEffects({
      type: 'created',
      state: { kind: 'toy', name, path, arn, roles: [], tags },
    }),
    rank: toy.rank.create,
    requires,
    provides: [token.exists(arn)],
  })
  for (const role of desired.roles ?? []) pushRole(planning, desired, role, 'Add')
}

function pushRole(planning: Planning, { name, arn }: DesiredToy, role: string, way: 'Add' | 'Remove'): void {
  const input = { InstanceProfileName: name, RoleName: role }
  const room = token.room('toy', arn)
  const declared = planning.desired.entities.role.get(role)
  planning.steps.push({
    change: keyOf({ name, arn }),
    ...(way === 'Add'
      ? toyStep('AddRoleToInstanceProfile', input)
      : toyStep('RemoveRoleFromInstanceProfile', input)),
    effects: toyEffects({
      type: way === 'Add' ? 'added' : 'removed',
      name,
      attribute: 'roles',
      member: role,
    }),
    rank: way === 'Add' ? RANK.add : RANK.remove,
    requires:
      way === 'Add' ? [token.exists(arn), room, ...(declared ? [token.exists(declared.arn)] : [])] : [],
    provides: way === 'Add' ? [] : [room],
  })
}

function pushDelete(planning: Planning, { name, arn, roles }: ToyState, change: string): void {
  for (const role of roles)
    planning.steps.push({
      change,
      ...toyStep('RemoveRoleFromInstanceProfile', { InstanceProfileName: name, RoleName: role }),
      effects: toyEffects({ type: 'removed', name, attribute: 'roles', member: role }),
      rank: RANK.remove,
      provides: [token.bare(arn)],
    })
  planning.steps.push({
    change,
    ...toy.delete({ name, arn }),
    effects: toyEffects({ type: 'deleted', name }),
    rank: toy.rank.delete,
    requires: [token.bare(arn)],
    provides: [token.gone('toy', name)],
  })
}

import type { Detail } from '../../../src/model/detail.ts'
import type { EntityKind } from '../../../src/model/index.ts'
import type { StepCall } from '../../../src/model/step.ts'
import type { StepEffect } from '../../../src/model/step-effect.ts'
import { pushTagSteps } from '../../../src/plan/grants/tag-steps.ts'
import { rankOf } from '../../../src/plan/kind-order.ts'
import {
  type ChangeDraft,
  createChange,
  deleteChange,
  type EntityPlan,
  type Planning,
} from '../../../src/plan/planning.ts'
import { creationRequires } from '../../../src/plan/principals/movable-planner.ts'
import type { TaggedKind } from '../../../src/plan/steps/effective-calls.ts'
import { type CallSubject, tagsAsList } from '../../../src/plan/steps/kind-calls.ts'
import { RANK, token } from '../../../src/plan/steps/step-drafts.ts'
import { TOY_ATTRIBUTES } from './attributes.ts'
import type { ToyWrites } from './iam.ts'
import { type DesiredToy, TOY, type ToyState } from './kind.ts'

/** The steps of `src` are typed by the operations of its own kinds; who carries out these knows one more. */
const toyStep = <O extends keyof ToyWrites>(operation: O, input: ToyWrites[O]['input']): StepCall =>
  ({ operation, input }) as unknown as StepCall

/** Effects are typed by the states of the kinds of `src` as well. */
const toyEffects = (...effects: readonly Readonly<Record<string, unknown>>[]): readonly StepEffect[] =>
  effects.map((effect) => ({ kind: 'toy', ...effect }) as unknown as StepEffect)

// The kinds that ranks are asked for are those of `src`.
const KIND = 'toy' as EntityKind

const tagCalls = {
  tag: ({ name }: CallSubject, Tags: { Key: string; Value: string }[]) =>
    toyStep('TagInstanceProfile', { InstanceProfileName: name, Tags }),
  untag: ({ name }: CallSubject, TagKeys: string[]) =>
    toyStep('UntagInstanceProfile', { InstanceProfileName: name, TagKeys }),
}

export const toy: EntityPlan<ToyState, DesiredToy> = {
  facts: TOY,
  attributes: Object.values(TOY_ATTRIBUTES),
  namedBy: 'name',
  delete: ({ name }) => toyStep('DeleteInstanceProfile', { InstanceProfileName: name }),
  grants: null,
  boundary: null,
  memberships: null,
  tags: tagCalls,
  isMadeAnew: (observed, desired) => observed.path !== desired.path,
  planner: (planning, kind) => ({
    create: (desired) => {
      const change = createChange('create', { ...desired, kind }, detailsOf(planning, null, desired))
      planning.changes.push(change)
      pushCreate(planning, desired, change.key, creationRequires(planning, kind, null))
    },
    update: (observed, desired) => {
      const details = detailsOf(planning, observed, desired)
      if (details.length === 0) return
      const { key } = noteChange(planning, createChange('update', { ...desired, kind }, details))
      const { roles, tags } = changesOf(planning, observed, desired)
      for (const role of roles.removed) pushRole(planning, desired, key, role, 'Remove')
      for (const role of roles.added) pushRole(planning, desired, key, role, 'Add')
      const { before, after } = tags
      // Of kinds that have tags, it is one.
      const entity = { kind: 'toy' as TaggedKind, name: desired.name, arn: desired.arn }
      pushTagSteps(planning, { key, entity, before, after })
    },
    replace: (observed, desired) => {
      const details = detailsOf(planning, observed, desired)
      const { key } = noteChange(planning, createChange('replace', { ...desired, kind }, details))
      pushDelete(planning, observed, key)
      pushCreate(planning, desired, key, [token.gone(TOY.label, desired.name)])
    },
    delete: (observed) => {
      const { account } = planning.observed
      const details = Object.values(TOY_ATTRIBUTES).flatMap((each) => each.removal(observed, account))
      const { key } = noteChange(planning, deleteChange({ ...observed, kind }, details))
      pushDelete(planning, observed, key)
    },
  }),
}

function noteChange(planning: Planning, change: ChangeDraft): ChangeDraft {
  planning.changes.push(change)
  return change
}

function changesOf(planning: Planning, observed: ToyState | null, desired: DesiredToy) {
  const before = planning.declaredBefore[`toy/${desired.name}`] ?? {}
  const { account } = planning.observed
  return {
    path: TOY_ATTRIBUTES.path.compare(observed, desired, before.path, account),
    roles: TOY_ATTRIBUTES.roles.compare(observed, desired, before.roles, account),
    tags: TOY_ATTRIBUTES.tags.compare(observed, desired, before.tags, account),
  }
}

const detailsOf = (planning: Planning, observed: ToyState | null, desired: DesiredToy): readonly Detail[] =>
  Object.values(changesOf(planning, observed, desired)).flatMap(({ details }) => details())

function pushCreate(
  planning: Planning,
  desired: DesiredToy,
  change: string,
  requires: readonly string[],
): void {
  const { name, path, arn, tags = new Map() } = desired
  planning.steps.push({
    change,
    ...toyStep('CreateInstanceProfile', { InstanceProfileName: name, Path: path, Tags: tagsAsList(tags) }),
    effects: toyEffects({ type: 'created', state: { kind: 'toy', name, path, arn, roles: [], tags } }),
    rank: rankOf(planning.kinds, KIND).create,
    requires,
    provides: [token.exists(arn)],
  })
  for (const role of desired.roles ?? []) pushRole(planning, desired, change, role, 'Add')
}

function pushRole(
  planning: Planning,
  { name, arn }: DesiredToy,
  change: string,
  role: string,
  way: 'Add' | 'Remove',
): void {
  const input = { InstanceProfileName: name, RoleName: role }
  const room = token.room(TOY.section, arn)
  const declared = planning.desired.entities.role.get(role)
  planning.steps.push({
    change,
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
    ...toyStep('DeleteInstanceProfile', { InstanceProfileName: name }),
    effects: toyEffects({ type: 'deleted', name }),
    rank: rankOf(planning.kinds, KIND).delete,
    requires: [token.bare(arn)],
    provides: [token.gone(TOY.label, name), token.room(TOY.section, '')],
  })
}

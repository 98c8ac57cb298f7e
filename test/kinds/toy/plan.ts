import type { Detail } from '../../../src/model/detail.ts'
import { type EffectiveCall, stepsOf } from '../../../src/model/step.ts'
import type { EffectOn } from '../../../src/model/step-effect.ts'
import { creationRequires } from '../../../src/plan/creation.ts'
import { tagSteps } from '../../../src/plan/grants/tag-steps.ts'
import { rankOf } from '../../../src/plan/kind-order.ts'
import {
  type ChangeDraft,
  createChange,
  deleteChange,
  type EntityPlan,
  type Planning,
} from '../../../src/plan/planning.ts'
import { tagged } from '../../../src/plan/quotas/quota-use.ts'
import { type CallSubject, tagsAsList } from '../../../src/plan/steps/kind-calls.ts'
import { RANK, token } from '../../../src/plan/steps/step-drafts.ts'
import { TOY_ATTRIBUTES } from './attributes.ts'
import type { ToyWrites } from './iam.ts'
import { type DesiredToy, TOY, type ToyState } from './kind.ts'

const step = stepsOf<ToyWrites>()
type ToyEffect = EffectOn<'toy', ToyState>
type ToyPlanning = Planning<EffectiveCall | EffectiveCall<ToyWrites, ToyEffect>>

const tagCalls = {
  tag: ({ name }: CallSubject, Tags: { Key: string; Value: string }[]) =>
    step('TagToy', { ToyName: name, Tags }),
  untag: ({ name }: CallSubject, TagKeys: string[]) => step('UntagToy', { ToyName: name, TagKeys }),
}

const tagging = ({ name, arn }: DesiredToy) => ({
  tag: (tags: ReadonlyMap<string, string>): EffectiveCall<ToyWrites, ToyEffect> => ({
    ...tagCalls.tag({ name, arn }, tagsAsList(tags)),
    effects: [{ type: 'put', kind: 'toy', name, attribute: 'tags', entries: tags }],
  }),
  untag: (keys: readonly string[]): EffectiveCall<ToyWrites, ToyEffect> => ({
    ...tagCalls.untag({ name, arn }, [...keys]),
    effects: [{ type: 'dropped', kind: 'toy', name, attribute: 'tags', keys }],
  }),
})

export const toy: EntityPlan<ToyState, DesiredToy, ToyWrites, ToyEffect> = {
  facts: TOY,
  attributes: Object.values(TOY_ATTRIBUTES),
  namedBy: 'name',
  delete: ({ name }) => step('DeleteToy', { ToyName: name }),
  grants: null,
  boundary: null,
  memberships: null,
  tags: tagCalls,
  quotas: [tagged('tagsPerRole')],
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
      planning.steps.push(...tagSteps(key, desired.arn, tags, tagging(desired)))
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

function noteChange(planning: ToyPlanning, change: ChangeDraft): ChangeDraft {
  planning.changes.push(change)
  return change
}

function changesOf(planning: ToyPlanning, observed: ToyState | null, desired: DesiredToy) {
  const before = planning.declaredBefore[`toy/${desired.name}`] ?? {}
  const { account } = planning.observed
  return {
    path: TOY_ATTRIBUTES.path.compare(observed, desired, before.path, account),
    roles: TOY_ATTRIBUTES.roles.compare(observed, desired, before.roles, account),
    tags: TOY_ATTRIBUTES.tags.compare(observed, desired, before.tags, account),
  }
}

const detailsOf = (
  planning: ToyPlanning,
  observed: ToyState | null,
  desired: DesiredToy,
): readonly Detail[] =>
  Object.values(changesOf(planning, observed, desired)).flatMap(({ details }) => details())

function pushCreate(
  planning: ToyPlanning,
  desired: DesiredToy,
  change: string,
  requires: readonly string[],
): void {
  const { name, path, arn, tags = new Map() } = desired
  planning.steps.push({
    change,
    ...step('CreateToy', { ToyName: name, Path: path, Tags: tagsAsList(tags) }),
    effects: [{ type: 'created', kind: 'toy', state: { kind: 'toy', name, path, arn, roles: [], tags } }],
    rank: rankOf(planning.kinds, 'toy').create,
    requires,
    provides: [token.exists(arn)],
  })
  for (const role of desired.roles ?? []) pushRole(planning, desired, change, role, 'Add')
}

function pushRole(
  planning: ToyPlanning,
  { name, arn }: DesiredToy,
  change: string,
  role: string,
  way: 'Add' | 'Remove',
): void {
  const input = { ToyName: name, RoleName: role }
  const room = token.room(TOY.section, arn)
  const declared = planning.desired.entities.role.get(role)
  planning.steps.push({
    change,
    ...(way === 'Add' ? step('AddRoleToToy', input) : step('RemoveRoleFromToy', input)),
    effects: [
      { type: way === 'Add' ? 'added' : 'removed', kind: 'toy', name, attribute: 'roles', member: role },
    ],
    rank: way === 'Add' ? RANK.add : RANK.remove,
    requires:
      way === 'Add' ? [token.exists(arn), room, ...(declared ? [token.exists(declared.arn)] : [])] : [],
    provides: way === 'Add' ? [] : [room],
  })
}

function pushDelete(planning: ToyPlanning, { name, arn, roles }: ToyState, change: string): void {
  for (const role of roles)
    planning.steps.push({
      change,
      ...step('RemoveRoleFromToy', { ToyName: name, RoleName: role }),
      effects: [{ type: 'removed', kind: 'toy', name, attribute: 'roles', member: role }],
      rank: RANK.remove,
      provides: [token.bare(arn)],
    })
  planning.steps.push({
    change,
    ...step('DeleteToy', { ToyName: name }),
    effects: [{ type: 'deleted', kind: 'toy', name }],
    rank: rankOf(planning.kinds, 'toy').delete,
    requires: [token.bare(arn)],
    provides: [token.gone(TOY.label, name), token.room(TOY.section, '')],
  })
}

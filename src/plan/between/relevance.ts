import {
  type AccountState,
  type GroupState,
  isUnknown,
  jsonOf,
  type RoleState,
  type StateDocument,
  type UserState,
} from '../../model/index.ts'
import type { Effects } from '../effects.ts'
import type { StepDraft } from '../step-drafts.ts'
import { documentArn, type Holding, holderOf, type View } from './view.ts'

/** Steps by number of their draft. */
export interface Relevance {
  /** Of each user and role whose requests two or more steps decide in a way that depends on their order, these steps. */
  readonly stepsOf: ReadonlyMap<string, readonly number[]>
  /** Whose requests a step decides, of these. */
  readonly concernedBy: ReadonlyMap<number, readonly string[]>
  /** The account before the first step, as far as it decides their requests. */
  readonly start: View
}

interface Given {
  readonly observed: AccountState
  readonly effects: Effects
}

type Steps = readonly StepDraft[]

/**
 * Finds whose requests could be decided otherwise in between than before and after. Who only gains and loses what
 * allows and doesn't change itself can't be among them, in whatever order: such steps are plain.
 */
export function relevanceOf(drafts: Steps, { observed, effects }: Given): Relevance {
  const steps = new StepIndex(drafts, observed)
  const stepsOf = new Map<string, readonly number[]>()
  const concernedBy = new Map<number, string[]>()
  for (const key of candidates(steps, observed)) {
    const [kind = '', name = ''] = key.split(/\/(.*)/)
    const entity = kind === 'user' ? observed.entities.user.get(name) : observed.entities.role.get(name)
    // Nobody has credentials of a user that is made by these steps; a role is assumed as soon as it is there.
    if (kind === 'user' && entity === undefined) continue
    const own = steps.of(key)
    const numbers = new Set(own)
    const groups = [...new Set([...groupsOf(entity), ...steps.groupsJoined(key)])]
    for (const group of groups) for (const number of steps.of(`group/${group}`)) numbers.add(number)
    const holders = [
      [key, entity] as const,
      ...groups.map((group) => [`group/${group}`, observed.entities.group.get(group)] as const),
    ]
    for (const [holder, state] of holders)
      for (const arn of steps.policiesEver(holder, state))
        for (const number of steps.writing(arn)) numbers.add(number)
    if (numbers.size < 2) continue
    if ([...numbers].every((number) => isPlain(number, steps, observed, effects))) continue
    stepsOf.set(
      key,
      [...numbers].sort((a, b) => a - b),
    )
    for (const number of numbers) {
      const known = concernedBy.get(number)
      if (known === undefined) concernedBy.set(number, [key])
      else known.push(key)
    }
  }
  return { stepsOf, concernedBy, start: startOf(stepsOf.keys(), steps, observed) }
}

/** Users and roles whose own steps, groups or policies change. */
function candidates(steps: StepIndex, { entities }: AccountState): ReadonlySet<string> {
  const found = new Set(steps.principals)
  if (!steps.touchesShared) return found
  const isTouched = (key: string, state: UserState | GroupState | RoleState) =>
    steps.of(key).length > 0 || steps.policiesEver(key, state).some((arn) => steps.writing(arn).length > 0)
  const groups = new Set(
    [...entities.group.values()]
      .filter((each) => isTouched(`group/${each.name}`, each))
      .map(({ name }) => name),
  )
  for (const user of entities.user.values())
    if (user.groups.some((group) => groups.has(group)) || isTouched(`user/${user.name}`, user))
      found.add(`user/${user.name}`)
  for (const role of entities.role.values())
    if (isTouched(`role/${role.name}`, role)) found.add(`role/${role.name}`)
  return found
}

const groupsOf = (entity: UserState | RoleState | undefined): readonly string[] =>
  entity?.kind === 'user' ? entity.groups : []

const NO_STEPS: readonly number[] = []

/** Steps, looked up by what they are about. */
class StepIndex {
  readonly drafts: Steps
  readonly #byHolder = new Map<string, number[]>()
  readonly #byPolicy = new Map<string, number[]>()
  /** ARNs of policies whose document changes while somebody may hold them, or that are made anew. */
  readonly rewritten = new Set<string>()
  readonly touchesShared: boolean

  constructor(drafts: Steps, observed: AccountState) {
    this.drafts = drafts
    const existing = new Set<string>()
    for (const { arn } of observed.entities.policy.values()) existing.add(arn)
    let touchesShared = false
    for (const [number, draft] of drafts.entries()) {
      const holder = holderOf(draft)
      const arn = documentArn(draft, observed.account)
      if (holder !== null && decides(draft)) {
        add(this.#byHolder, holder, number)
        touchesShared ||= holder.startsWith('group/')
      } else if (arn !== null) {
        add(this.#byPolicy, arn, number)
        if (existing.has(arn)) {
          this.rewritten.add(arn)
          touchesShared = true
        }
      }
    }
    this.touchesShared = touchesShared
  }

  get principals(): readonly string[] {
    return [...this.#byHolder.keys()].filter((key) => !key.startsWith('group/'))
  }

  of(holder: string): readonly number[] {
    return this.#byHolder.get(holder) ?? NO_STEPS
  }

  writing(arn: string): readonly number[] {
    return this.#byPolicy.get(arn) ?? NO_STEPS
  }

  groupsJoined(key: string): readonly string[] {
    return this.of(key).flatMap((number) => {
      const draft = this.drafts[number]
      return draft?.operation === 'AddUserToGroup' ? [draft.input.GroupName ?? ''] : []
    })
  }

  /** What a holder is attached to or bounded by at any time. */
  policiesEver(key: string, state: UserState | GroupState | RoleState | undefined): readonly string[] {
    const boundary = state === undefined || state.kind === 'group' ? null : state.permissionsBoundary
    const gained = this.of(key).flatMap((number) => {
      const { input } = this.drafts[number] ?? { input: {} }
      const { PolicyArn, PermissionsBoundary } = input as { PolicyArn?: string; PermissionsBoundary?: string }
      return [PolicyArn, PermissionsBoundary].filter((arn) => arn !== undefined)
    })
    if (gained.length === 0 && boundary === null) return state?.managedPolicies ?? []
    return [...(state?.managedPolicies ?? []), ...(boundary === null ? [] : [boundary]), ...gained]
  }
}

function add<K>(index: Map<K, number[]>, key: K, number: number): void {
  const known = index.get(key)
  if (known === undefined) index.set(key, [number])
  else known.push(number)
}

const DECIDES_NOTHING = new Set<string>(['UpdateUser', 'UpdateGroup', 'UpdateRole', 'UpdateAssumeRolePolicy'])

const decides = ({ operation }: StepDraft): boolean => !DECIDES_NOTHING.has(operation)

/** Whether a step only gives or takes something that allows, and that is the same as long as anybody has it. */
function isPlain(number: number, steps: StepIndex, { entities }: AccountState, effects: Effects): boolean {
  const draft = steps.drafts[number]
  if (draft === undefined) return true
  const isSteady = (arn = '') => effects.ofPolicy(arn) === 'allows' && !steps.rewritten.has(arn)
  const inlineOf = () => {
    const [kind = '', name = ''] = (holderOf(draft) ?? '').split(/\/(.*)/)
    const { PolicyName = '' } = draft.input as { PolicyName?: string }
    const holders: ReadonlyMap<string, UserState | GroupState | RoleState> =
      kind === 'user' ? entities.user : kind === 'role' ? entities.role : entities.group
    return holders.get(name)?.inlinePolicies.get(PolicyName)
  }
  switch (draft.operation) {
    case 'CreateUser':
    case 'CreateGroup':
    case 'CreateRole':
    case 'DeleteUser':
    case 'DeleteGroup':
    case 'DeleteRole':
    // Nobody holds it then: what matters is taking and giving it.
    case 'CreatePolicy':
      return true
    case 'AttachUserPolicy':
    case 'AttachGroupPolicy':
    case 'AttachRolePolicy':
    case 'DetachUserPolicy':
    case 'DetachGroupPolicy':
    case 'DetachRolePolicy':
      return isSteady(draft.input.PolicyArn)
    case 'PutUserPolicy':
    case 'PutGroupPolicy':
    case 'PutRolePolicy':
      return inlineOf() === undefined && !/"Deny"/.test(draft.input.PolicyDocument ?? '')
    case 'DeleteUserPolicy':
    case 'DeleteGroupPolicy':
    case 'DeleteRolePolicy':
      return !mayDeny(inlineOf())
    case 'AddUserToGroup':
    case 'RemoveUserFromGroup': {
      const group = draft.input.GroupName ?? ''
      const changes = entities.group.has(group) && steps.of(`group/${group}`).length > 0
      return effects.ofGroup(group) === 'allows' && !changes
    }
    default:
      return false
  }
}

const mayDeny = (document: StateDocument | undefined): boolean =>
  document !== undefined && (isUnknown(document) || /"Deny"/.test(JSON.stringify(document.json)))

function startOf(keys: Iterable<string>, steps: StepIndex, { account, entities }: AccountState): View {
  const view: View = { account, holdings: new Map(), documents: new Map(), texts: new Map() }
  const put = (key: string, state: UserState | GroupState | RoleState | undefined) => {
    if (state !== undefined && !view.holdings.has(key)) view.holdings.set(key, holdingOf(state))
  }
  for (const key of keys) {
    const [kind = '', name = ''] = key.split(/\/(.*)/)
    const entity = kind === 'user' ? entities.user.get(name) : entities.role.get(name)
    put(key, entity)
    for (const group of [...groupsOf(entity), ...steps.groupsJoined(key)])
      put(`group/${group}`, entities.group.get(group))
  }
  if (view.holdings.size > 0 || steps.principals.length > 0)
    for (const { arn, document } of entities.policy.values()) view.documents.set(arn, jsonOf(document))
  return view
}

const holdingOf = (state: UserState | GroupState | RoleState): Holding => ({
  name: state.name,
  managed: state.managedPolicies,
  inline: new Map([...state.inlinePolicies].map(([name, document]) => [name, jsonOf(document)])),
  groups: state.kind === 'user' ? state.groups : [],
  boundary: state.kind === 'group' ? null : state.permissionsBoundary,
  tags: state.kind === 'group' ? new Map() : state.tags,
})

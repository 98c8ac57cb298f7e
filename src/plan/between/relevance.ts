import {
  type AccountState,
  type AnyEntityState,
  jsonOf,
  keysOf,
  parseEntityArn,
  tableOf,
} from '../../model/index.ts'
import { type AnyEffect, isKnownEffect } from '../../model/step-effect.ts'
import { type Effects, effectOf } from '../grants/effects.ts'
import type { Holders } from '../grants/holders.ts'
import type { PlanKinds } from '../planning.ts'
import type { AccountDraft } from '../steps/carry-out.ts'
import type { AnyDraft } from '../steps/step-drafts.ts'
import { principalIn } from './situation-reader.ts'
import { StepIndex } from './step-index.ts'

/** Steps by number of their draft. */
export interface Relevance {
  /** Of each user and role whose requests two or more steps decide in a way that depends on their order, these steps. */
  readonly stepsOf: ReadonlyMap<string, readonly number[]>
  /** Whose requests a step decides, of these. */
  readonly concernedBy: ReadonlyMap<number, readonly string[]>
  /** The account before the first step, as far as it decides their requests. */
  readonly start: AccountDraft
}

interface Given {
  readonly kinds: PlanKinds
  readonly observed: AccountState
  readonly effects: Effects
  readonly holders: Holders
}

/**
 * Finds whose requests could be decided otherwise in between than before and after. Who only gains and loses what
 * allows and doesn't change itself can't be among them, in whatever order: such steps are plain. So only those are
 * looked at whom a step that isn't plain reaches: of a plan that only makes what allows, nobody.
 */
export function relevanceOf(drafts: readonly AnyDraft[], given: Given): Relevance {
  const { observed } = given
  const steps = new StepIndex(drafts, observed, given.kinds)
  const stepsOf = new Map<string, readonly number[]>()
  const concernedBy = new Map<number, string[]>()
  for (const key of reachedBy(unplain(steps, given), steps, given)) {
    const numbers = new Set<number>()
    for (const holder of holdersBehind(key, steps, observed)) {
      for (const number of steps.of(holder)) numbers.add(number)
      for (const arn of policiesEver(holder, steps, observed))
        for (const number of steps.writing(arn)) numbers.add(number)
    }
    if (numbers.size < 2) continue
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

/** Numbers of the steps that aren't plain. */
function unplain(steps: StepIndex, given: Given): readonly number[] {
  const found: number[] = []
  for (const [number, { effects }] of steps.drafts.entries())
    if (effects.some((effect) => !isPlain(effect, steps, given))) found.push(number)
  return found
}

/** Whether it only gives or takes something that allows, and that is the same as long as anybody has it; or nobody asks. */
function isPlain(effect: AnyEffect, steps: StepIndex, { observed: { entities }, effects }: Given): boolean {
  if (steps.writtenBy(effect) !== null)
    // Nobody holds a new one: what matters is taking and giving it.
    return effect.type === 'created'
  const holder = steps.holderIn(effect)
  if (!isKnownEffect(effect) || holder === null || effect.type === 'created' || effect.type === 'deleted')
    return true
  if (!('attribute' in effect)) return false
  const [kind, name] = partsOf(holder)
  const inlineOf = (policy: string) => {
    const state = stateOf(entities, kind, name)
    return state !== undefined && 'inlinePolicies' in state ? state.inlinePolicies.get(policy) : undefined
  }
  switch (effect.attribute) {
    case 'managedPolicies':
      return effects.ofPolicy(effect.member) === 'allows' && !steps.isRewritten(effect.member)
    case 'groups': {
      const changes = entities.group.has(effect.member) && steps.of(`group/${effect.member}`).length > 0
      return effects.ofGroup(effect.member) === 'allows' && !changes
    }
    case 'inlinePolicies':
      return effect.type === 'put'
        ? [...effect.entries].every(
            ([policy, document]) =>
              inlineOf(policy) === undefined && effectOf([jsonOf(document)]) === 'allows',
          )
        : effect.keys.every((policy) => {
            const document = inlineOf(policy)
            return document === undefined || effectOf([jsonOf(document)]) === 'allows'
          })
    default:
      return false
  }
}

/** Users and roles that some steps are about, by what they have themselves or by way of groups and policies. */
function reachedBy(
  numbers: readonly number[],
  steps: StepIndex,
  { observed, holders }: Given,
): readonly string[] {
  const found = new Set<string>()
  const reach = (holder: string) => {
    const [kind, name] = partsOf(holder)
    if (kind !== 'group') {
      found.add(holder)
      return
    }
    for (const member of holders.membersOf(name)) found.add(`user/${member.name}`)
    for (const joiner of steps.joiners(name)) found.add(joiner)
  }
  for (const number of numbers)
    for (const effect of steps.drafts[number]?.effects ?? []) {
      const holder = steps.holderIn(effect)
      if (holder !== null) reach(holder)
      const arn = steps.writtenBy(effect)
      if (arn === null) continue
      for (const each of [...holders.attachedTo(arn), ...holders.boundedBy(arn)])
        reach(`${each.kind}/${each.name}`)
      for (const gainer of steps.gainers(arn)) reach(gainer)
    }
  // Nobody has credentials of a user that is made by these steps; a role is assumed as soon as it is there.
  const isAsked = (key: string) =>
    !key.startsWith('user/') || principalIn(observed.entities, key) !== undefined
  return inOrder([...found].filter(isAsked), steps)
}

/** Who has steps of their own as these come, then users, then roles, by name. */
function inOrder(keys: readonly string[], steps: StepIndex): readonly string[] {
  const rank = (key: string) => steps.of(key)[0] ?? steps.drafts.length + (key.startsWith('user/') ? 0 : 1)
  return keys
    .map((key) => ({ key, rank: rank(key) }))
    .sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1))
    .map(({ key }) => key)
}

const partsOf = (holder: string): readonly [kind: string, name: string] => {
  const slash = holder.indexOf('/')
  return [holder.slice(0, slash), holder.slice(slash + 1)]
}

const stateOf = (
  entities: AccountState['entities'],
  kind: string,
  name: string,
): AnyEntityState | undefined =>
  kind === 'group' ? entities.group.get(name) : principalIn(entities, `${kind}/${name}`)

/** Somebody, and all groups that they are in at any time. */
function holdersBehind(key: string, steps: StepIndex, { entities }: AccountState): readonly string[] {
  const principal = principalIn(entities, key)
  const before = principal !== undefined && 'groups' in principal ? principal.groups : []
  const groups = new Set([...before, ...steps.groupsJoined(key)])
  return [key, ...[...groups].map((group) => `group/${group}`)]
}

/** ARNs of what a holder is attached to or bounded by at any time. */
function policiesEver(holder: string, steps: StepIndex, { entities }: AccountState): readonly string[] {
  const state = stateOf(entities, ...partsOf(holder))
  const gained = steps.policiesGained(holder)
  if (state === undefined || !('managedPolicies' in state)) return gained
  const boundary = 'permissionsBoundary' in state ? state.permissionsBoundary : null
  if (gained.length === 0 && boundary === null) return state.managedPolicies
  return [...state.managedPolicies, ...(boundary === null ? [] : [boundary]), ...gained]
}

function startOf(keys: Iterable<string>, steps: StepIndex, observed: AccountState): AccountDraft {
  const found = tableOf(keysOf(observed.entities), () => new Map<string, AnyEntityState>())
  const { policy: policies } = observed.entities
  for (const key of keys)
    for (const holder of holdersBehind(key, steps, observed)) {
      const [kind, name] = partsOf(holder)
      const state = stateOf(observed.entities, kind, name)
      if (state !== undefined) found[state.kind].set(name, state)
      for (const arn of policiesEver(holder, steps, observed)) {
        const policy = steps.newPolicy(arn) ?? policies.get(parseEntityArn(arn)?.name ?? '')
        if (policy?.arn === arn) found.policy.set(policy.name, policy)
      }
    }
  return {
    // Each has been put to its kind.
    entities: found as AccountDraft['entities'],
    settings: { ...observed.settings },
  }
}

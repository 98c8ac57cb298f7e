// What a step says that it does is what the embedded IAM then shows, of every kind that is listed and of one that isn't.

import { describe, expect, it } from 'vitest'
import { IAM_KINDS } from '../../src/kinds/iam.ts'
import { PLAN_KINDS } from '../../src/kinds/plan.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { DesiredState, Scopes } from '../../src/manifest/desired.ts'
import {
  type AccountState,
  CHILD_KINDS,
  type DesiredInstanceProfile,
  type DesiredServiceLinkedRole,
  type EntityKind,
  keysOf,
  type PlacedDocument,
} from '../../src/model/index.ts'
import type { Step } from '../../src/model/step.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { renameTrusted } from '../../src/plan/principals/renamed-principals.ts'
import { carryOut, copyOf } from '../../src/plan/steps/carry-out.ts'
import { canonicalPolicy } from '../../src/policy/canonical.ts'
import { applyPlan } from '../../src/reconcile/apply-plan.ts'
import { observe } from '../../src/reconcile/observe.ts'
import type { IamReader, IamWriter } from '../../src/target/ports.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { type Blueprint, blueprintPair, desiredOf } from '../arbitraries/state.ts'
import { smallPair } from '../between/small-pairs.ts'
import fc from '../fixed-seed.ts'
import { applyOptions, intentOf } from '../reconcile/world.ts'
import { sampleOf } from '../sample-size.ts'
import { type Declared, declared, intentOf as intentOfSections, SAMPLE_PORTS } from './listed.ts'
import { toy as toyOfIam } from './toy/iam.ts'
import type { DesiredToy } from './toy/kind.ts'
import { TOY_MANIFEST_KINDS, TOY_OBSERVE_KINDS, TOY_PLAN_KINDS } from './toy/kinds.ts'
import { withToyWorld } from './toy/world.ts'

const scopes: Scopes = Object.assign({ ...intentOf(desiredOf(nothing())).scopes }, { toy: { type: 'all' } })

function nothing(): Blueprint {
  return { policies: {}, groups: {}, roles: {}, users: {} }
}

interface Others {
  readonly toy: Readonly<Record<string, Partial<DesiredToy>>>
  readonly instanceProfile: Readonly<Record<string, Partial<DesiredInstanceProfile>>>
  readonly serviceLinkedRole: Readonly<Record<string, Partial<DesiredServiceLinkedRole>>>
}

/** A blueprint, toys and instance profiles that have its roles, and roles of services. */
function stateOf(blueprint: Blueprint, others: Others): DesiredState {
  const state = desiredOf(blueprint)
  const [sample] = state.entities.role.values()
  const declared = (kind: keyof Others, arnType: string) =>
    new Map(
      Object.entries(sample === undefined ? {} : others[kind]).map(([name, { path = '/', ...more }]) => {
        const place = TOY_MANIFEST_KINDS.entities[kind as EntityKind].facts.placeOf?.(name)
        const { arnType: type, ...at } = place ?? { arnType, path, name }
        const arn = `arn:aws:iam::${ACCOUNT.id}:${type}${at.path}${at.name}`
        return [name, { kind, name, path: at.path, arn, span: sample?.span, node: sample?.node, ...more }]
      }),
    )
  const added = {
    toy: declared('toy', 'toy'),
    instanceProfile: declared('instanceProfile', 'instance-profile'),
    serviceLinkedRole: declared('serviceLinkedRole', ''),
  }
  return { ...state, entities: Object.assign({ ...state.entities }, added) }
}

const NONE: Others = { toy: {}, instanceProfile: {}, serviceLinkedRole: {} }

const othersBefore = (roles: readonly string[]): Others => ({
  toy: {
    car: { roles: roles.slice(0, 1), tags: new Map([['team', 'a']]) },
    doll: { path: '/x/', roles: [] },
    plane: { roles: [] },
  },
  instanceProfile: {
    web: { role: roles[0] ?? null, tags: new Map([['team', 'a']]) },
    db: { path: '/x/', role: roles[0] ?? null },
    idle: {},
  },
  serviceLinkedRole: { 'autoscaling.amazonaws.com_blue': {}, 'rds.amazonaws.com': { description: 'ours' } },
})
const othersAfter = (roles: readonly string[]): Others => ({
  toy: {
    car: { roles: roles.slice(-1), tags: new Map([['size', 's']]) },
    doll: { path: '/y/', roles: roles.slice(0, 1), tags: new Map() },
  },
  instanceProfile: {
    web: { role: roles.at(-1) ?? null, tags: new Map([['size', 's']]) },
    db: { path: '/y/', role: null, tags: new Map() },
  },
  serviceLinkedRole: {
    'autoscaling.amazonaws.com_blue': { delete: true },
    'rds.amazonaws.com': { description: 'changed' },
    'autoscaling.amazonaws.com': {},
  },
})

/** Everything of a state, as plain values: no order of lists, no spelling of documents, no versions, no principals that are gone. */
function told(state: Pick<AccountState, 'entities' | 'settings'>): unknown {
  const there = new Set(
    Object.values(state.entities).flatMap((map) => [...map.values()].map(({ arn }) => arn)),
  )
  const isGone = (entry: string) =>
    /^A[A-Z0-9]{15,}$/.test(entry) || (entry.includes(`:${ACCOUNT.id}:`) && !there.has(entry))
  const trusting = (document: PlacedDocument) =>
    JSON.parse(JSON.stringify(document.json), (key, value: unknown) =>
      key === 'AWS' ? [value].flat().map((entry) => (isGone(String(entry)) ? 'gone' : entry)) : value,
    )
  const plain = (field: string, value: unknown): unknown => {
    if (field === 'versions') return null
    // A link to what is gone has gone with it.
    if (field === 'roles') return (value as readonly string[]).filter((role) => state.entities.role.has(role))
    if (Array.isArray(value)) return value.toSorted()
    if (value instanceof Map)
      return Object.fromEntries([...value].sort().map(([key, member]) => [key, plain(key, member)]))
    if (typeof value === 'object' && value !== null && 'json' in value)
      return canonicalPolicy(trusting(value as PlacedDocument), ACCOUNT)
    return value
  }
  const entities = Object.entries(state.entities).map(([kind, map]) => [
    kind,
    [...map.values()]
      .map((entity) =>
        Object.fromEntries(Object.entries(entity).map(([field, value]) => [field, plain(field, value)])),
      )
      .toSorted((a, b) => (String(a.name) < String(b.name) ? -1 : 1)),
  ])
  return { entities: Object.fromEntries(entities), settings: state.settings }
}

/** What a state becomes by what a step says. */
function foretold(before: AccountState, { effects }: Pick<Step, 'effects'>): unknown {
  const draft = copyOf(before)
  carryOut(effects, draft)
  renameTrusted(draft, before)
  return told(draft)
}

/** Plans, and carries out each step with an eye on what it does. */
async function watchedApply(
  iam: IamReader & IamWriter,
  desired: DesiredState,
  before: DesiredState | null,
  onStep: (step: Step, state: AccountState, after: AccountState) => void,
): Promise<void> {
  let state = await observe(iam, ACCOUNT, TOY_OBSERVE_KINDS)
  const { plan, diagnostics } = planChanges({
    ...intentOf(desired, scopes),
    kinds: TOY_PLAN_KINDS,
    observed: state,
    declaredBefore: before === null ? {} : declarationsOf(before, TOY_PLAN_KINDS),
  })
  expect(diagnostics).toEqual([])
  let number = 0
  const writer: IamWriter = {
    async write(operation, input) {
      const answer = await iam.write(operation, input)
      const after = await observe(iam, ACCOUNT, TOY_OBSERVE_KINDS)
      const step = plan.steps[number++]
      if (step === undefined) throw new Error('a call that is no step')
      onStep(step, state, after)
      state = after
      return answer
    },
  }
  const { results } = await applyPlan(plan, writer, { ...applyOptions(), secrets: SAMPLE_PORTS })
  expect(results.filter(({ status }) => status !== 'done')).toEqual([])
}

const OF_CHILDREN: ReadonlySet<string> = new Set(
  CHILD_KINDS.flatMap((kind) => Object.keys(IAM_KINDS[kind].writes)),
)

/** `UpdateRole` says what `UpdateRoleDescription` would. */
const BY_NO_PLAN: ReadonlySet<string> = new Set([
  'SetDefaultPolicyVersion',
  'ChangePassword',
  'UpdateRoleDescription',
])

/** What by chance is rare: tags of roles and policies, boundaries of roles that come and go, another path and password of a user. */
const RARE = (
  [
    ['team', '/', true],
    ['size', '/team/', false],
  ] as const
).map(([tag, path, isFirst]): Blueprint => {
  const tags = { [tag]: 'a' }
  const document = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' },
  } as const
  const limit = (isLimited: boolean) => ({ permissionsBoundary: isLimited ? 'read' : null })
  return {
    ...nothing(),
    policies: { read: { path: '/', document, tags } },
    roles: {
      deploy: { path: '/', trusts: [], tags, ...limit(isFirst) },
      audit: { path: '/', trusts: [], ...limit(!isFirst) },
    },
    users: { alice: { path, tags, loginProfile: { passwordResetRequired: isFirst } } },
  }
}) as [Blueprint, Blueprint]

/** Pairs of accounts that are applied at least, and until every operation was seen. `node test/soak/effects.mjs` takes more. */
const PAIRS = Number(process.env.EFFECT_PAIRS ?? sampleOf(15))

/** Only what holds no policies and names nobody. */
const withoutHolders = (sections: Declared): Declared =>
  Object.fromEntries(
    keysOf(PLAN_KINDS).flatMap((kind) => {
      const { grants, facts } = PLAN_KINDS[kind]
      const section = sections[facts.section]
      return grants === null && facts.after.length === 0 && kind !== 'policy' && section !== undefined
        ? [[facts.section, section]]
        : []
    }),
  )

/** The same with other tags, and, where they have one, at another place. */
function moved(): readonly [Declared, Declared] {
  const [all = {}] = fc.sample(declared('all'), 1).map(withoutHolders)
  const withParts = (tags: object, path: string): Declared =>
    Object.fromEntries(
      keysOf(PLAN_KINDS).flatMap((kind) => {
        const { facts } = PLAN_KINDS[kind]
        const parts = facts.isPathless === true ? { tags } : { tags, path }
        const entities = Object.entries(all[facts.section] ?? {})
        return [
          [facts.section, Object.fromEntries(entities.map(([name, each]) => [name, { ...each, ...parts }]))],
        ]
      }),
    )
  return [withParts({ team: 'a' }, '/'), withParts({ size: 'b' }, '/x/')]
}

const rolesOf = ({ roles }: Blueprint): readonly string[] => Object.keys(roles)

describe('what a step says that it does', () => {
  it('is what the embedded IAM shows after it, of every operation of every kind', async () => {
    const seen = new Set<string>()
    // No plan brings an earlier version back, or chooses a password for somebody who has one; what is named under an entity is in no policy, and has a test of its own.
    const all = keysOf({ ...IAM_KINDS, toy: toyOfIam })
      .flatMap((kind) => Object.keys({ ...IAM_KINDS, toy: toyOfIam }[kind].writes))
      .filter((operation) => !BY_NO_PLAN.has(operation) && !OF_CHILDREN.has(operation))
    const others = [...fc.sample(fc.tuple(declared('all'), declared('all')), 4), moved()]
    for (const [start, goal] of others)
      await withToyWorld(':memory:', async ({ iam }) => {
        const states = [start, goal, {}].map((sections) => intentOfSections(withoutHolders(sections)).desired)
        for (const [index, desired] of states.entries())
          await watchedApply(iam, desired, states[index - 1] ?? null, (step, state, after) => {
            seen.add(step.operation)
            expect(foretold(state, step), `${step.operation} ${JSON.stringify(step.input)}`).toEqual(
              told(after),
            )
          })
      })
    const small = fc.sample(smallPair(), PAIRS)
    const pairs = [RARE, ...small, ...fc.sample(blueprintPair(), Math.max(30, PAIRS))]
    for (const [index, [start, goal]] of pairs.entries()) {
      // Small ones show few operations.
      if (index > small.length + PAIRS && all.every((operation) => seen.has(operation))) break
      await withToyWorld(':memory:', async ({ iam }) => {
        const states = [
          stateOf(start, othersBefore(rolesOf(start))),
          stateOf(goal, othersAfter(rolesOf(goal))),
          stateOf({ ...nothing(), passwordPolicy: null, alias: null }, NONE),
        ]
        for (const [index, desired] of states.entries())
          await watchedApply(iam, desired, states[index - 1] ?? null, (step, state, after) => {
            seen.add(step.operation)
            expect(foretold(state, step), `${step.operation} ${JSON.stringify(step.input)}`).toEqual(
              told(after),
            )
          })
      })
    }
    expect([...seen].toSorted()).toEqual(all.toSorted())
  })

  it('an effect that lies, or is left out, is found', async () => {
    let looked = 0
    const [pair] = fc.sample(blueprintPair(), 1)
    if (pair === undefined) throw new Error('no pair')
    await withToyWorld(':memory:', ({ iam }) =>
      watchedApply(iam, stateOf(pair[1], othersAfter(rolesOf(pair[1]))), null, (step, state, after) => {
        if (step.effects.length === 0) return
        looked++
        expect(foretold(state, { effects: [] })).not.toEqual(told(after))
      }),
    )
    expect(looked).toBeGreaterThan(10)
  })
})

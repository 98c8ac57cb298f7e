import { describe, expect, it } from 'vitest'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { DesiredState, Scopes } from '../../src/manifest/desired.ts'
import type { Declarations } from '../../src/model/declarations.ts'
import { uniteDeclarations } from '../../src/model/declarations.ts'
import {
  type AccountState,
  type AnyDesiredEntity,
  type AnyEntityState,
  byKind,
  ENTITY_KINDS,
  type EntityKind,
} from '../../src/model/index.ts'
import { statementsOf } from '../../src/policy/canonical.ts'
import { applyPlan } from '../../src/reconcile/apply-plan.ts'
import { randomFrom } from '../arbitraries/policy.ts'
import { blueprintPair, desiredOf } from '../arbitraries/state.ts'
import fc from '../fixed-seed.ts'
import { sampleOf } from '../sample-size.ts'
import {
  applyOptions,
  converge,
  countOf,
  failingAt,
  KILLED,
  Killed,
  meaningOf,
  planFor,
  stepsText,
  withWorld,
} from './world.ts'

const SEED: { readonly seed?: number; readonly path?: string } = {}

/** Some of what a state declares: as if an earlier apply had declared that much, and people the rest by hand. */
function someOf(declared: Declarations, seed: number): Declarations {
  const random = randomFrom(seed)
  const keep = () => random() < 0.6
  return Object.fromEntries(
    Object.entries(declared)
      .filter(keep)
      .map(([entity, attributes]) => [
        entity,
        Object.fromEntries(
          Object.entries(attributes)
            .filter(keep)
            .map(([attribute, members]) => [attribute, members.filter((member) => member === '*' || keep())]),
        ),
      ]),
  )
}

const scope = () =>
  fc.constantFrom<Scopes['user']>(
    { type: 'all' },
    { type: 'declared' },
    { type: 'path', path: '/team/' },
    { type: 'tag', tags: new Map([['team', 'a']]) },
  )
/** IAM groups have no tags. */
const groupScope = () => scope().filter(({ type }) => type !== 'tag')
const scopes = (): fc.Arbitrary<Scopes> =>
  fc
    .record({ user: scope(), group: groupScope(), role: scope(), policy: scope() })
    .map((some) => ({ ...byKind(() => ({ type: 'all' as const })), ...some }))

/** Lets declared entities name some that exist and aren't declared. */
function withReferences(
  desired: DesiredState,
  before: AccountState,
  seed: number,
): { readonly desired: DesiredState; readonly references: readonly AnyEntityState[] } {
  const random = randomFrom(seed + 1)
  const references: AnyEntityState[] = []
  const one = <T extends AnyEntityState>(
    existing: ReadonlyMap<string, T>,
    declared: ReadonlyMap<string, unknown>,
  ): readonly T[] => {
    const others = [...existing.values()].filter(({ name }) => !declared.has(name))
    const chosen = random() < 0.4 ? others[Math.floor(random() * others.length)] : undefined
    if (chosen !== undefined) references.push(chosen)
    return chosen === undefined ? [] : [chosen]
  }
  const managed = <T extends { readonly managedPolicies?: readonly string[] }>(entity: T): T => {
    if (entity.managedPolicies === undefined || entity.managedPolicies.length > 1) return entity
    const added = one(before.entities.policy, desired.entities.policy).map(({ arn }) => arn)
    return { ...entity, managedPolicies: [...entity.managedPolicies, ...added] }
  }
  const mapped = <T>(map: ReadonlyMap<string, T>, change: (value: T) => T): ReadonlyMap<string, T> =>
    new Map([...map].map(([name, value]) => [name, change(value)]))
  const changed: DesiredState = {
    ...desired,
    entities: {
      ...desired.entities,
      group: mapped(desired.entities.group, managed),
      user: mapped(desired.entities.user, (user) => {
        if (user.groups === undefined || user.groups.length > 1) return managed(user)
        const added = one(before.entities.group, desired.entities.group).map(({ name }) => name)
        return { ...managed(user), groups: [...user.groups, ...added] }
      }),
      role: mapped(desired.entities.role, (role) => {
        const added = [
          ...one(before.entities.user, desired.entities.user),
          ...one(before.entities.role, desired.entities.role),
        ]
        if (added.length === 0) return managed(role)
        const Statement = [
          ...statementsOf(role.trustPolicy.json),
          {
            Effect: 'Allow' as const,
            Principal: { AWS: added.map(({ arn }) => arn) },
            Action: 'sts:AssumeRole',
          },
        ]
        return {
          ...managed(role),
          trustPolicy: { json: { ...role.trustPolicy.json, Statement }, located: null },
        }
      }),
    },
  }
  return { desired: changed, references }
}

interface Case {
  readonly before: AccountState
  readonly desired: DesiredState
  readonly declared: Declarations
  readonly scopes: Scopes
}

/** Promise P5 in plain words, without the planner. */
function expectedAfter(given: Case): AccountState {
  const { before, desired } = given
  const gone = new Set<string>()
  for (const kind of ENTITY_KINDS)
    for (const entity of before.entities[kind].values()) if (isDeleted(entity, given)) gone.add(entity.arn)
  const after = (kind: EntityKind): ReadonlyMap<string, never> => {
    const result = new Map<string, unknown>()
    for (const entity of before.entities[kind].values())
      if (!gone.has(entity.arn) && !desired.entities[kind].has(entity.name))
        result.set(entity.name, withoutGone(entity, gone, before))
    for (const entity of desired.entities[kind].values())
      result.set(
        entity.name,
        expectedEntity(
          entity,
          before.entities[kind].get(entity.name),
          given.declared[`${entity.kind}/${entity.name}`] ?? {},
          { gone, before },
        ),
      )
    return result as unknown as ReadonlyMap<string, never>
  }
  return {
    account: before.account,
    entities: {
      ...before.entities,
      user: after('user'),
      group: after('group'),
      role: after('role'),
      policy: after('policy'),
    },
    children: {},
    settings: {
      passwordPolicy:
        desired.settings.passwordPolicy?.value ??
        (desired.settings.passwordPolicy === undefined && !wasDeclared(given.declared.passwordPolicy)
          ? before.settings.passwordPolicy
          : null),
      accountAlias:
        desired.settings.accountAlias?.value ??
        (desired.settings.accountAlias === undefined && !wasDeclared(given.declared.accountAlias)
          ? before.settings.accountAlias
          : null),
    },
  }
}

/** A setting is there as it was declared: its value is kept, or none was, as earlier versions did. */
const wasDeclared = (declared: Declarations[string] | undefined): boolean =>
  declared !== undefined && declared.value?.length !== 0

function isDeleted(entity: AnyEntityState, { desired, declared, scopes }: Case): boolean {
  if (desired.entities[entity.kind].has(entity.name)) return false
  const rule = scopes[entity.kind]
  switch (rule.type) {
    case 'all':
      return true
    case 'declared':
      return declared[`${entity.kind}/${entity.name}`] !== undefined
    case 'path':
      return entity.path.startsWith(rule.path)
    case 'tag':
      return 'tags' in entity && [...rule.tags].every(([key, value]) => entity.tags.get(key) === value)
  }
}

function withoutGone(
  entity: AnyEntityState,
  gone: ReadonlySet<string>,
  before: AccountState,
): AnyEntityState {
  return {
    ...entity,
    ...('managedPolicies' in entity
      ? { managedPolicies: entity.managedPolicies.filter((arn) => !gone.has(arn)) }
      : {}),
    ...('groups' in entity
      ? { groups: entity.groups.filter((name) => !gone.has(before.entities.group.get(name)?.arn ?? '')) }
      : {}),
  } as AnyEntityState
}

function expectedEntity(
  entity: AnyDesiredEntity,
  existing: AnyEntityState | undefined,
  declared: Declarations[string],
  { gone, before }: { readonly gone: ReadonlySet<string>; readonly before: AccountState },
): unknown {
  const defaults = {
    groups: [],
    managedPolicies: [],
    inlinePolicies: new Map(),
    permissionsBoundary: null,
    tags: new Map(),
    description: '',
    maxSessionDuration: 3600,
  }
  const fields: Readonly<Record<AnyDesiredEntity['kind'], readonly (keyof typeof defaults)[]>> = {
    ...byKind(() => []),
    user: ['groups', 'managedPolicies', 'inlinePolicies', 'permissionsBoundary', 'tags'],
    group: ['managedPolicies', 'inlinePolicies'],
    role: [
      'managedPolicies',
      'inlinePolicies',
      'permissionsBoundary',
      'tags',
      'description',
      'maxSessionDuration',
    ],
    policy: ['description', 'tags'],
  }
  const remaining: Record<string, unknown> =
    existing === undefined ? {} : { ...withoutGone(existing, gone, before) }
  const result: Record<string, unknown> = { ...entity }
  for (const field of fields[entity.kind]) {
    const wanted = (entity as unknown as Record<string, unknown>)[field]
    if (wanted !== undefined) result[field] = wanted === null ? defaults[field] : wanted
    else result[field] = leftOf(remaining[field] ?? defaults[field], declared[field] ?? [], defaults[field])
  }
  return result
}

/** What nobody manages stays, but for what the last apply declared there. */
function leftOf(value: unknown, declared: readonly string[], none: unknown): unknown {
  if (Array.isArray(value)) return value.filter((member: string) => !declared.includes(member))
  if (value instanceof Map) return new Map([...value].filter(([key]) => !declared.includes(key)))
  return declared.includes('*') || declared.includes(`=${value}`) ? none : value
}

/**
 * Of roles that the project doesn't declare, all but the trust policy: IAM itself shows another principal in it once
 * one that it names is deleted or renamed.
 */
function comparable(state: AccountState, desired: DesiredState): object {
  const roles = [...state.entities.role].map(([name, role]) => {
    const trusting = desired.entities.role.has(name) ? role : { ...role, trustPolicy: NO_TRUST }
    return [name, trusting] as const
  })
  return meaningOf({ ...state, entities: { ...state.entities, role: new Map(roles) } })
}
const NO_TRUST = { json: { Statement: [] }, located: null }

/** The only reasons for which a plan between two consistent states may be refused. */
const REFUSALS = ['plan.replace-loses-unmanaged', 'plan.boundary-in-use', 'plan.dangling-reference']

describe('what is not managed', () => {
  it('stays; what was declared and no longer is goes, in scope only; a kill in between changes nothing of that', async () => {
    let refused = 0
    let applied = 0
    await fc.assert(
      fc.asyncProperty(
        blueprintPair(),
        fc.integer(),
        scopes(),
        fc.double({ min: 0, max: 1.5, noNaN: true }),
        ([start, goal], seed, scopesOfProject, where) =>
          withWorld(async (world) => {
            await converge(world, desiredOf(start))
            const before = await world.observe()
            const { desired, references } = withReferences(desiredOf(goal), before, seed)
            const declared = someOf(declarationsOf(desiredOf(start), MANIFEST_KINDS.entities), seed)
            const { plan, diagnostics } = planFor(desired, before, declared, scopesOfProject)
            const dangling = references.some((entity) =>
              isDeleted(entity, { before, desired, declared, scopes: scopesOfProject }),
            )
            if (diagnostics.length > 0) {
              refused++
              for (const { code } of diagnostics) expect(REFUSALS).toContain(code)
              expect(diagnostics.some(({ code }) => code === 'plan.dangling-reference')).toBe(dangling)
              return
            }
            applied++
            expect(dangling).toBe(false)
            const expected = expectedAfter({ before, desired, declared, scopes: scopesOfProject })
            const at = Math.floor(where * (plan.steps.length + 1))
            if (at < plan.steps.length) {
              const writer = failingAt(world.iam, at, () => new Killed())
              await expect(applyPlan(plan, writer, applyOptions())).rejects.toMatchObject(KILLED)
            }
            const united = uniteDeclarations(declared, declarationsOf(desired, MANIFEST_KINDS.entities))
            const again = planFor(desired, await world.observe(), united, scopesOfProject)
            expect(again.diagnostics).toEqual([])
            const { results } = await applyPlan(again.plan, world.iam, applyOptions())
            expect(countOf(results, 'done'), stepsText(again.plan)).toBe(again.plan.steps.length)
            const after = await world.observe()
            expect(comparable(after, desired), `killed at ${at} of\n${stepsText(plan)}`).toEqual(
              comparable(expected, desired),
            )
            expect(planFor(desired, after, united, scopesOfProject)).toMatchObject({
              plan: { changes: [], steps: [] },
              diagnostics: [],
            })
          }),
      ),
      { numRuns: sampleOf(120), ...SEED },
    )
    expect(applied).toBeGreaterThan(0)
    expect(refused + applied).toBe(sampleOf(120))
  })
})

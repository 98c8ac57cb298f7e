import type { AwsManagedPolicies } from '../../src/iam/context.ts'
import { openIam } from '../../src/iam/embedded-iam.ts'
import { IamError } from '../../src/iam/service-error.ts'
import { IAM_KINDS } from '../../src/kinds/iam.ts'
import { OBSERVE_KINDS } from '../../src/kinds/observe.ts'
import { PLAN_KINDS, SETTING_PLANS } from '../../src/kinds/plan.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { DesiredState, Guard, Scopes } from '../../src/manifest/desired.ts'
import type { Declarations } from '../../src/model/declarations.ts'
import { type AccountState, type AnyEntityState, byKind, type StateDocument } from '../../src/model/index.ts'
import type { Quotas } from '../../src/model/quotas.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { canonicalPolicy } from '../../src/policy/canonical.ts'
import { type ApplyOptions, applyPlan, type StepResult } from '../../src/reconcile/apply-plan.ts'
import { observe } from '../../src/reconcile/observe.ts'
import type { Intent } from '../../src/reconcile/plan-account.ts'
import type { IamReader, IamWriter } from '../../src/target/ports.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { AWS_POLICY_ARNS, TIGHT_QUOTAS } from '../arbitraries/state.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { knownJson } from '../known-json.ts'
import { openWritable } from '../store/open-sqlite.ts'

export const FACTS: AwsManagedPolicies = {
  has: (arn) => ([...AWS_POLICY_ARNS, 'arn:aws:iam::aws:policy/AWSDenyAll'] as string[]).includes(arn),
  document: (arn) =>
    FACTS.has(arn)
      ? { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] }
      : null,
  versionOf: (arn) => (FACTS.has(arn) ? 'v1' : null),
}

export const SCOPE_ALL: Scopes = byKind(() => ({ type: 'all' }))
export const SCOPE_DECLARED: Scopes = byKind(() => ({ type: 'declared' }))
const NO_GUARD: Guard = { maxDeletePercent: 100, minimumExisting: 1000, protect: [] }

export const intentOf = (desired: DesiredState, scopes: Scopes = SCOPE_ALL): Intent => ({
  kinds: PLAN_KINDS,
  settings: SETTING_PLANS,
  observeKinds: OBSERVE_KINDS,
  desired,
  scopes,
  guard: NO_GUARD,
  quotas: TIGHT_QUOTAS,
})

export interface World {
  readonly iam: IamReader & IamWriter
  observe(): Promise<AccountState>
  close(): Promise<void>
}

/** An account in memory with tight quotas. */
async function openWorld(quotas: Quotas = TIGHT_QUOTAS): Promise<World> {
  const store = await openWritable({ file: ':memory:', account: ACCOUNT })
  let now = Date.UTC(2026, 0, 1)
  const iam = openIam({
    account: ACCOUNT,
    kinds: IAM_KINDS,
    store: store.iam,
    awsPolicies: FACTS,
    quotas,
    clock: () => {
      now += 1000
      return now
    },
    randomBytes: fixedBytes,
    passwordCost: 1,
  })
  return { iam, observe: () => observe(iam, ACCOUNT, OBSERVE_KINDS), close: () => store.close() }
}

export async function withWorld<T>(use: (world: World) => Promise<T>, quotas?: Quotas): Promise<T> {
  const world = await openWorld(quotas)
  try {
    return await use(world)
  } finally {
    await world.close()
  }
}

/** Nothing is ever waited for. */
export const applyOptions = (signal = new AbortController().signal): ApplyOptions => ({
  signal,
  sleep: () => Promise.resolve(),
  random: () => 0.5,
  secrets: {
    env: () => null,
    file: async (path) => {
      throw new Error(`nothing reads ${path}`)
    },
    randomBytes: fixedBytes,
    sink: { objection: async () => null, take: async () => ({ withdraw: async () => true }) },
  },
})

export function planFor(
  desired: DesiredState,
  observed: AccountState,
  declaredBefore: Declarations,
  scopes: Scopes = SCOPE_ALL,
  quotas: Quotas = TIGHT_QUOTAS,
) {
  return planChanges({
    ...intentOf(desired, scopes),
    quotas,
    observed,
    declaredBefore,
  })
}

/** Plans and applies, and fails unless the plan has no errors and every step is done. */
export async function converge(
  world: World,
  desired: DesiredState,
  declaredBefore: Declarations = {},
  quotas?: Quotas,
): Promise<Plan> {
  const { plan, diagnostics } = planFor(desired, await world.observe(), declaredBefore, SCOPE_ALL, quotas)
  if (diagnostics.length > 0) throw new Error(`diagnostics: ${JSON.stringify(diagnostics)}`)
  const { results } = await applyPlan(plan, world.iam, applyOptions())
  const undone = results.filter(({ status }) => status !== 'done')
  if (undone.length > 0)
    throw new Error(`not done: ${JSON.stringify(undone, null, 1)}\nof ${stepsText(plan)}`)
  return plan
}

/** Applies a plan, and looks at the account after each step. */
export async function followed(
  plan: Plan,
  { iam, observe }: { readonly iam: IamWriter; observe(): Promise<AccountState> },
  more: Pick<ApplyOptions, 'secrets'> = {},
): Promise<{ readonly results: readonly StepResult[]; readonly states: readonly AccountState[] }> {
  const states: AccountState[] = []
  const writer: IamWriter = {
    async write(operation, input) {
      const answer = await iam.write(operation, input)
      states.push(await observe())
      return answer
    },
  }
  const { results } = await applyPlan(plan, writer, { ...applyOptions(), ...more })
  return { results, states }
}

export const stepsText = (plan: Pick<Plan, 'steps'>): string =>
  plan.steps
    .map(
      ({ operation, input, needs }, number) =>
        `${number} ${operation} ${JSON.stringify(input).slice(0, 300)} needs ${needs.join(',')}`,
    )
    .join('\n')

/** A writer that throws at the call number `at` what `failure` makes, before the call is made. */
export const failingAt = (writer: IamWriter, at: number, failure: () => Error): IamWriter => {
  let calls = 0
  return {
    write(operation, input) {
      if (calls++ === at) return Promise.reject(failure())
      return writer.write(operation, input)
    },
  }
}

/** Told by its name, which is all that is left of it after a call with a secret. */
export class Killed extends Error {
  override name = 'Killed'
}
export const KILLED = { name: 'Killed' }
export const refuse = (): Error => new IamError('ServiceFailure', 'a fault that was put in')

/**
 * What a state means: no order of lists, no spelling of documents, no numbers of versions. Made without the planner,
 * which is what it judges.
 */
export function meaningOf(state: AccountState): object {
  const documentOf = (document: StateDocument) => canonicalPolicy(knownJson(document), ACCOUNT)
  const entity = (value: AnyEntityState) => ({
    arn: value.arn,
    ...('groups' in value ? { groups: [...value.groups].sort() } : {}),
    ...('managedPolicies' in value ? { managedPolicies: [...value.managedPolicies].sort() } : {}),
    ...('inlinePolicies' in value
      ? {
          inlinePolicies: Object.fromEntries(
            [...value.inlinePolicies].map(([name, document]) => [name, documentOf(document)]),
          ),
        }
      : {}),
    ...('permissionsBoundary' in value ? { permissionsBoundary: value.permissionsBoundary } : {}),
    ...('tags' in value ? { tags: Object.fromEntries(value.tags) } : {}),
    ...('description' in value ? { description: value.description } : {}),
    ...('maxSessionDuration' in value ? { maxSessionDuration: value.maxSessionDuration } : {}),
    ...('trustPolicy' in value ? { trustPolicy: documentOf(value.trustPolicy) } : {}),
    ...('document' in value ? { document: documentOf(value.document) } : {}),
  })
  const entities = (map: ReadonlyMap<string, AnyEntityState>) =>
    Object.fromEntries([...map].map(([name, value]) => [name, entity(value)]))
  return {
    users: entities(state.entities.user),
    groups: entities(state.entities.group),
    roles: entities(state.entities.role),
    policies: entities(state.entities.policy),
    passwordPolicy: state.settings.passwordPolicy,
    alias: state.settings.accountAlias,
  }
}

/** The same of a desired state, when everything that is absent is gone: a first apply, or one that takes everything back. */
export function meaningOfDesired(desired: DesiredState): object {
  const {
    entities: { user: users, group: groups, role: roles, policy: policies },
  } = desired
  const all = <T extends object, R extends AnyEntityState>(map: ReadonlyMap<string, T>, defaults: object) =>
    new Map([...map].map(([name, value]) => [name, withDefaults(value, defaults) as R]))
  const grants = { managedPolicies: [], inlinePolicies: new Map() }
  const more = { permissionsBoundary: null, tags: new Map() }
  return meaningOf({
    account: ACCOUNT,
    entities: {
      ...byKind(() => new Map<string, never>()),
      user: all(users, { ...grants, ...more, groups: [] }),
      group: all(groups, grants),
      role: all(roles, { ...grants, ...more, description: '', maxSessionDuration: 3600 }),
      policy: all(policies, { description: '', tags: new Map(), versions: [] }),
    },
    children: {},
    settings: {
      passwordPolicy: desired.settings.passwordPolicy?.value ?? null,
      accountAlias: desired.settings.accountAlias?.value ?? null,
    },
  })
}

function withDefaults(value: object, defaults: object): object {
  const result: Record<string, unknown> = { ...defaults, ...value }
  if (result.description === null) result.description = ''
  return result
}

export const uniteAll = (...desired: readonly DesiredState[]): Declarations => {
  const united: Record<string, Record<string, string[]>> = {}
  for (const state of desired)
    for (const [entity, attributes] of Object.entries(declarationsOf(state, PLAN_KINDS)))
      for (const [attribute, members] of [...Object.entries(attributes), ['', []] as const]) {
        united[entity] ??= {}
        if (attribute !== '')
          united[entity][attribute] = [...new Set([...(united[entity][attribute] ?? []), ...members])]
      }
  return united
}

export const countOf = (results: readonly StepResult[], status: StepResult['status']): number =>
  results.filter((result) => result.status === status).length

import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { AttributedKind } from '../../src/manifest/manifest-kind.ts'
import type { Declarations } from '../../src/model/declarations.ts'
import {
  type AccountState,
  type AnyDesiredEntity,
  CHILD_KINDS,
  CHILDREN,
  type ChildState,
  type DesiredOf,
  type EntityKind,
  entityRef,
  isAwsOwnedPath,
  keysOf,
  type SettingKind,
  type StateOf,
} from '../../src/model/index.ts'
import type { Quotas } from '../../src/model/quotas.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { applyPlan } from '../../src/reconcile/apply-plan.ts'
import { CredentialKeeper } from '../../src/reconcile/credential-keeper.ts'
import { type Intent, planAccount } from '../../src/reconcile/plan-account.ts'
import type { SecretPorts } from '../../src/reconcile/secret-supply.ts'
import type { IamWriter } from '../../src/target/ports.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import fc, { fixedBytes } from '../fixed-seed.ts'
import { type TroubleName, withTrouble } from '../iam/faulty-account.ts'
import { applyOptions, stepsText } from '../reconcile/world.ts'
import { isNamedByJournal, type Names, SAMPLE_NAMES, SAMPLE_SECRETS, SAMPLES } from './samples.ts'
import { TOY_MANIFEST_KINDS, TOY_PLAN_KINDS } from './toy/kinds.ts'
import { intentFrom, problemsIn } from './toy/project.ts'
import { openToyWorld, type ToyWorld } from './toy/world.ts'

/** Every kind of entity that is listed, the toy among them. */
export const LISTED: readonly EntityKind[] = keysOf(TOY_MANIFEST_KINDS.entities)

/** Every setting that is listed, one that only a test knows among them. */
export const LISTED_SETTINGS: readonly SettingKind[] = keysOf(TOY_MANIFEST_KINDS.settings)

/** What is declared, by section and name. */
export type Declared = Readonly<Record<string, Readonly<Record<string, object>>>>

export const factsOf = (kind: EntityKind) => TOY_MANIFEST_KINDS.entities[kind].facts

const namesOf = (kind: EntityKind): readonly string[] =>
  SAMPLE_NAMES[kind] ?? ['a', 'b', 'c'].map((letter) => `${kind}-${letter}`)

/** Those that go when they are no longer declared; the others AWS owns. */
export const OURS: readonly EntityKind[] = LISTED.filter((kind) => factsOf(kind).isOfAws !== true)

/** A project of some of each kind, or of all names of each. */
export function declared(which: 'some' | 'all' = 'some'): fc.Arbitrary<Declared> {
  const chosen = LISTED.map((kind) => {
    const names = namesOf(kind)
    return fc.subarray([...names], { minLength: which === 'all' ? names.length : 0 })
  })
  return fc
    .tuple(...chosen)
    .map((names): Names => Object.fromEntries(LISTED.map((kind, index) => [kind, names[index] ?? []])))
    .chain((names) => {
      const sections = LISTED.map((kind) => {
        const sample = SAMPLES[kind]
        if (sample === undefined) throw new Error(`${kind} has no sample`)
        const hasPath = TOY_MANIFEST_KINDS.entities[kind].schema.shape.path !== undefined
        const path = hasPath ? fc.constantFrom({}, {}, { path: '/x/' }) : fc.constant({})
        const one = fc
          .tuple(sample(names), path)
          .map(([declaration, place]) => ({ ...declaration, ...place }))
        return fc
          .tuple(...(names[kind] ?? []).map(() => one))
          .map((each) => [
            factsOf(kind).section,
            Object.fromEntries((names[kind] ?? []).map((name, index) => [name, each[index] ?? {}])),
          ])
      })
      return fc.tuple(fc.boolean(), ...sections).map(([isListed, ...each]) => {
        const declaration = ofOneParent(Object.fromEntries(each) as Declared)
        return isListed ? saidByGroups(declaration) : declaration
      })
    })
}

/** The same memberships, where the first group says who is in it, unless somebody says it of themselves. */
function saidByGroups(sections: Declared): Declared {
  const [[name, group] = ['', {}], ...others] = Object.entries(sections.groups ?? {})
  if (name === '') return sections
  const users = Object.entries(sections.users ?? {}) as readonly [string, { groups?: readonly string[] }][]
  const members = users.flatMap(([user, { groups }]) => (groups?.includes(name) === true ? [user] : []))
  const silenced = users.map(([user, { groups = [], ...rest }]) => [
    user,
    groups.every((each) => each === name) ? rest : { groups, ...rest },
  ])
  return {
    ...sections,
    groups: Object.fromEntries([[name, { ...group, members }], ...others]),
    users: Object.fromEntries(silenced),
  }
}

/** The same, where nobody declares what another has already, and no two may have. */
function ofOneParent(sections: Declared): Declared {
  const known = new Set<string>()
  const isNew = (child: object) => {
    const text = JSON.stringify({ ...child, status: undefined })
    if (known.has(text)) return false
    known.add(text)
    return true
  }
  const unshared = CHILD_KINDS.flatMap((kind) =>
    CHILDREN[kind].isOfOneParent ? [CHILDREN[kind].section] : [],
  )
  const withNew = (entity: object) =>
    Object.fromEntries(
      Object.entries(entity).map(([key, value]: [string, unknown]) => [
        key,
        unshared.includes(key)
          ? Object.fromEntries(Object.entries(value as object).filter(([, child]) => isNew(child as object)))
          : value,
      ]),
    )
  return Object.fromEntries(
    Object.entries(sections).map(([section, entities]) => [
      section,
      Object.fromEntries(Object.entries(entities).map(([name, entity]) => [name, withNew(entity)])),
    ]),
  )
}

/** What a project wants that declares this, read from its text. */
export function intentOf(sections: Declared, scope: 'all' | 'declared' = 'all'): Intent {
  const scopes = LISTED.map((kind) => `${factsOf(kind).section}: ${scope}`)
  return intentOfTexts(
    { id: ACCOUNT.id },
    sections,
    `scope: { ${scopes.join(', ')} }\nguard: { maxDeletePercent: 100 }\n`,
  )
}

/** What a project wants that declares nothing but a setting. @param value null: there is to be none */
export function settingIntentOf(kind: SettingKind, value: StateOf<SettingKind> | null): Intent {
  const { place } = TOY_MANIFEST_KINDS.settings[kind]
  const declaration = { [place.key]: value }
  return place.in === 'manifest'
    ? intentOfTexts({ id: ACCOUNT.id }, declaration)
    : intentOfTexts({ id: ACCOUNT.id, ...declaration }, {})
}

/** Codes of what is wrong with a project that declares this, in an account with these quotas. */
export const problemsOf = (sections: Declared, quotas: Partial<Quotas> = {}): readonly string[] =>
  problemsIn({
    'iam-sync.yaml': `version: 1\naccounts: { listed: ${JSON.stringify({ id: ACCOUNT.id, target: { kind: 'local', database: 'listed.db', quotas } })} }\n`,
    'main.json.yaml': JSON.stringify(sections),
  })

function intentOfTexts(account: object, manifest: object, more = ''): Intent {
  const read = intentFrom({
    'iam-sync.yaml': `version: 1\naccounts: { listed: ${JSON.stringify(account)} }\n${more}`,
    'main.json.yaml': JSON.stringify(manifest),
  })
  return { ...read, allowBrieflyWider: true }
}

export const NOTHING = intentOf({})

export const declaredBy = (...intents: readonly Intent[]): readonly Declarations[] =>
  intents.map(({ desired }) => declarationsOf(desired, TOY_PLAN_KINDS))

/** The plan, where a journal has this, and the names of credentials that the world's own has. */
export const planIn = (
  { iam, journal }: Pick<ToyWorld, 'iam'> & Partial<Pick<ToyWorld, 'journal'>>,
  intent: Intent,
  before: Declarations = {},
) =>
  planAccount(intent, {
    iam,
    journal: {
      declared: async () => before,
      facts: async () => null,
      credentials: async () => (await journal?.credentials()) ?? [],
    },
  })

/** Keeps the names of credentials in the journal of a world. */
const keeperOf = ({ iam, journal }: Pick<ToyWorld, 'iam' | 'journal'>, intent: Intent): CredentialKeeper =>
  new CredentialKeeper(intent, { iam, journal }, { ...applyOptions(), clock: () => Date.UTC(2026, 0, 1) })

/** Plans and applies, and fails unless every step is done and nothing is left to do. */
export async function converge(
  world: ToyWorld,
  intent: Intent,
  before: Declarations = {},
  writer: IamWriter = world.iam,
): Promise<Plan> {
  const { plan, diagnostics } = await planIn(world, intent, before)
  // Nobody of a sample has a device: people assign them.
  const unexpected = diagnostics.filter(({ code }) => code !== 'plan.required-missing')
  if (unexpected.length > 0) throw new Error(JSON.stringify(unexpected))
  const { results } = await applyPlan(
    plan,
    writer,
    { ...applyOptions(), secrets: SAMPLE_PORTS },
    undefined,
    undefined,
    keeperOf(world, intent),
  )
  const undone = results.filter(({ status }) => status !== 'done')
  if (undone.length > 0) throw new Error(`${JSON.stringify(undone, null, 1)}\nof ${stepsText(plan)}`)
  const again = await planIn(world, intent, before)
  if (again.plan.steps.length > 0) throw new Error(`left of ${stepsText(plan)}:\n${stepsText(again.plan)}`)
  return plan
}

/** An account in memory that may hold all that is listed. */
export async function withListed(
  use: (world: ToyWorld) => Promise<void>,
  quotas?: Partial<Quotas>,
  trouble: TroubleName | null = null,
): Promise<void> {
  const world =
    trouble === null
      ? await openToyWorld(':memory:', quotas)
      : await withTrouble(trouble, (parts) => openToyWorld(':memory:', quotas, parts))
  try {
    await use(world)
  } finally {
    await world.close()
  }
}

/** Where the secrets of samples come from. */
export const SAMPLE_PORTS: SecretPorts = {
  ...applyOptions().secrets,
  env: (name) => SAMPLE_SECRETS.get(name) ?? null,
  file: async (path) => Promise.reject(new Error(`no sample has a file: ${path}`)),
  randomBytes: fixedBytes,
}

/** The states of a kind, by name. */
const statesOf = ({ entities }: Pick<AccountState, 'entities'>, kind: EntityKind) => entities[kind]

/** But for what AWS owns. */
export const oursIn = (state: Pick<AccountState, 'entities'>, kind: EntityKind) =>
  [...statesOf(state, kind).values()].filter(({ path }) => !isAwsOwnedPath(path))

/** What of a kind is not as it is declared, attribute by attribute; and what is there that nobody declares. */
export function differencesOf<K extends EntityKind>(
  observed: AccountState,
  { desired }: Intent,
  kind: K,
  before: Declarations = {},
): { readonly differs: readonly string[]; readonly unmanaged: readonly string[] } {
  const { attributes }: AttributedKind<K> = TOY_MANIFEST_KINDS.entities[kind]
  const states: ReadonlyMap<string, StateOf<K>> = observed.entities[kind]
  const wanted: ReadonlyMap<string, DesiredOf<K>> = desired.entities[kind]
  const changes = [...wanted].flatMap(([name, entity]) => {
    const state = states.get(name) ?? null
    const owned = before[entityRef(kind, name)] ?? {}
    return attributes.map((attribute) => ({
      what: `${name}.${attribute.name}`,
      change: attribute.compare(state, entity, owned[attribute.name], observed.account),
    }))
  })
  const children = childrenDifferences(observed, wanted.values(), before)
  return {
    differs: [
      // What is AWS's stays, though nobody declares it any more.
      ...[...states].flatMap(([name, { path }]) => (wanted.has(name) || isAwsOwnedPath(path) ? [] : [name])),
      ...changes.flatMap(({ what, change }) => (change.details().length > 0 ? [what] : [])),
      ...children.differs,
    ],
    unmanaged: [
      ...changes.flatMap(({ what, change }) => (change.unmanagedParts().length > 0 ? [what] : [])),
      ...children.unmanaged,
    ],
  }
}

/** The same of what is named under entities: one that is declared to be inactive may as well not be there. */
function childrenDifferences(
  observed: AccountState,
  wanted: Iterable<AnyDesiredEntity>,
  before: Declarations,
): { readonly differs: readonly string[]; readonly unmanaged: readonly string[] } {
  const differs: string[] = []
  const unmanaged: string[] = []
  for (const { kind, name, children } of wanted)
    for (const child of CHILD_KINDS) {
      const { parent, section } = CHILDREN[child]
      if (parent !== kind) continue
      const there = observed.children[child]?.get(name) ?? []
      const declared = children?.get(child)
      const what = `${name}.${section}`
      if (declared === undefined) {
        const owned = before[entityRef(kind, name)]?.[section] ?? []
        // No journal has their names: the oldest have those that were declared.
        const isOwned = ({ identity }: ChildState, at: number) =>
          isNamedByJournal(child) ? at < owned.length : owned.includes(identity)
        if (there.some(isOwned)) differs.push(what)
        if (there.some((state, at) => !isOwned(state, at))) unmanaged.push(what)
        continue
      }
      if (isNamedByJournal(child)) {
        const active = (all: Iterable<{ readonly status: string }>) =>
          [...all].filter(({ status }) => status === 'active').length
        if (there.length > declared.size || active(there) !== active(declared.values())) differs.push(what)
        continue
      }
      const asDeclared = new Map([...declared.values()].map(({ identity, status }) => [identity, status]))
      const isActive = (identity: string) =>
        there.some((state) => state.identity === identity && state.status === 'active')
      const isWrong =
        there.some(({ identity, status }) => asDeclared.get(identity) !== status) ||
        [...asDeclared].some(([identity, status]) => (status === 'active') !== isActive(identity))
      if (isWrong) differs.push(what)
    }
  return { differs, unmanaged }
}

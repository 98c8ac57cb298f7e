import { createHash } from 'node:crypto'
import {
  type AccountState,
  type AnyEntityState,
  CHILD_KINDS,
  CHILDREN,
  type ChildState,
  type EntityKind,
  entityRef,
  keysOf,
  parseEntityArn,
  type StateOf,
  tableOf,
} from '../model/index.ts'
import type { Step } from '../model/step.ts'
import type { Holders } from './grants/holders.ts'
import type { Change, Plan } from './plan.ts'
import { entitiesOf, type PlanKind, type PlanKinds, type Planning } from './planning.ts'

/**
 * Binds an apply to what was reviewed (P4): the account, what was observed of everything that the plan touches or
 * names, the changes with their steps, and what is different in the facts.
 * @returns each `sha256:` and 64 hex digits
 */
export function planDigest(
  account: { readonly id: string; readonly name: string },
  observed: AccountState,
  { changes, steps, facts }: Pick<Plan, 'changes' | 'steps' | 'facts'>,
  { kinds, settings, holders }: Pick<Planning, 'kinds' | 'settings' | 'holders'>,
): Pick<Plan, 'basis' | 'digest'> {
  const named = namedEntities(kinds, observed.account.id, changes, steps)
  const reached = reachedBy(named, observed, holders)
  addNeighbours(kinds, named, observed)
  const basis = hashOf({
    observed: statesOf(kinds, named, observed).map(plainEntity),
    reached,
    children: childrenIn(named, observed),
    ...Object.fromEntries(
      keysOf(settings)
        .filter((setting) => changes.some(({ kind }) => kind === setting))
        .map((setting) => [setting, observed.settings[setting]]),
    ),
    wider: changes.flatMap(({ brieflyWider }, index) =>
      brieflyWider === null ? [] : [[index, brieflyWider]],
    ),
    facts: facts.length === 0 ? undefined : facts.map(({ span: _, ...fact }) => fact),
  })
  const { id, name } = account
  const { partition } = observed.account
  return { basis, digest: digestOn(basis, { account: { id, name, partition }, changes, steps }) }
}

/**
 * The digest of a plan by what it holds, and what it was made of: whoever has these can tell whether it is the digest of just them.
 * @param basis over what was observed, and all else that a plan hangs on
 */
export function digestOn(
  basis: string,
  {
    account,
    changes,
    steps,
  }: {
    readonly account: { readonly id: string; readonly name: string; readonly partition: string }
    readonly changes: readonly Omit<Change, 'span' | 'brieflyWider'>[]
    readonly steps: readonly {
      readonly operation: string
      readonly input: object
      readonly needs: readonly number[]
    }[]
  },
): string {
  const { id, name, partition } = account
  return hashOf({
    account: { id, name, partition },
    basis,
    changes: changes.map((change) => [
      change.action,
      change.kind,
      change.name,
      change.arn,
      change.details,
      change.steps,
    ]),
    steps: steps.map(({ operation, input, needs }) => [operation, input, needs]),
  })
}

const hashOf = (content: object): string =>
  `sha256:${createHash('sha256').update(JSON.stringify(content)).digest('hex')}`

/** What is named under those, as far as it was looked at; undefined: nothing is. */
function childrenIn(named: Names, { children }: AccountState): unknown {
  const found = CHILD_KINDS.flatMap((kind) =>
    keysOf(named).flatMap((parent) =>
      [...named[parent]].sort().flatMap((name) => {
        const states: readonly ChildState[] =
          CHILDREN[kind].parent === parent ? (children[kind]?.get(name) ?? []) : []
        return states.length === 0
          ? []
          : [[kind, name, states.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(plainChild)]]
      }),
    ),
  )
  return found.length === 0 ? undefined : found
}

const plainChild = ({ id, identity, status }: ChildState) => [id, identity, status]

/** Names by kind. */
type Names = Readonly<Record<EntityKind, Set<string>>>

/** What a plan changes, and what its steps name. @param accountId whose policies are meant where an ARN names one */
export function namedEntities(
  kinds: PlanKinds,
  accountId: string,
  changes: readonly Change[],
  steps: readonly Step[],
): Names {
  const named: Names = tableOf(keysOf(kinds), () => new Set())
  for (const { kind, name } of changes) if (isOf(kinds, kind)) named[kind].add(name)
  const fieldNames = nameFields(kinds)
  for (const { input } of steps) {
    for (const [field, kind] of fieldNames) {
      const value: unknown = Reflect.get(input, field)
      if (typeof value === 'string') named[kind].add(value)
    }
    for (const field of POLICY_FIELDS) {
      const value: unknown = Reflect.get(input, field)
      const entity = typeof value === 'string' ? parseEntityArn(value) : null
      if (entity !== null && entity.account === accountId) named.policy.add(entity.name)
    }
  }
  return named
}

const isOf = (kinds: PlanKinds, kind: string): kind is EntityKind => Object.hasOwn(kinds, kind)

/** The fields of inputs that name an entity. */
const nameFields = (kinds: PlanKinds): readonly (readonly [field: string, kind: EntityKind])[] =>
  keysOf(kinds).flatMap((kind) =>
    kinds[kind].namedBy === 'name' ? [[kinds[kind].facts.nameField, kind] as const] : [],
  )

const POLICY_FIELDS = ['PolicyArn', 'PermissionsBoundary'] as const

/**
 * Adds what gives a touched entity its meaning: what its attributes name, such as its groups, and its own and their
 * policies and boundaries. Who is let into a group, or given a policy, must be given what the reviewer saw.
 */
function addNeighbours(kinds: PlanKinds, named: Names, observed: AccountState): void {
  // Who names others comes before them.
  for (const kind of keysOf(kinds).toReversed()) addNeighboursOf(kinds, kind, named, observed)
}

function addNeighboursOf<K extends EntityKind>(
  kinds: PlanKinds,
  kind: K,
  named: Names,
  observed: AccountState,
): void {
  const { attributes }: PlanKind<K> = kinds[kind]
  const states: ReadonlyMap<string, StateOf<K>> = observed.entities[kind]
  const references = attributes.flatMap(({ refersTo }) => refersTo ?? [])
  for (const name of named[kind]) {
    const state = states.get(name)
    if (state === undefined) continue
    for (const { kind: to, by, namedIn } of references)
      for (const neighbour of namedIn(state))
        if (by === 'name') named[to].add(neighbour)
        else {
          const entity = parseEntityArn(neighbour)
          if (entity !== null && entity.account === observed.account.id) named[to].add(entity.name)
        }
  }
}

/** Whom a change of a group or policy reaches, by name: what else happens to them is no part of the plan. */
function reachedBy(named: Names, observed: AccountState, holders: Holders): readonly (readonly string[])[] {
  const members = [...named.group]
    .filter((name) => observed.entities.group.has(name))
    .sort()
    .map((name) => [`group/${name}`, ...holders.membersOf(name).map((user) => user.name)])
  const held = [...named.policy].sort().flatMap((name) => {
    const arn = observed.entities.policy.get(name)?.arn
    if (arn === undefined) return []
    return [
      [
        `policy/${name}`,
        ...holders.attachedTo(arn).map((holder) => entityRef(holder.kind, holder.name)),
        ...holders.boundedBy(arn).map((bounded) => `bounds ${entityRef(bounded.kind, bounded.name)}`),
      ],
    ]
  })
  return [...members, ...held]
}

const statesOf = (kinds: PlanKinds, named: Names, observed: AccountState): readonly AnyEntityState[] =>
  keysOf(kinds).flatMap((kind) =>
    [...named[kind]].sort().flatMap((name) => entitiesOf(observed, kind).get(name) ?? []),
  )

/** The same text for the same entity, in whatever order the target lists its parts. */
function plainEntity(entity: AnyEntityState): unknown {
  return Object.entries(entity)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, value]: readonly [string, unknown]) => {
      if (value instanceof Map)
        return [
          field,
          [...value].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, documentOf(member)]),
        ]
      if (Array.isArray(value) && value.every((member) => typeof member === 'string'))
        return [field, value.toSorted()]
      return [field, documentOf(value)]
    })
}

/** Of a document its JSON, without the places; of one that isn't known its text. */
function documentOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return 'json' in value ? value.json : 'unknown' in value && 'text' in value ? value.text : value
}

import { createHash } from 'node:crypto'
import type { AccountState, AnyEntityState } from '../model/index.ts'
import { parseEntityArn } from '../model/index.ts'
import type { Change, Step } from './plan.ts'
import { ENTITY_KINDS, entitiesOf } from './planning.ts'

/**
 * Binds an apply to what was reviewed (P4): the account, what was observed of everything that the plan touches or
 * names, and the changes with their steps.
 * @returns `sha256:` and 64 hex digits
 */
export function planDigest(
  account: { readonly id: string; readonly name: string },
  observed: AccountState,
  changes: readonly Change[],
  steps: readonly Step[],
): string {
  const touched = touchedEntities(observed, changes, steps)
  const hash = createHash('sha256')
  hash.update(
    JSON.stringify({
      account: { id: account.id, name: account.name, partition: observed.account.partition },
      observed: touched.map(plainEntity),
      passwordPolicy: changes.some(({ kind }) => kind === 'passwordPolicy')
        ? observed.passwordPolicy
        : undefined,
      alias: changes.some(({ kind }) => kind === 'accountAlias') ? observed.alias : undefined,
      changes: changes.map(({ span: _, ...change }) => change),
      steps,
    }),
  )
  return `sha256:${hash.digest('hex')}`
}

function touchedEntities(
  observed: AccountState,
  changes: readonly Change[],
  steps: readonly Step[],
): readonly AnyEntityState[] {
  const named = {
    user: new Set<string>(),
    group: new Set<string>(),
    role: new Set<string>(),
    policy: new Set<string>(),
  }
  for (const { kind, name } of changes)
    if (kind !== 'passwordPolicy' && kind !== 'accountAlias') named[kind].add(name)
  for (const { input } of steps) {
    for (const [field, kind] of NAME_FIELDS) {
      const value = input[field]
      if (typeof value === 'string') named[kind].add(value)
    }
    for (const field of ['PolicyArn', 'PermissionsBoundary']) {
      const value = input[field]
      const entity = typeof value === 'string' ? parseEntityArn(value) : null
      if (entity !== null && entity.account === observed.account.id) named.policy.add(entity.name)
    }
  }
  return ENTITY_KINDS.flatMap((kind) =>
    [...named[kind]].sort().flatMap((name) => entitiesOf(observed, kind).get(name) ?? []),
  )
}

const NAME_FIELDS = [
  ['UserName', 'user'],
  ['GroupName', 'group'],
  ['RoleName', 'role'],
] as const

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
      if (field === 'groups' || field === 'managedPolicies')
        return [field, [...(value as readonly string[])].sort()]
      return [field, documentOf(value)]
    })
}

/** Of a document its JSON, without the places. */
const documentOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'json' in value ? value.json : value

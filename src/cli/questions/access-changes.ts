import type { AccessDiff } from '../../access/access-diff.ts'
import type { ActionFacts } from '../../catalog/actions.ts'
import {
  type AccountState,
  jsonOf,
  PRINCIPAL_ENTITY_KINDS,
  type PrincipalEntityKind,
  type Unseen,
} from '../../model/index.ts'
import type { AccessContext } from '../../report/access/access-page.ts'
import { isEmpty } from '../../report/access/access-text.ts'
import type { AccessChanges } from '../../report/plans/previewed-plan.ts'
import type { ReplacedRole } from '../../report/plans/replaced-role.ts'
import { groupMembers } from '../../report/questions/principals-text.ts'

export const NO_ACCESS_CHANGES: AccessChanges = {
  diff: { verdict: 'none', gained: [], lost: [], unknown: [], escalations: [] },
  context: {
    account: null,
    levelOf: () => null,
    serviceCount: 0,
    catalogDate: '',
    members: { gained: new Map(), lost: new Map() },
    fresh: { gained: new Set(), lost: new Set() },
  },
}

/**
 * @param states of the account before and after; null: the changes are of policies that anybody may hold
 * @param unseen what the states don't hold; absent: what isn't there isn't declared
 */
export const accessChanges = async (
  diff: AccessDiff,
  states: { readonly before: AccountState; readonly after: AccountState } | null,
  unseen?: ReadonlySet<Unseen>,
): Promise<AccessChanges> => {
  const isNothing =
    isEmpty(diff) && (states === null || replacedRoles(states.before, states.after).length === 0)
  const context = isNothing
    ? NO_ACCESS_CHANGES.context
    : await accessContext(states?.before ?? null, states?.after ?? null)
  return {
    diff: isNothing ? NO_ACCESS_CHANGES.diff : diff,
    context: unseen === undefined ? context : { ...context, unseen },
  }
}

/**
 * What it takes to show what is so in one state.
 * @param states of one account, whose principals are called by their names, or of several
 */
export async function accessContextOf(states: readonly AccountState[]): Promise<AccessContext> {
  const [only, second] = states
  const context = await accessContext(null, second === undefined ? (only ?? null) : null)
  if (second === undefined) return context
  const groups = states.flatMap((state) =>
    [...groupMembers(state)].map(([name, members]) => [`${name} of ${state.account.id}`, members] as const),
  )
  return { ...context, members: { gained: new Map(groups), lost: new Map() } }
}

/** @param after null: principals of several accounts, or of none, are shown */
async function accessContext(
  before: AccountState | null,
  after: AccountState | null,
): Promise<AccessContext> {
  // The catalogue takes a moment to load, and a watcher asks again and again.
  facts ??= import('../../catalog/actions.ts').then(({ loadActions }) => loadActions())
  const { date, accessLevelOf, services } = await facts
  const members = (state: AccountState | null) => (state === null ? new Map() : groupMembers(state))
  return {
    account: after?.account ?? null,
    levelOf: accessLevelOf,
    serviceCount: services().length,
    catalogDate: date,
    members: { gained: members(after), lost: members(before) },
    fresh: { gained: onlyIn(after, before), lost: onlyIn(before, after) },
    ...(before === null || after === null ? {} : { replaced: replacedRoles(before, after) }),
  }
}

/** Roles that have another path, and so are made anew: who only moves a user keeps it. */
const replacedRoles = (before: AccountState, after: AccountState): readonly ReplacedRole[] =>
  [...after.entities.role.values()].flatMap(({ name, arn }) => {
    const former = before.entities.role.get(name)
    if (former === undefined || former.arn === arn) return []
    const trustedBy = [...before.entities.role.values()].flatMap((role) =>
      role.name !== name && JSON.stringify(jsonOf(role.trustPolicy)).includes(`"${former.arn}"`)
        ? [role.name]
        : [],
    )
    return [{ name, before: former.arn, after: arn, trustedBy }]
  })

/**
 * ARNs of users and roles of one state that the other doesn't have under any path: who moves stays the same. None if one of the
 * states isn't known.
 */
function onlyIn(state: AccountState | null, other: AccountState | null): ReadonlySet<string> {
  if (state === null || other === null) return new Set()
  const only = (mine: Entities, others: Entities) =>
    [...mine].flatMap(([name, { arn }]) => (others.has(name) ? [] : [arn]))
  return new Set(PRINCIPAL_ENTITY_KINDS.flatMap((kind) => only(state.entities[kind], other.entities[kind])))
}

type Entities = AccountState['entities'][PrincipalEntityKind]

let facts: Promise<ActionFacts> | null = null

import type { AccessDiff } from '../access/access-diff.ts'
import type { ActionFacts } from '../catalog/actions.ts'
import type { SourceTexts } from '../diagnostics/index.ts'
import type { AccountState } from '../model/index.ts'
import type { AccessContext } from '../report/access-page.ts'
import { accessText, isEmpty } from '../report/access-text.ts'
import { groupMembers } from '../report/principals-text.ts'

/** Access changes, and what it takes to show them to people. */
export interface AccessChanges {
  readonly diff: AccessDiff
  readonly context: AccessContext
}

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

/** @param states of the account before and after; null: the changes are of policies that anybody may hold */
export const accessChanges = async (
  diff: AccessDiff,
  states: { readonly before: AccountState; readonly after: AccountState } | null,
): Promise<AccessChanges> =>
  isEmpty(diff)
    ? NO_ACCESS_CHANGES
    : { diff, context: await accessContext(states?.before ?? null, states?.after ?? null) }

/** @param after null: principals of several accounts, or of none, are shown */
export async function accessContext(
  before: AccountState | null,
  after: AccountState | null,
): Promise<AccessContext> {
  // The catalogue takes a moment to load, and a watcher asks again and again.
  facts ??= import('../catalog/actions.ts').then(({ loadActions }) => loadActions())
  const { date, accessLevelOf, services } = await facts
  const members = (state: AccountState | null) => (state === null ? new Map() : groupMembers(state))
  return {
    account: after?.account ?? null,
    levelOf: accessLevelOf,
    serviceCount: services().length,
    catalogDate: date,
    members: { gained: members(after), lost: members(before) },
    fresh: { gained: onlyIn(after, before), lost: onlyIn(before, after) },
  }
}

/**
 * ARNs of users and roles of one state that the other doesn't have under any path: who moves stays the same. None if one of the
 * states isn't known.
 */
function onlyIn(state: AccountState | null, other: AccountState | null): ReadonlySet<string> {
  if (state === null || other === null) return new Set()
  const only = (mine: Entities, others: Entities) =>
    [...mine].flatMap(([name, { arn }]) => (others.has(name) ? [] : [arn]))
  return new Set([...only(state.users, other.users), ...only(state.roles, other.roles)])
}

type Entities = AccountState['users'] | AccountState['roles']

let facts: Promise<ActionFacts> | null = null

export const accessChangesText = (
  { diff, context }: AccessChanges,
  texts: SourceTexts,
  color: boolean,
): string => accessText(diff, texts, context, { color })

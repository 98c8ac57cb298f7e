import type { AccessDiff } from '../../access/access-diff.ts'
import type { AccessEntry, AccessLevels, Direction } from '../../access/access-entry.ts'
import type { AccessLevel } from '../../catalog/actions.ts'
import { notability } from '../../catalog/notable-actions.ts'

/** The most powerful first. */
export const LEVELS: readonly AccessLevel[] = ['permissions', 'write', 'tagging', 'read', 'list']

/** null: the catalogue doesn't say. */
export type LevelOf = (action: string) => AccessLevel | null

/** Actions of one service. */
export interface ServiceActions {
  /** What stands before the colon: `s3`; of future actions `*` may be. */
  readonly service: string
  /** The most powerful first. */
  readonly actions: readonly string[]
  readonly levels: AccessLevels
}

/** Everything that the same principals gain, or lose. */
export interface AccessGroup {
  readonly direction: Direction
  /** Sorted. */
  readonly principals: readonly string[]
  /** What each statement gives, the most powerful first; one of the entries that differ in principals and witness alone. */
  readonly statements: readonly ShownEntry[]
}

/** An entry as a line shows it. */
export type ShownEntry = AccessEntry & {
  /** Of a line for many: what was, or is, allowed besides isn't the same for all of them. */
  readonly isMixed?: true
}

interface Draft {
  entry: ShownEntry
  /** The first entry, without the name of whose it is. */
  readonly general: ShownEntry
  readonly principals: Set<string>
  rank: number
}

/** By principals; the most dangerous first, and else in the order of the entries. */
export function accessGroups(entries: readonly ShownEntry[], direction: Direction): readonly AccessGroup[] {
  const drafts = new Map<string, Draft>()
  const keyOf = readableKeys(entries.map(ofWhoeverItIs))
  for (const entry of entries) {
    const general = ofWhoeverItIs(entry)
    const key = keyOf(general)
    const draft = drafts.get(key) ?? { entry, general, principals: new Set(), rank: rankOf(entry) }
    drafts.set(key, draft)
    if (differenceKey(general) !== differenceKey(draft.general)) draft.entry = mixed(draft.general)
    else if (entryParts(entry) !== entryParts(draft.entry) && draft.entry.isMixed !== true)
      draft.entry = draft.general
    for (const principal of entry.principals) draft.principals.add(principal)
    draft.rank = Math.min(draft.rank, rankOf(entry))
  }
  const groups = new Map<string, { readonly principals: readonly string[]; readonly drafts: Draft[] }>()
  for (const draft of drafts.values()) {
    const principals = [...draft.principals].sort()
    const key = principals.join('\n')
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { principals, drafts: [draft] })
    else known.drafts.push(draft)
  }
  return [...groups.values()]
    .map(({ principals, drafts: unsorted }) => {
      const sorted = unsorted.toSorted((a, b) => a.rank - b.rank || compareEntries(a.entry, b.entry))
      return {
        rank: sorted[0]?.rank ?? 0,
        direction,
        principals,
        statements: sorted.map(({ entry }) => entry),
      }
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ rank: _, ...group }) => group)
}

const entryParts = (entry: AccessEntry): string => `${statementKey(entry)} ${differenceKey(entry)}`

/**
 * An entry of one user in which the user's own ARN stands as policies write it, `…:user/${aws:username}`: so what says the same
 * of each of many users is one line.
 */
export function ofWhoeverItIs(entry: ShownEntry): ShownEntry {
  const [own, another] = entry.principals
  if (own === undefined || another !== undefined || !own.includes(':user/')) return entry
  const anybody = `${own.slice(0, own.lastIndexOf('/') + 1)}\${aws:username}`
  const general = <Value>(value: Value): Value => {
    if (typeof value === 'string') return (value === own ? anybody : value) as Value
    if (Array.isArray(value)) return value.map(general) as Value
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, general(each)])) as Value
  }
  const { principals, witness, source, ...said } = entry
  return { ...general(said), principals, witness, source }
}

function mixed(entry: ShownEntry): ShownEntry {
  const { before: _before, after: _after, values: _values, ...rest } = entry
  return { ...rest, isMixed: true }
}

/** Differences of one statement that are told apart; beyond, a line for each would bury what they have in common. */
const MOST_DIFFERENCES = 3

/** Equal for entries that are one line: the same statement and actions, and the same difference, unless there are many. */
function readableKeys(entries: readonly AccessEntry[]): (entry: AccessEntry) => string {
  const lineOf = (entry: AccessEntry) => `${statementKey(entry)} ${entry.actions.join()}`
  const differences = new Map<string, Set<string>>()
  for (const entry of entries) {
    const line = lineOf(entry)
    const known = differences.get(line)
    if (known === undefined) differences.set(line, new Set([differenceKey(entry)]))
    else known.add(differenceKey(entry))
  }
  return (entry) => {
    const line = lineOf(entry)
    const isTold = (differences.get(line)?.size ?? 0) <= MOST_DIFFERENCES
    return isTold ? `${line} ${differenceKey(entry)}` : line
  }
}

/** Actions by service, both the most powerful first. */
export function servicesOf(actions: readonly string[], levelOf: LevelOf): readonly ServiceActions[] {
  const services = new Map<string, string[]>()
  for (const action of actions) {
    const service = serviceOf(action)
    const known = services.get(service)
    if (known === undefined) services.set(service, [action])
    else known.push(action)
  }
  return [...services]
    .map(([service, ofService]) => ({
      service,
      actions: mostPowerfulFirst(ofService, levelOf),
      // Where names are shown, those that nothing is known of are told apart.
      levels: countLevels(
        ofService.filter((action) => levelOf(action) !== null || /[*?]/.test(action)),
        levelOf,
      ),
    }))
    .sort((a, b) => levelRank(a.levels) - levelRank(b.levels) || compare(a.service, b.service))
}

/** All actions of a group; those that several statements share count once. */
export const actionsOf = ({ statements }: AccessGroup): readonly string[] => [
  ...new Set(statements.flatMap(({ actions }) => actions)),
]

/** The same for entries of the same statement, whoever their principals are. */
export const statementKey = (entry: AccessEntry): string =>
  JSON.stringify([
    entry.kind,
    entry.resources,
    entry.notResources,
    entry.conditions,
    entry.via,
    entry.tier,
    entry.source,
    entry.policy,
    entry.sid,
    entry.because,
    entry.isPotential,
    entry.sessionTags ?? null,
    entry.by,
  ])

/** The same for an escalation and the entry that it is of. */
export const entryKey = (entry: AccessEntry): string =>
  JSON.stringify([entry.principals, entry.actions, statementKey(entry), differenceKey(entry)])

/** Keys of what is lost and not gained as well: a statement whose values change is both. */
export function lostAlone({ gained, lost }: Pick<AccessDiff, 'gained' | 'lost'>): ReadonlySet<string> {
  const keys = new Set(lost.map(entryKey))
  for (const entry of gained) keys.delete(entryKey(entry))
  return keys
}

/** The same for entries that say the same of what was, and is, allowed. */
const differenceKey = ({ before, after, values, ended }: AccessEntry): string =>
  JSON.stringify([before, after, values, ended])

const serviceOf = (action: string): string =>
  action.includes(':') ? action.slice(0, action.indexOf(':')) : action

export const nameOfAction = (action: string): string => action.slice(action.indexOf(':') + 1)

export const mostPowerfulFirst = (actions: readonly string[], levelOf: LevelOf): readonly string[] =>
  actions
    .map((action) => ({
      action,
      rank: notability(action),
      level: LEVELS.indexOf(levelOf(action) ?? 'write'),
    }))
    .sort((a, b) => a.level - b.level || a.rank - b.rank || compare(a.action, b.action))
    .map(({ action }) => action)

/** What the catalogue doesn't know may well write. */
export function countLevels(actions: readonly string[], levelOf: LevelOf): AccessLevels {
  const levels = { permissions: 0, write: 0, tagging: 0, read: 0, list: 0 }
  for (const action of actions) levels[levelOf(action) ?? 'write']++
  return levels
}

const levelRank = (levels: AccessLevels): number => {
  const rank = LEVELS.findIndex((level) => levels[level] > 0)
  return rank === -1 ? LEVELS.length : rank
}

/** What no known type of resource matches comes last. */
const rankOf = ({ levels, tier }: ShownEntry): number =>
  levelRank(levels) + (tier === 'pattern' ? LEVELS.length + 1 : 0)

const compareEntries = (a: AccessEntry, b: AccessEntry): number =>
  compare(serviceOf(a.actions[0] ?? ''), serviceOf(b.actions[0] ?? '')) ||
  compare(a.resources.join(), b.resources.join())

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

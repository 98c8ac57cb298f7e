import type { AccessEntry, AccessLevels } from '../access/access-diff.ts'
import type { AccessLevel } from '../catalog/actions.ts'

export type Direction = 'gained' | 'lost'

/** The most powerful first. */
export const LEVELS: readonly AccessLevel[] = ['permissions', 'write', 'tagging', 'read', 'list']

/** null: the catalogue doesn't say. */
export type LevelOf = (action: string) => AccessLevel | null

/** What some principals gain or lose of one service, by one statement. */
export interface AccessLine {
  /** Sorted. */
  readonly principals: readonly string[]
  /** What stands before the colon: `s3`; of future actions `*` may be. */
  readonly service: string
  /** The most powerful first. */
  readonly actions: readonly string[]
  readonly levels: AccessLevels
  /** The first of the entries that it stands for: they differ in their principals and witnesses alone. */
  readonly entry: AccessEntry
  /** Of an escalation: what can be done with it. */
  readonly whys: readonly string[]
}

/** The lines of the same principals. */
export interface AccessGroup {
  readonly direction: Direction
  readonly principals: readonly string[]
  readonly lines: readonly AccessLine[]
}

/** By principals, in the order in which they first come; their lines by level, service and resource. */
export function accessGroups(
  entries: readonly (AccessEntry & { readonly why?: string })[],
  direction: Direction,
  levelOf: LevelOf,
): readonly AccessGroup[] {
  const merged = new Map<string, Omit<AccessLine, 'principals'> & { readonly principals: Set<string> }>()
  for (const entry of entries)
    for (const [service, actions] of byService(entry)) {
      const identity = JSON.stringify([service, actions, statementKey(entry)])
      const known = merged.get(identity)
      for (const principal of entry.principals) known?.principals.add(principal)
      if (known !== undefined) {
        if (entry.why !== undefined && !known.whys.includes(entry.why))
          merged.set(identity, { ...known, whys: [...known.whys, entry.why] })
        continue
      }
      merged.set(identity, {
        principals: new Set(entry.principals),
        service,
        actions: byLevel(actions, levelOf),
        levels: actions.length === entry.actions.length ? entry.levels : countLevels(actions, levelOf),
        entry,
        whys: entry.why === undefined ? [] : [entry.why],
      })
    }
  const groups = new Map<string, AccessLine[]>()
  for (const { principals, ...line } of merged.values()) {
    const sorted = [...principals].sort()
    const key = JSON.stringify(sorted)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [{ ...line, principals: sorted }])
    else known.push({ ...line, principals: sorted })
  }
  return [...groups.values()].map((lines) => ({
    direction,
    principals: lines[0]?.principals ?? [],
    lines: lines.sort(
      (a, b) =>
        rankOf(a) - rankOf(b) ||
        compare(a.service, b.service) ||
        compare(a.entry.resources.join(), b.entry.resources.join()),
    ),
  }))
}

/** A group with too many lines, by service: what is left of its lines are the counts. */
export interface ServiceSummary {
  readonly service: string
  readonly levels: AccessLevels
  readonly statements: number
}

/** In the order of services. Actions that several lines share count once. */
export function byServiceOnly({ lines }: AccessGroup, levelOf: LevelOf): readonly ServiceSummary[] {
  const services = new Map<string, AccessLine[]>()
  for (const line of lines) {
    const known = services.get(line.service)
    if (known === undefined) services.set(line.service, [line])
    else known.push(line)
  }
  return [...services]
    .sort(([a], [b]) => compare(a, b))
    .map(([service, ofService]) => ({
      service,
      levels: countLevels([...new Set(ofService.flatMap(({ actions }) => actions))], levelOf),
      statements: ofService.length,
    }))
}

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
  ])

/** The same for an escalation and the entry that it is of. */
export const entryKey = (entry: AccessEntry): string =>
  JSON.stringify([entry.principals, entry.actions, statementKey(entry)])

export const serviceOf = (action: string): string =>
  action.includes(':') ? action.slice(0, action.indexOf(':')) : action

export const nameOf = (action: string): string => action.slice(action.indexOf(':') + 1)

function byService({ actions }: AccessEntry): ReadonlyMap<string, readonly string[]> {
  const services = new Map<string, string[]>()
  for (const action of actions) {
    const service = serviceOf(action)
    const known = services.get(service)
    if (known === undefined) services.set(service, [action])
    else known.push(action)
  }
  return services
}

const byLevel = (actions: readonly string[], levelOf: LevelOf): readonly string[] =>
  actions.toSorted(
    (a, b) => LEVELS.indexOf(levelOf(a) ?? 'write') - LEVELS.indexOf(levelOf(b) ?? 'write') || compare(a, b),
  )

/** What the catalogue doesn't know may well write. */
function countLevels(actions: readonly string[], levelOf: LevelOf): AccessLevels {
  const levels = { permissions: 0, write: 0, tagging: 0, read: 0, list: 0 }
  for (const action of actions) levels[levelOf(action) ?? 'write']++
  return levels
}

const rankOf = ({ levels }: AccessLine): number => {
  const rank = LEVELS.findIndex((level) => levels[level] > 0)
  return rank === -1 ? LEVELS.length : rank
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

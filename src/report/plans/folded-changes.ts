import type { Detail } from '../../model/detail.ts'
import type { Change, ChangeAction } from '../../plan/plan.ts'
import { type Paint, printable } from '../layout/paint.ts'
import { countedKind, type ReportKind } from '../report-kind.ts'

/** Changes that are equal but for whom they are about. */
export interface EqualChanges {
  readonly first: Change
  readonly all: readonly Change[]
}

/** So many equal changes are told as one. */
const FEWEST = 3
/** Names of a fold before the rest is only counted. Of what is deleted all are named. */
const MOST_NAMES = 10
/** Of a line with nothing but names. */
const LONGEST_LINE = 100

/** In the order of the first ones. What has nothing but a name of its own, or what is its own, stays by itself. */
export function equalChanges(changes: readonly Change[]): readonly EqualChanges[] {
  const groups = new Map<string, Change[]>()
  for (const [index, change] of changes.entries()) {
    const key =
      change.details.length === 0 && change.action !== 'delete'
        ? String(index)
        : JSON.stringify([change.action, change.kind, change.details])
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [change])
    else known.push(change)
  }
  const folded = new Map<Change, readonly Change[]>()
  for (const group of groups.values()) {
    const [first] = group
    if (first !== undefined && group.length >= FEWEST) folded.set(first, group)
    else for (const change of group) folded.set(change, [change])
  }
  return changes.flatMap((first) => {
    const all = folded.get(first)
    return all === undefined ? [] : [{ first, all }]
  })
}

/** `160 users: groups + ops`; what is more than one line stands below. */
export const foldTitle = ({ first, all }: EqualChanges, kind: ReportKind): string => {
  const many = countedKind(all.length, kind)
  const short = shortDetail(first)
  return short === null ? many : `${many}: ${short}`
}

/** Whether the title says all of it. */
export const isToldInTitle = (change: Change): boolean => shortDetail(change) !== null

function shortDetail({ details }: Change): string | null {
  const [only, second] = details
  if (only === undefined || second !== undefined || only.type !== 'list') return null
  const [entry, other] = signed(only)
  return entry === undefined || other !== undefined ? null : `${printable(only.path)} ${entry}`
}

const signed = ({ added, removed }: Extract<Detail, { readonly type: 'list' }>): readonly string[] => [
  ...removed.map((entry) => `- ${printable(String(entry))}`),
  ...added.map((entry) => `+ ${printable(String(entry))}`),
]

/** Who they are about. */
export function foldedNames({ all }: EqualChanges, action: ChangeAction, paint: Paint): readonly string[] {
  const isDangerous = action === 'delete' || action === 'replace'
  const names = all.map(({ name }) => printable(name))
  const shown = isDangerous ? names : names.slice(0, MOST_NAMES)
  const lines: string[] = []
  for (const name of shown) {
    const last = lines.at(-1)
    if (last === undefined || last.length + name.length > LONGEST_LINE) lines.push(name)
    else lines[lines.length - 1] = `${last}, ${name}`
  }
  const more = names.length - shown.length
  return more > 0 ? [...lines, paint('dim', `… and ${more} more (\`--json\` lists all)`)] : lines
}

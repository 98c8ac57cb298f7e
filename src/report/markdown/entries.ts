import { withoutUnseen } from '../../diagnostics/unseen.ts'
import { accountTitle } from '../layout/account-title.ts'
import type { ReviewEntry } from '../review/review.ts'
import { fenced } from './fenced.ts'
import { codeSpan, inline } from './inline.ts'

/** One line of a list: whom it is about, and what is said of them in short. */
export function shortItem(entry: ReviewEntry, showsAccount: boolean): string {
  const { who, short, account } = entry
  const where =
    showsAccount && account !== null ? ` in ${codeSpan(cut(accountTitle(account), BRIEF_WHO))}` : ''
  return `- **${inline(who)}**${where}${short === '' ? '' : `: ${inline(short)}`}`
}

/** At a glance a line is no longer, but for escapes. */
export const BRIEF_LINE = 360
const BRIEF_WHO = 120
const BRIEF_SHORT = 200

/** The same without the end of what is very long. */
export const briefItem = (entry: ReviewEntry, showsAccount: boolean): string =>
  shortItem({ ...entry, who: cut(entry.who, BRIEF_WHO), short: cut(entry.short, BRIEF_SHORT) }, showsAccount)

/** The beginning of a text, in whole characters; what nobody sees counts as what is shown of it. */
export function cut(text: string, most: number): string {
  // No more than that is looked at: escapes only make it longer.
  const shown = withoutUnseen(text.slice(0, most + 1))
  if (shown.length <= most) return shown
  return `${shown.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** The same with everything there is to say below it. */
export function fullItem(entry: ReviewEntry, showsAccount: boolean): string {
  const item = shortItem(entry, showsAccount)
  // What the item says already need not stand below it again.
  const lines = entry.lines[0] === entry.short ? entry.lines.slice(1) : entry.lines
  if (lines.length === 0) return item
  const block = fenced(lines).split('\n')
  return [item, ...block.map((line) => `  ${line}`)].join('\n')
}

/** A change as `diff` shows it: what comes and what goes is told by how a line begins. */
export function diffLines({ sign, who, short, lines }: ReviewEntry): readonly string[] {
  const details = lines.length === 0 && short !== '' ? [short] : lines
  return [`${sign} ${who}`, ...details.map(signFirst)]
}

const signFirst = (line: string): string => {
  const [, indent = '', sign = ''] = /^( *)([+~±-]) /.exec(line) ?? []
  return sign === '' ? `    ${line}` : `${sign}   ${indent}${line.slice(indent.length + 2)}`
}

/** Entries that are about the same, by the same rule, as one each; in the order of the first ones. */
export function alikeAsOne(entries: readonly ReviewEntry[]): readonly ReviewEntry[] {
  const groups = new Map<string, ReviewEntry[]>()
  for (const entry of entries) {
    const { merge, place, sign, account } = entry
    const key = JSON.stringify([merge.rule, merge.target, place?.file ?? null, sign, account?.id ?? null])
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [entry])
    else known.push(entry)
  }
  return [...groups.values()].flatMap((group) => {
    const [first, second] = group
    if (first === undefined) return []
    if (second === undefined) return [first]
    const count = group.reduce((sum, each) => sum + each.count, 0)
    return [{ ...first, who: `${first.who} and ${count - first.count} more alike`, count }]
  })
}

import { type Paint, painter, printable } from './layout/paint.ts'
import type { TextOptions } from './plans/plan-text.ts'

/** One apply as the journal has it. The journal's own type lives with the target, which this room doesn't know. */
export interface AppliedEntry {
  readonly id: string
  /** ISO 8601 UTC. */
  readonly time: string
  readonly account: { readonly id: string; readonly name: string }
  readonly commit: string | null
  readonly dirty: boolean | null
  readonly actor: string
  readonly digest: string
  readonly summary: { readonly done: number; readonly failed: number; readonly skipped: number }
  readonly outcome: 'complete' | 'partial' | 'interrupted'
  /** The code of what the target broke down with; null: it didn't. */
  readonly reason: string | null
}

/** One element of `entries` in `history --json`. */
export const historyJson = (entry: AppliedEntry): object => ({
  id: entry.id,
  time: entry.time,
  account: { id: entry.account.id, name: entry.account.name },
  commit: entry.commit,
  dirty: entry.dirty,
  actor: entry.actor,
  digest: entry.digest,
  summary: { done: entry.summary.done, failed: entry.summary.failed, skipped: entry.summary.skipped },
  outcome: entry.outcome,
  reason: entry.reason,
})

/** Newest first, one line each, in columns as wide as what stands in them. */
export function historyText(
  entries: readonly AppliedEntry[],
  { color }: TextOptions = { color: false },
): string {
  if (entries.length === 0) return 'nothing has been applied yet'
  const paint = painter(color)
  const rows = entries.map((entry) => [
    printable(entry.time),
    printable(entry.account.name),
    printable(entry.outcome),
    commitText(entry),
    printable(entry.actor),
    summaryText(entry),
  ])
  const widths = rows.reduce<readonly number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    [],
  )
  return rows
    .map((row, index) =>
      row
        .map((cell, column) => {
          const padded = column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)
          return column === 2 ? outcomeText(padded, entries[index]?.outcome ?? 'complete', paint) : padded
        })
        .join('  '),
    )
    .join('\n')
}

const outcomeText = (text: string, outcome: AppliedEntry['outcome'], paint: Paint): string =>
  outcome === 'complete' ? text : paint(outcome === 'partial' ? 'removed' : 'changed', text)

const commitText = ({ commit, dirty }: AppliedEntry): string =>
  commit === null ? 'no commit' : `${printable(commit.slice(0, 12))}${dirty === true ? ' (dirty)' : ''}`

/** One that was killed couldn't count what it had done. */
const summaryText = ({ outcome, reason, summary: { done, failed, skipped } }: AppliedEntry): string =>
  outcome === 'interrupted' && done + failed + skipped === 0
    ? 'killed, steps not counted'
    : [
        `${done} done`,
        ...(failed > 0 ? [`${failed} failed`] : []),
        ...(skipped > 0 ? [`${skipped} skipped`] : []),
        ...(reason === null ? [] : [BREAKDOWNS[reason] ?? printable(reason)]),
      ].join(', ')

/** What a target broke down with, in words. */
const BREAKDOWNS: Readonly<Record<string, string>> = {
  'store.disk-full': 'the disk was full',
  'store.io': 'reading or writing the disk failed',
  'store.removed': 'the database was moved or deleted',
  'store.corrupt': 'the database was damaged',
}

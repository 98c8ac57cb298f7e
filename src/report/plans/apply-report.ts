import { keysOf } from '../../model/index.ts'
import { counted, painter, printable } from '../layout/paint.ts'
import type { ReportKinds } from '../report-kind.ts'
import type { TextOptions } from './plan-text.ts'

export interface ReportedStep {
  readonly operation: string
  readonly input: object
  readonly status: 'done' | 'failed' | 'skipped'
  readonly error: { readonly code: string; readonly message: string } | null
}

/** What an apply did to one account. */
export interface ApplyReport {
  readonly account: { readonly id: string; readonly name: string }
  readonly digest: string
  readonly commit: string | null
  readonly dirty: boolean | null
  readonly steps: readonly ReportedStep[]
  /** Whether a second plan, made after the last step, is empty. */
  readonly verified: boolean
}

/** One element of `results` in `apply --json`. */
export function applyJson(report: ApplyReport): object {
  return {
    account: { id: report.account.id, name: report.account.name },
    digest: report.digest,
    commit: report.commit,
    dirty: report.dirty,
    steps: report.steps.map(({ operation, input, status, error }) => ({ operation, input, status, error })),
    summary: stepCounts(report.steps),
    verified: report.verified,
  }
}

export function stepCounts(steps: readonly ReportedStep[]): {
  readonly done: number
  readonly failed: number
  readonly skipped: number
} {
  const counts = { done: 0, failed: 0, skipped: 0 }
  for (const { status } of steps) counts[status]++
  return counts
}

/** Skipped steps named before the rest is only counted. */
const MOST_SKIPPED = 10

/** What an apply did, for people: the summary, then every failure, then what was skipped for it. */
export function applyText(
  report: ApplyReport,
  kinds: ReportKinds,
  { color }: TextOptions = { color: false },
): string {
  const paint = painter(color)
  const { done, failed, skipped } = stepCounts(report.steps)
  const parts = [`${counted(done, 'step')} done`]
  if (failed > 0) parts.push(paint('removed', `${failed} failed`))
  if (skipped > 0) parts.push(paint('changed', `${skipped} skipped`))
  const complete = failed === 0 && skipped === 0
  const verdict = report.verified ? 'verified: a second plan is empty' : null
  const lines = [
    `${paint('bold', printable(report.account.name))}: ${parts.join(', ')}${verdict === null ? '' : `; ${verdict}`}`,
  ]
  for (const step of report.steps)
    if (step.status === 'failed')
      lines.push(
        `  ${paint('removed', 'failed')}  ${stepText(step, kinds)}`,
        `          ${printable(step.error === null ? 'unknown error' : `${step.error.code}: ${step.error.message}`)}`,
      )
  const left = report.steps.filter(({ status }) => status === 'skipped')
  for (const step of left.slice(0, MOST_SKIPPED))
    lines.push(`  ${paint('changed', 'skipped')} ${stepText(step, kinds)}`)
  if (left.length > MOST_SKIPPED) lines.push(`  … and ${left.length - MOST_SKIPPED} more skipped`)
  if (complete && !report.verified)
    lines.push(
      `  ${paint('removed', 'not verified')}: a second plan is not empty; \`iam-sync plan\` shows what is left`,
    )
  return lines.join('\n')
}

/** A step in a few words: the operation and whom it is about. */
export function stepText(
  { operation, input }: Pick<ReportedStep, 'operation' | 'input'>,
  kinds: ReportKinds,
): string {
  const fields: Readonly<Record<string, unknown>> = { ...input }
  const subject = keysOf(kinds)
    .flatMap((kind) => kinds[kind].namedIn)
    .flatMap((key) => (typeof fields[key] === 'string' ? [fields[key]] : []))
    .slice(0, 2)
  return printable([operation, ...subject].join(' '))
}

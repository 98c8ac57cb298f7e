import type { AccessDiff } from '../../access/access-diff.ts'
import type { CheckResult } from '../../checks/check-result.ts'
import type { SourceTexts } from '../../diagnostics/index.ts'
import type { Plan } from '../../plan/plan.ts'
import type { AccessContext } from '../access/access-page.ts'
import { accessText } from '../access/access-text.ts'
import { testText } from '../decisions/test-report.ts'
import type { ReportKinds } from '../report-kind.ts'
import type { ComparedCommit } from './compared-commit.ts'
import { planJson } from './plan-json.ts'
import { planText, type TextOptions } from './plan-text.ts'

/** Access changes, and what it takes to show them to people. */
export interface AccessChanges {
  readonly diff: AccessDiff
  readonly context: AccessContext
}

/** The plan of one account, whose access it changes, and what its tests and invariants say of the desired state. */
export interface PreviewedPlan {
  readonly plan: Plan
  readonly tests: readonly CheckResult[]
  /** null: it isn't known, for want of an analysis or since the plan has errors. */
  readonly access: AccessChanges | null
  /** null, or absent: it was made against the target. */
  readonly against?: ComparedCommit | null
}

export const accessChangesText = (
  { diff, context }: AccessChanges,
  texts: SourceTexts,
  options: TextOptions,
): string => accessText(diff, texts, context, options)

/** One account's plan, whose access it changes first, and below it the tests that don't pass. */
export function previewText(
  { plan, tests, access, against = null }: PreviewedPlan,
  kinds: ReportKinds,
  texts: SourceTexts,
  options: TextOptions,
): string {
  // Where nothing changes nobody asks whose access does.
  const isQuiet =
    access === null ||
    (access.diff.verdict === 'none' &&
      (access.diff.unknownEscalations ?? []).length === 0 &&
      plan.changes.length === 0 &&
      plan.facts.length === 0)
  const plain = planText(plan, kinds, texts, {
    ...options,
    against,
    access: isQuiet ? null : accessChangesText(withEarlierTexts(access, against), texts, options),
  })
  return tests.length === 0 ? plain : `${plain}\n${testText(tests, texts, { ...options, show: 'failures' })}`
}

/** What was lost stands in the texts of what was before. */
export const withEarlierTexts = (access: AccessChanges, against: ComparedCommit | null): AccessChanges =>
  against === null ? access : { ...access, context: { ...access.context, earlier: against.texts } }

export const previewJson = ({ plan, access, against = null }: PreviewedPlan, texts: SourceTexts): object =>
  planJson(plan, texts, access?.diff ?? null, against)

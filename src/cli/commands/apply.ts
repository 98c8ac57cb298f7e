import { type Diagnostic, errorOf } from '../../diagnostics/index.ts'
import { REPORT_KINDS } from '../../kinds/report.ts'
import { applyOrder } from '../../reconcile/apply-order.ts'
import { comparePlans } from '../../reconcile/compare-plans.ts'
import { SHOWN_AS_BEFORE } from '../../reconcile/shown-elsewhere.ts'
import { counted } from '../../report/layout/paint.ts'
import { accountTexts } from '../../report/plans/alike-accounts.ts'
import { type ApplyReport, applyText, stepCounts } from '../../report/plans/apply-report.ts'
import { comparisonText } from '../../report/plans/comparison-text.ts'
import { planSummary } from '../../report/plans/plan-text.ts'
import { previewText } from '../../report/plans/previewed-plan.ts'
import { parseDuration } from '../arguments/duration.ts'
import { guardOverrides } from '../arguments/reviewed-plan.ts'
import { type CommandOutcome, flagSet, flagText, type Invocation } from '../command.ts'
import { handedOverNote, secretsTo } from '../delivering/secrets-to.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts'
import { nameWarnings } from '../opening/name-warnings.ts'
import { provenance } from '../opening/provenance.ts'
import { missingSecrets } from '../opening/secret-ports.ts'
import { diagnosticsOf, stackOf } from '../output/failure.ts'
import { outOptions } from '../output/text-options.ts'
import {
  type AppliedPreview,
  type ApplyContext,
  applyPreview,
  doneByAnother,
  doneByAnotherReport,
  skippedReport,
} from '../planning/apply-account.ts'
import { applyInTurn, type MakeAwaited } from '../planning/apply-in-turn.ts'
import { openBaseline } from '../planning/baseline.ts'
import { askConsent, noConsent } from '../planning/consent.ts'
import { amidst, andThen, NONE_EARLIER } from '../planning/earlier-accounts.ts'
import { noticeSignals } from '../planning/early-signals.ts'
import { filesAsSavedNote, openAsSaved, refuseTouched } from '../planning/files-as-saved.ts'
import { catchInterrupts } from '../planning/interrupts.ts'
import {
  factsNote,
  findingsOf,
  type Objection,
  objectionsTo,
  type Preview,
  whyOf,
} from '../planning/planning.ts'
import { reviewOutcome } from '../planning/review-outcome.ts'
import {
  howMade,
  isReviewed,
  leftOutNote,
  openReview,
  reviewedPart,
  withSavedAccounts,
} from '../planning/reviewed-plans.ts'
import { previewing } from './plan.ts'

export async function run(invocation: Invocation): Promise<CommandOutcome> {
  const { folder, accounts, flags, streams, isDocument } = invocation
  const review = openReview(invocation)
  const overridden = guardOverrides(flags)
  const handedOver: Diagnostic[] = []
  const secrets = secretsTo(flagText(flags, 'secretsTo'), (made, where) =>
    handedOver.push(handedOverNote(made, where)),
  )
  const lockTimeout = parseDuration('--lock-timeout', flagText(flags, 'lockTimeout') ?? '0s')
  const interrupts = catchInterrupts(streams, 'stopping after the step under way; once more ends it at once')
  try {
    const made = howMade(review, flags)
    const { opened: whole, asSaved } = await openAsSaved(
      { folder, accounts, ref: made.ref, unstorable: 'plan' },
      review,
    )
    const opened = withSavedAccounts(whole, review)
    // The document of an apply tells of steps only.
    const previews = await previewing(
      opened,
      await openBaseline(opened, { type: 'target', base: made.base }),
      isDocument ? 'skip' : 'tell',
      made.reading,
      made.agreed,
      (account, intent, planned) => reviewedPart(review, account, intent, planned),
    )
    if (asSaved !== null) refuseTouched(asSaved, previews)
    const { stale, differences, done } = await reviewOutcome(review, previews, opened)
    const origin = await provenance(opened)
    await noticeSignals()
    const say = (text: string) => {
      if (!isDocument) streams.out(`${text}\n`)
    }
    const before = {
      diagnostics: [
        ...(asSaved === null ? [] : [filesAsSavedNote(asSaved)]),
        ...opened.diagnostics,
        ...(await nameWarnings(opened)),
        ...origin.diagnostics,
        ...previews.flatMap(({ diagnostics }) => diagnostics),
        ...previews.flatMap(leftOutNote),
        // In a document nobody is told whose access changes.
        ...(isDocument ? [] : factsNote(previews, opened)),
      ],
      findings: previews.flatMap(findingsOf),
    }
    const outcome = (
      codes: readonly ExitCode[],
      reports: readonly ApplyReport[],
      diagnostics: readonly Diagnostic[],
      isRefused = false,
      why: readonly string[] = [],
    ): CommandOutcome => ({
      exitCode: exitCodeOf([...codes, ...signalCode(interrupts.exitCode())]),
      why,
      result: { type: 'apply', reports, isRefused },
      diagnostics: [...before.diagnostics, ...before.findings, ...diagnostics, ...handedOver],
      texts: opened.texts,
      shown: new Set(before.findings),
    })
    const skipAll = () => previews.map((preview) => skippedReport(preview, origin))

    if (stale.length > 0 && review.saved !== null) {
      for (const difference of differences)
        say(comparisonText(difference, REPORT_KINDS, opened.texts, outOptions(streams)))
      return outcome([EXIT.conflict], skipAll(), stale, true, ['nothing was applied'])
    }
    const changing = previews.filter((preview) => preview.plan.changes.length > 0 && !done.has(preview))
    // Found before anybody agrees, and before the first of several accounts is applied.
    const missing = await missingSecrets(previews, opened, secrets)
    const forNobody = [...overridden].flatMap((digest) =>
      previews.some(({ plan }) => plan.digest === digest) ? [] : [overridesNothing(digest)],
    )
    const blocked: readonly Objection[] = [
      ...[...stale, ...forNobody].map(() => ({ exitCode: EXIT.conflict, why: null })),
      ...previews.flatMap((preview) => objectionsTo(preview, opened, overridden)),
      ...missing.map((): Objection => ({ exitCode: EXIT.error, why: null })),
    ]
    // An account in which nothing changes, no fact, and not who may do what, is worth a line, but not a plan of its own.
    const shown = previews.map((preview) => ({
      account: preview.plan.account,
      text:
        changing.includes(preview) ||
        objectionsTo(preview, opened).length > 0 ||
        preview.plan.facts.length > 0 ||
        (preview.access?.diff.verdict ?? 'none') !== 'none'
          ? previewText(preview, REPORT_KINDS, opened.texts, outOptions(streams))
          : `${preview.plan.account.name}: ${planSummary(preview.plan)}`,
    }))
    if (!isDocument) for (const text of accountTexts(shown)) say(text.includes('\n') ? `${text}\n` : text)
    if (blocked.length > 0)
      return outcome(
        blocked.map(({ exitCode }) => exitCode),
        skipAll(),
        [...stale, ...forNobody, ...missing],
        true,
        [...whyOf(blocked), 'nothing was applied'],
      )

    if (interrupts.signal.aborted) return outcome([], skipAll(), [stoppedBefore])

    if (changing.length > 0 && !flagSet(flags, 'yes') && !isReviewed(review)) {
      const consent = isDocument
        ? 'cannot-ask'
        : await interrupts.asking(askConsent(question(changing), streams, interrupts.signal))
      if (consent !== 'given')
        return outcome([EXIT.error], skipAll(), [noConsent(consent, isDocument, NOT_AGREED)])
    }

    let context: ApplyContext = {
      opened,
      provenance: origin,
      streams,
      signal: interrupts.signal,
      lockTimeout,
      secrets,
      others: review.saved === null ? 'stale' : 'left',
      overridden,
      earlier: NONE_EARLIER,
    }
    const reported = new Map<Preview, ApplyReport>()
    const codes: ExitCode[] = []
    const diagnostics: Diagnostic[] = []
    const isStopped = () => codes.some((code) => code !== EXIT.ok) || interrupts.signal.aborted
    await applyInTurn(previews, async (preview, makeAwaited) => {
      if (isStopped()) {
        reported.set(preview, { ...skippedReport(preview, origin), verified: false })
        return false
      }
      if (done.has(preview)) {
        reported.set(preview, doneByAnotherReport(preview, origin))
        diagnostics.push(doneByAnother(preview.account.name))
        return true
      }
      // Nothing to do, and nothing to take down in the journal.
      if (preview.plan.steps.length === 0 && preview.isRecorded()) {
        reported.set(preview, skippedReport(preview, origin))
        return true
      }
      const applied = await applyReporting(preview, context, (shown) => {
        context = { ...context, earlier: amidst(context.earlier, preview.account.name, shown) }
        return makeAwaited(shown)
      })
      context = { ...context, earlier: andThen(context.earlier, applied) }
      reported.set(preview, applied.report)
      codes.push(applied.exitCode)
      diagnostics.push(...applied.diagnostics)
      if (preview.plan.steps.length > 0)
        say(applyText(applied.report, REPORT_KINDS, { color: streams.outColor }))
      if (applied.stale !== null) {
        const difference = comparePlans(applied.stale.consented, applied.stale.current)
        say(comparisonText(difference, REPORT_KINDS, opened.texts, { color: streams.outColor }))
      }
      return applied.exitCode === EXIT.ok
    })
    const reports = applyOrder(previews).flatMap((preview) => reported.get(preview) ?? [])
    return outcome(
      codes,
      reports,
      diagnostics,
      false,
      codes.some((code) => code !== EXIT.ok) ? reports.map(doneReason) : [],
    )
  } finally {
    interrupts.end()
  }
}

/** An account whose target breaks down must not take along the reports of those before it. */
async function applyReporting(
  preview: Preview,
  context: ApplyContext,
  makeAwaited: MakeAwaited,
): Promise<AppliedPreview> {
  try {
    return await applyPreview(preview, context, makeAwaited)
  } catch (error) {
    const stack = stackOf(error)
    if (stack !== null) context.streams.err(`${stack}\n`)
    return {
      report: { ...skippedReport(preview, context.provenance), verified: false },
      exitCode: EXIT.error,
      diagnostics: diagnosticsOf(error),
      stale: null,
      shownElsewhere: SHOWN_AS_BEFORE,
    }
  }
}

/** How far an account got. */
function doneReason({ account, steps }: ApplyReport): string {
  const { done, failed, skipped } = stepCounts(steps)
  return `${account.name}: ${counted(done, 'step')} done, ${failed} failed, ${skipped} skipped`
}

const signalCode = (code: ExitCode | null): readonly ExitCode[] => (code === null ? [] : [code])

function question(changing: readonly Preview[]): string {
  const names = changing.map(({ plan }) => plan.account.name).join(', ')
  return `Apply this to ${names}?`
}

const overridesNothing = (digest: string): Diagnostic =>
  errorOf({
    code: 'apply.stale',
    message: `\`--override-guard ${digest}\` agrees to a plan that is none any more; nothing was written`,
    help: 'look at the plan as it is now, and agree to that one by its digest',
  })

const stoppedBefore: Diagnostic = errorOf({
  code: 'apply.interrupted',
  message: 'nothing was applied: a signal came while the plan was made',
  help: 'run it again',
})

const NOT_AGREED = {
  interrupted: 'apply.interrupted',
  declined: 'apply.declined',
  cannotAsk: 'apply.no-consent',
  nothing: 'nothing was applied',
  help: 'review the plan, then run it with `--yes`',
}

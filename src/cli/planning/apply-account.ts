import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type Diagnostic, errorOf, infoOf } from '../../diagnostics/index.ts'
import { REPORT_KINDS } from '../../kinds/report.ts'
import type { Plan } from '../../plan/plan.ts'
import { type AppliedAccount, applyAccount, type Verification } from '../../reconcile/apply-account.ts'
import { SHOWN_AS_BEFORE, type ShownElsewhere } from '../../reconcile/shown-elsewhere.ts'
import { type ApplyReport, type ReportedStep, stepText } from '../../report/plans/apply-report.ts'
import type { Provenance } from '../../source/git/git.ts'
import type { IamWriter, LockHolder, WritableTarget } from '../../target/ports.ts'
import type { SecretsTo } from '../delivering/secrets-to.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { openTargetForWriting, using } from '../opening/account-target.ts'
import { sleep } from '../opening/pauses.ts'
import type { OpenedProject } from '../opening/project.ts'
import { actor } from '../opening/provenance.ts'
import { secretPorts } from '../opening/secret-ports.ts'
import { progressOn } from '../output/progress.ts'
import type { Streams } from '../output/streams.ts'
import type { MakeAwaited } from './apply-in-turn.ts'
import type { EarlierAccounts } from './earlier-accounts.ts'
import type { Preview } from './planning.ts'

export interface ApplyContext {
  readonly opened: OpenedProject
  readonly provenance: Provenance
  readonly streams: Streams
  readonly signal: AbortSignal
  /** Milliseconds. */
  readonly lockTimeout: number
  /** What becomes of changes that were not reviewed. */
  readonly others: 'stale' | 'left'
  /** Digests of plans that were agreed to against the guard. */
  readonly overridden: ReadonlySet<string>
  readonly secrets: SecretsTo
  /** What this apply has done so far in other accounts. */
  readonly earlier: EarlierAccounts
}

/** What became of one account. */
export interface AppliedPreview {
  readonly report: ApplyReport
  readonly exitCode: ExitCode
  readonly diagnostics: readonly Diagnostic[]
  /** The plan that stands in the way of the one that was agreed to. */
  readonly stale: { readonly consented: Plan; readonly current: Plan } | null
  readonly shownElsewhere: ShownElsewhere
}

/** Applies what was agreed to for one account, and says what became of it. */
export async function applyPreview(
  preview: Preview,
  context: ApplyContext,
  makeAwaited?: MakeAwaited,
): Promise<AppliedPreview> {
  const { opened, provenance, streams, signal, lockTimeout, secrets } = context
  const { account, intent, plan } = preview
  const progress = progressOn(streams, account.name, plan.steps.length)
  try {
    const applied = await using(openTargetForWriting(account, opened), (target) =>
      applyAccount(
        {
          intent,
          target: { journal: target.journal, iam: givingWay(target.iam), caller: () => target.caller() },
          consented: plan,
          others: context.others,
          overridesGuard: context.overridden.has(plan.digest),
          shownElsewhere: context.earlier.shownElsewhere,
          entry: { id: randomUUID(), ...provenanceOnly(provenance), actor: actor() },
          process: { pid: process.pid, host: hostname() },
          lockTimeout,
        },
        {
          signal,
          ...(makeAwaited === undefined ? {} : { makeAwaited }),
          clock: () => Date.now(),
          random: () => Math.random(),
          sleep,
          secrets: secretPorts(opened, secrets.sinkFor(account.name, opened)),
          onProgress: ({ completed, step }) => progress.update(completed, stepText(step, REPORT_KINDS)),
          onLockWait: (heldBy) => streams.err(`waiting for ${holderText(heldBy)}\n`),
        },
      ),
    )
    const outcome = outcomeOf(preview, applied, context)
    return { ...outcome, diagnostics: notSaidBefore(outcome.diagnostics, preview) }
  } finally {
    progress.end()
  }
}

/** The plan is made once more for the apply, with the same warnings: whoever agreed to it has read them. */
const notSaidBefore = (diagnostics: readonly Diagnostic[], before: Preview): readonly Diagnostic[] =>
  diagnostics.filter(
    (each) => each.severity === 'error' || !before.diagnostics.some((said) => isDeepStrictEqual(said, each)),
  )

/** The report of an account that nothing was done to. */
export const skippedReport = ({ plan }: Preview, provenance: Provenance): ApplyReport => ({
  account: plan.account,
  digest: plan.digest,
  ...provenanceOnly(provenance),
  steps: plan.steps.map(({ operation, input }) => ({ operation, input, status: 'skipped', error: null })),
  verified: plan.steps.length === 0,
})

function outcomeOf(
  preview: Preview,
  applied: AppliedAccount,
  { provenance, earlier }: ApplyContext,
): AppliedPreview {
  const skipped = skippedReport(preview, provenance)
  const nothingDone = (exitCode: ExitCode, diagnostics: readonly Diagnostic[]): AppliedPreview => ({
    report: { ...skipped, verified: false },
    exitCode,
    diagnostics,
    stale: null,
    shownElsewhere: SHOWN_AS_BEFORE,
  })
  switch (applied.type) {
    case 'locked':
      return nothingDone(EXIT.conflict, [lockedBy(applied.heldBy)])
    case 'interrupted':
      return nothingDone(EXIT.error, [interrupted])
    case 'stale':
      return {
        ...nothingDone(EXIT.conflict, [
          staleAccount(preview.account.name, earlier.written),
          ...applied.diagnostics,
        ]),
        stale: applied,
      }
    case 'invalid':
      return nothingDone(EXIT.error, applied.diagnostics)
    case 'refused':
      return nothingDone(EXIT.refused, applied.diagnostics)
    case 'unchanged':
      return {
        report: skipped,
        exitCode: EXIT.ok,
        diagnostics: applied.diagnostics,
        stale: null,
        shownElsewhere: SHOWN_AS_BEFORE,
      }
    case 'done-by-another':
      return {
        report: doneByAnotherReport(preview, provenance),
        exitCode: EXIT.ok,
        diagnostics: [...applied.diagnostics, doneByAnother(preview.account.name)],
        stale: null,
        shownElsewhere: SHOWN_AS_BEFORE,
      }
    case 'applied': {
      const { results, summary, verification, outcome } = applied
      const steps: readonly ReportedStep[] = results.map(({ step: { operation, input }, status, error }) => ({
        operation,
        input,
        status,
        error,
      }))
      const verified = verification.type === 'verified'
      return {
        report: { ...skipped, steps, verified },
        exitCode: verified ? EXIT.ok : EXIT.error,
        diagnostics: [
          ...applied.diagnostics,
          ...(summary.failed > 0 ? [failedSteps(summary.failed, summary.skipped)] : []),
          ...(outcome === 'interrupted' && summary.failed === 0 ? [interrupted] : []),
          ...unverified(preview.account.name, verification),
        ],
        stale: null,
        shownElsewhere: applied.shownElsewhere,
      }
    }
  }
}

const provenanceOnly = ({ commit, dirty }: Provenance): Provenance => ({ commit, dirty })

/** Milliseconds after which a signal is noticed at the latest. */
const LONGEST_TURN = 10

/**
 * A local target answers without ever waiting, so that nothing else would get its turn, signals included.
 */
function givingWay(iam: WritableTarget['iam']): WritableTarget['iam'] {
  let turn = performance.now()
  const write: IamWriter['write'] = async (operation, input) => {
    if (performance.now() - turn > LONGEST_TURN) {
      await nextTurn()
      turn = performance.now()
    }
    return iam.write(operation, input)
  }
  const { settlesWithin } = iam
  return {
    read: (operation, input) => iam.read(operation, input),
    write,
    ...(settlesWithin === undefined ? {} : { settlesWithin }),
  }
}

const holderText = (holder: LockHolder | null): string =>
  holder === null
    ? 'another apply'
    : `another apply (process ${holder.pid} on ${holder.host}, since ${holder.start}${holder.commit === null ? '' : `, of commit ${holder.commit.slice(0, 12)}`})`

const lockedBy = (holder: LockHolder | null): Diagnostic =>
  errorOf({
    code: 'apply.locked',
    message: `the lock is held by ${holderText(holder)}`,
    help: 'wait for it to end, or let iam-sync wait: `--lock-timeout 2m`',
  })

const staleAccount = (name: string, written: readonly string[]): Diagnostic =>
  errorOf({
    code: 'apply.stale',
    message: `the account \`${name}\` has changed since its plan was shown; nothing was written${
      written.length === 0 ? '' : ` to it; applied before: ${written.map((each) => `\`${each}\``).join(', ')}`
    }`,
    help: 'run it again to see the plan as it is now',
  })

/** The report of an account in which another apply has made all of these changes. */
export const doneByAnotherReport = (preview: Preview, provenance: Provenance): ApplyReport => ({
  ...skippedReport(preview, provenance),
  steps: [],
  verified: true,
})

export const doneByAnother = (name: string): Diagnostic =>
  infoOf({
    code: 'apply.done-by-another',
    message: `another apply of the same commit has made all of these changes to \`${name}\`; nothing was left to do`,
  })

const interrupted: Diagnostic = errorOf({
  code: 'apply.interrupted',
  message: 'the apply was stopped by a signal',
  help: 'run it again: it goes on where it stopped',
})

const failedSteps = (failed: number, skipped: number): Diagnostic =>
  errorOf({
    code: 'apply.failed-steps',
    message: `${failed} ${failed === 1 ? 'step' : 'steps'} failed${skipped > 0 ? `, and ${skipped} that need them were skipped` : ''}`,
    help: 'mend what the steps complain of, and run it again: what was done stays',
  })

function unverified(name: string, verification: Verification): readonly Diagnostic[] {
  switch (verification.type) {
    case 'verified':
    case 'incomplete':
      return []
    case 'differs':
      return [
        errorOf({
          code: 'apply.not-verified',
          message: `a second plan of \`${name}\` still has ${verification.remaining.changes.length} changes`,
          help: '`iam-sync plan` shows what is left',
        }),
        ...verification.diagnostics,
      ]
    case 'unreadable':
      return [
        errorOf({
          code: 'apply.not-verified',
          message: `\`${name}\` can't be read any more: ${verification.error.code}: ${verification.error.message}`,
          help: '`iam-sync plan` shows whether something is left',
        }),
      ]
  }
}

import { type Diagnostic, DiagnosticError, hasErrors } from '../diagnostics/index.ts'
import { declarationsOf } from '../manifest/declarations.ts'
import { recordFacts, shortestPassword } from '../model/index.ts'
import { standingRefusals } from '../plan/guard.ts'
import type { Plan } from '../plan/plan.ts'
import type { ApplyOutcome, ApplySummary, Lock, LockHolder, WritableTarget } from '../target/ports.ts'
import { type AppliedSteps, type ApplyOptions, applyPlan, type StepResult, summaryOf } from './apply-plan.ts'
import { CredentialKeeper } from './credential-keeper.ts'
import { whetherDone } from './lost-answers.ts'
import { type Intent, type PlannedAccount, planInput, planRead, readTarget } from './plan-account.ts'
import { patientReader } from './retries.ts'
import { declaredAfter, type StillReviewed, stillReviewed } from './reviewed-plan.ts'
import { SecretSupply } from './secret-supply.ts'
import {
  asShownBefore,
  idsWorthKnowing,
  namesToKeep,
  SHOWN_AS_BEFORE,
  type ShownElsewhere,
  shownElsewhere,
} from './shown-elsewhere.ts'
import { takeLock } from './take-lock.ts'
import { type Verification, verify } from './verify.ts'

export type { Verification } from './verify.ts'

export interface ApplyRequest {
  readonly intent: Intent
  readonly target: Pick<WritableTarget, 'iam' | 'journal'> & Partial<Pick<WritableTarget, 'caller'>>
  /** The plan that was reviewed and agreed to. */
  readonly consented: Plan
  /** What becomes of changes that are not among those agreed to: they make the plan stale (absent), or are left to a later apply. */
  readonly others?: 'stale' | 'left'
  /** Whether `consented` was agreed to although the guard refuses it. */
  readonly overridesGuard?: boolean
  /** What the same apply has done before in other accounts, as trust policies of this one show it. */
  readonly shownElsewhere?: ShownElsewhere
  /** How the journal tells of this apply. `id` is unique; the time comes from the clock. */
  readonly entry: {
    readonly id: string
    readonly commit: string | null
    readonly dirty: boolean | null
    readonly actor: string
  }
  /** Who others are told has the lock. */
  readonly process: { readonly pid: number; readonly host: string }
  /** Milliseconds to wait for somebody else's apply; 0: not at all. */
  readonly lockTimeout: number
}

export interface ApplyPorts extends ApplyOptions {
  /**
   * Applies the accounts that make whom steps of this one wait for. Absent: they are there.
   * @param shown whom this apply has deleted or moved so far
   * @returns whether they are there
   */
  readonly makeAwaited?: (shown: ShownElsewhere) => Promise<boolean>
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  /** Called once, when the lock has to be waited for. */
  readonly onLockWait?: (heldBy: LockHolder | null) => void
}

/** What became of an apply. Nothing was written but for `applied`, and `unchanged` with `recorded`. */
export type AppliedAccount =
  /** Somebody else is applying; null: who has not said so yet. */
  | { readonly type: 'locked'; readonly heldBy: LockHolder | null }
  /** The signal came before the first step. */
  | { readonly type: 'interrupted' }
  /** What is there has changed since the plan was agreed to. */
  | {
      readonly type: 'stale'
      readonly consented: Plan
      readonly current: Plan
      readonly diagnostics: readonly Diagnostic[]
    }
  /** Another apply of the same commit has made all that was agreed to, and recorded it. */
  | { readonly type: 'done-by-another'; readonly plan: Plan; readonly diagnostics: readonly Diagnostic[] }
  /** The plan has errors, or a secret that it takes isn't there. */
  | { readonly type: 'invalid'; readonly plan: Plan; readonly diagnostics: readonly Diagnostic[] }
  /** The guard's `plan.refusals` stand against it, and nobody overrode them. */
  | { readonly type: 'refused'; readonly plan: Plan; readonly diagnostics: readonly Diagnostic[] }
  /** There was nothing to change. */
  | {
      readonly type: 'unchanged'
      readonly plan: Plan
      readonly diagnostics: readonly Diagnostic[]
      /** Whether the journal took down what is declared from now on. */
      readonly recorded: boolean
    }
  | {
      readonly type: 'applied'
      readonly plan: Plan
      readonly diagnostics: readonly Diagnostic[]
      /** As many as the plan has steps, in their order. */
      readonly results: readonly StepResult[]
      readonly summary: ApplySummary
      readonly outcome: ApplyOutcome
      /** Whom this has deleted or moved, for the accounts that come after. */
      readonly shownElsewhere: ShownElsewhere
      readonly verification: Verification
    }

/**
 * Makes an account what a project wants, if that still takes what was agreed to. Plans again under the lock, writes
 * down what is declared before the first step, applies, and looks again. The lock is free when this returns or throws.
 * @throws IamError, DiagnosticError when the target can't be read or the journal not be written
 */
export async function applyAccount(request: ApplyRequest, ports: ApplyPorts): Promise<AppliedAccount> {
  const { target, entry } = request
  const outcome = await takeLock(target.journal, {
    holder: { ...request.process, start: isoTime(ports), commit: entry.commit },
    timeout: request.lockTimeout,
    clock: ports.clock,
    sleep: ports.sleep,
    signal: ports.signal,
    ...(ports.onLockWait === undefined ? {} : { onWait: ports.onLockWait }),
  })
  if (outcome.type === 'held') return { type: 'locked', heldBy: outcome.heldBy }
  if (outcome.type === 'aborted') return { type: 'interrupted' }
  try {
    return await applyLocked(request, ports)
  } finally {
    await release(outcome.lock)
  }
}

/** A store that can't take a note of it any more (a full disk) is free all the same, and hides no report. */
async function release(lock: Lock): Promise<void> {
  try {
    await lock.release()
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
  }
}

interface PlannedLocked extends PlannedAccount, Pick<StillReviewed, 'leftOut'> {}

/**
 * The plan as it is now. Where all that differs from the one that was agreed to is what this apply itself has done in
 * other accounts, it is still that one.
 */
async function planLocked(request: ApplyRequest, ports: ApplyPorts): Promise<PlannedLocked> {
  const { intent, shownElsewhere: shown = SHOWN_AS_BEFORE } = request
  const { iam, journal, caller } = request.target
  const target = {
    iam: patientReader(iam, ports),
    journal,
    ...(caller === undefined ? {} : { caller: () => caller.call(request.target) }),
  }
  const read = await readTarget(target, intent.desired, intent.observeKinds, intent)
  const planned = planRead(intent, planInput(intent, read), read)
  const found = agreedIn(planned, request)
  if (found !== null || shown.size === 0) return found ?? { ...planned, leftOut: [] }
  const before = { ...read, observed: asShownBefore(read.observed, shown) }
  const asBefore = planRead(intent, planInput(intent, before), before)
  return agreedIn(asBefore, request) ?? { ...planned, leftOut: [] }
}

/** The plan that was agreed to, in one that was made now; null: it isn't there any more. */
function agreedIn(
  planned: PlannedAccount,
  { intent, consented, others }: ApplyRequest,
): PlannedLocked | null {
  if (others === 'left') return stillReviewed(intent, planned, consented)
  return planned.plan.digest === consented.digest ? { ...planned, leftOut: [] } : null
}

async function applyLocked(request: ApplyRequest, ports: ApplyPorts): Promise<AppliedAccount> {
  const { intent, target, consented } = request
  const planned = await planLocked(request, ports)
  const { plan, diagnostics } = planned
  if (await isDoneByAnother(request, planned)) return { type: 'done-by-another', plan, diagnostics }
  if (plan.digest !== consented.digest) return { type: 'stale', consented, current: plan, diagnostics }
  if (hasErrors(diagnostics)) return { type: 'invalid', plan, diagnostics }
  if (standingRefusals(plan, request.overridesGuard === true).length > 0)
    return { type: 'refused', plan, diagnostics }
  const supply = new SecretSupply(
    ports.secrets ?? null,
    shortestPassword(planned.observed.settings, intent.desired.settings),
  )
  const missing = await supply.missing(planned.secrets)
  if (missing.length > 0) return { type: 'invalid', plan, diagnostics: [...diagnostics, ...missing] }
  if (ports.signal.aborted) return { type: 'interrupted' }
  if (plan.steps.length === 0 && planned.recorded)
    return { type: 'unchanged', plan, diagnostics, recorded: false }

  const ids = await idsWorthKnowing(plan, planned.observed, patientReader(target.iam, ports))
  const shownAfter = (results: readonly StepResult[]): ShownElsewhere =>
    shownElsewhere(results, planned.observed, ids, (name) => intent.desired.entities.user.get(name)?.arn)
  const applied = await applyRecorded(request, ports, planned, supply, ids, shownAfter)
  const all = [...diagnostics, ...applied.diagnostics]
  if (plan.steps.length === 0) return { type: 'unchanged', plan, diagnostics: all, recorded: true }
  const { results, outcome, summary } = applied
  const verification = outcome === 'complete' ? await verify(intent, target, planned, ports) : INCOMPLETE
  return {
    type: 'applied',
    plan,
    diagnostics: all,
    results,
    summary,
    outcome,
    shownElsewhere: shownAfter(results),
    verification,
  }
}

/**
 * Whether nothing is left of what was agreed to since somebody else has applied the same meanwhile: of two jobs that a
 * push started, one has nothing to do.
 */
async function isDoneByAnother(
  { consented, entry, target }: ApplyRequest,
  { plan, recorded, diagnostics }: PlannedAccount,
): Promise<boolean> {
  if (consented.steps.length === 0 || plan.steps.length > 0 || !recorded || hasErrors(diagnostics))
    return false
  const [last] = await target.journal.history()
  if (last?.outcome !== 'complete') return false
  const sameCommit = entry.commit !== null && last.commit === entry.commit && !entry.dirty && !last.dirty
  return sameCommit || last.digest === consented.digest
}

/** Between `begin` and `finish` the journal holds what this apply owns, so that a kill in between loses nothing. */
async function applyRecorded(
  request: ApplyRequest,
  ports: ApplyPorts,
  { plan, leftOut, observed, formerNames, adopted, credentials }: PlannedLocked,
  supply: SecretSupply,
  ids: ReadonlyMap<string, string>,
  shownAfter: (results: readonly StepResult[]) => ShownElsewhere,
): Promise<{
  readonly results: readonly StepResult[]
  readonly summary: ApplySummary
  readonly outcome: ApplyOutcome
  /** Why the journal could not be told how it ended. */
  readonly diagnostics: readonly Diagnostic[]
}> {
  const { intent, target, entry } = request
  for (const note of adopted) await target.journal.putCredential(note)
  await target.journal.begin({
    ...entry,
    time: isoTime(ports),
    digest: plan.digest,
    declared:
      leftOut.length === 0
        ? declarationsOf(intent.desired, intent.kinds)
        : declaredAfter(intent, await target.journal.declared(), plan),
    facts:
      intent.declaredFacts === undefined
        ? null
        : {
            ...recordFacts(intent.declaredFacts.now),
            principals: namesToKeep(plan, observed, intent.others, ids, formerNames),
          },
  })
  const { lostAnswers } = intent.observeKinds
  const lookFor: ApplyOptions['lookFor'] = (call) => whetherDone(lostAnswers, call, target.iam, ports)
  const { makeAwaited } = ports
  const keeper = new CredentialKeeper(intent, target, ports)
  const applied = await applyPlan(
    plan,
    target.iam,
    { ...ports, lookFor },
    supply,
    makeAwaited && ((soFar) => makeAwaited(shownAfter(soFar))),
    keeper,
  )
  const { results } = applied
  const summary = summaryOf(results)
  const outcome = outcomeOf(applied, summary)
  try {
    // Of what was left out nobody has looked after.
    if (outcome === 'complete' && leftOut.length === 0) await keeper.settle({ credentials, observed })
    await target.journal.finish(entry.id, { outcome, summary, reason: applied.broken })
  } catch (error) {
    if (!(error instanceof DiagnosticError) || results.length === 0) throw error
    // What was done is still to be reported. To the journal this apply was begun and not finished.
    return { results, summary, outcome: 'interrupted', diagnostics: error.diagnostics }
  }
  return { results, summary, outcome, diagnostics: [] }
}

function outcomeOf({ interrupted }: AppliedSteps, { failed, skipped }: ApplySummary): ApplyOutcome {
  if (interrupted) return 'interrupted'
  return failed + skipped > 0 ? 'partial' : 'complete'
}

const INCOMPLETE: Verification = { type: 'incomplete' }

const isoTime = ({ clock }: Pick<ApplyPorts, 'clock'>): string => new Date(clock()).toISOString()

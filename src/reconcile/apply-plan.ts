import { type Diagnostic, DiagnosticError } from '../diagnostics/index.ts'
import { IamError } from '../iam/service-error.ts'
import type { WriteOperation } from '../model/operations.ts'
import { redacted } from '../model/redaction.ts'
import type { Secret, ToldSecret } from '../model/secret.ts'
import type { Step } from '../model/step.ts'
import type { Plan } from '../plan/plan.ts'
import type { ApplySummary, IamWriter } from '../target/ports.ts'
import { type CredentialKeeper, madeIn } from './credential-keeper.ts'
import { type Delivery, deliveryOf, withoutSecrets } from './deliver.ts'
import { type CallMaker, FailedAttempts, makeCall } from './make-call.ts'
import type { Pauses } from './retries.ts'
import { type SecretPorts, SecretSupply, type TakenSecret } from './secret-supply.ts'

export interface StepResult {
  readonly step: Step
  /** `skipped`: a step that it needs did not succeed, or the apply was stopped before. */
  readonly status: 'done' | 'failed' | 'skipped'
  /** Of a failed step. The code is AWS's, or that of a diagnostic. */
  readonly error: { readonly code: string; readonly message: string } | null
}

interface StepProgress {
  /** How many steps are behind, whatever became of them. */
  readonly completed: number
  readonly total: number
  /** The one that begins now. */
  readonly step: Step
}

export interface ApplyOptions extends Pauses {
  /** Where secrets come from that the steps take. Absent: from nowhere, so that such a step fails. */
  readonly secrets?: SecretPorts
  /**
   * Whether what a call was to do shows in the account, of calls of which no answer came; null: to make it again does nothing twice.
   * Absent: that is so of all.
   * @throws IamError
   */
  readonly lookFor?: (call: Delivery<WriteOperation>) => Promise<boolean> | null
  readonly onProgress?: (progress: StepProgress) => void
}

export interface AppliedSteps {
  /** As many as the plan has steps, in their order. */
  readonly results: readonly StepResult[]
  /** Whether the signal kept a step from being tried. */
  readonly interrupted: boolean
  /** The code of what the target can't be written any more for, which ended it; null: it can. */
  readonly broken: string | null
}

/**
 * Carries out a plan, one step after the other. After a failure everything goes on that doesn't need what failed;
 * after an abort the step under way ends, and the rest is skipped.
 * A target that can't be written any more (a full disk) fails the step under way and ends the apply.
 * @param makeAwaited called once, before the first step that awaits somebody of another account, with what became of those
 * before it: makes them there, and says whether they are. Absent: they are
 * @throws whatever a writer throws that is neither an IamError nor a DiagnosticError: a defect, after which the
 * account is as a killed apply leaves it
 */
export async function applyPlan(
  plan: Pick<Plan, 'steps'>,
  writer: IamWriter,
  options: ApplyOptions,
  supply: SecretSupply = new SecretSupply(options.secrets ?? null),
  makeAwaited?: (soFar: readonly StepResult[]) => Promise<boolean>,
  keeper: CredentialKeeper | null = null,
): Promise<AppliedSteps> {
  const { signal, onProgress } = options
  const results: StepResult[] = []
  let interrupted = false
  let broken: string | null = null
  let areThere: boolean | null = null
  for (const step of plan.steps) {
    if (step.awaits !== undefined && areThere === null && broken === null && !signal.aborted)
      areThere = (await makeAwaited?.(results)) ?? true
    const ready =
      step.needs.every((needed) => results[needed]?.status === 'done') &&
      (step.awaits === undefined || areThere === true)
    if (ready && broken === null && signal.aborted) interrupted = true
    if (!ready || broken !== null || signal.aborted) {
      results.push({ step, status: 'skipped', error: null })
      continue
    }
    onProgress?.({ completed: results.length, total: plan.steps.length, step })
    const { error, isBroken } = await carryOut(step, writer, supply, options, keeper)
    results.push({ step, status: error === null ? 'done' : 'failed', error })
    if (error !== null && isBroken) broken = error.code
  }
  return { results, interrupted, broken }
}

export function summaryOf(results: readonly StepResult[]): ApplySummary {
  const summary = { done: 0, failed: 0, skipped: 0 }
  for (const { status } of results) summary[status]++
  return summary
}

/** What became of one step. @returns whether the target can't be written any more */
async function carryOut(
  step: Step,
  writer: IamWriter,
  supply: SecretSupply,
  options: ApplyOptions,
  keeper: CredentialKeeper | null,
): Promise<Pick<StepResult, 'error'> & { readonly isBroken: boolean }> {
  let delivery: Delivery<WriteOperation>
  let taken: TakenSecret | null
  try {
    const use = step.unlessUsed === undefined ? null : await keeper?.useOf(step.unlessUsed)
    if (use) throw new DiagnosticError(use)
    delivery = await deliveryOf(step, supply)
    taken = await handedOver(step, delivery, supply)
    if (step.frees !== undefined) await keeper?.frees(step.frees)
  } catch (error) {
    return { error: describe(error, []), isBroken: false }
  }
  try {
    const caller = {
      ...options,
      writer,
      // All of that was done by this apply.
      needsOwnWork: step.needs.length > 0 || step.awaits !== undefined,
      lookFor: () => options.lookFor?.(delivery) ?? null,
    }
    if (step.tells === undefined) await makeCall(delivery, caller)
    else await made(step.tells, delivery, supply, keeper, caller)
    return { error: null, isBroken: false }
  } catch (failure) {
    const { cause, maybeDone } =
      failure instanceof FailedAttempts ? failure : { cause: failure, maybeDone: false }
    const told = describe(cause, delivery.secrets)
    const becomes =
      taken === null ? (maybeDone ? UNKNOWN : null) : await whatBecomesOf(taken, cause, maybeDone)
    const message = becomes === null ? told.message : `${told.message}; ${becomes}`
    return {
      error: { ...told, message },
      isBroken: !(cause instanceof IamError || cause instanceof NotHandedOver),
    }
  }
}

const UNKNOWN = 'no answer came of an attempt, which may have been carried out'

/**
 * A secret that somebody is to be given goes to them before it comes into force: killed in between, an apply leaves a secret that
 * opens nothing, and no password that nobody knows.
 * @throws DiagnosticError when nobody takes it
 */
async function handedOver(
  { makes }: Step,
  { secrets }: Delivery<WriteOperation>,
  supply: SecretSupply,
): Promise<TakenSecret | null> {
  const [secret] = secrets
  return makes === undefined || secret === undefined ? null : supply.handOver(makes, secret)
}

/**
 * Makes what the answer tells the secret of, and hands that over. An attempt whose answer was lost may have made it: that is deleted
 * before the next one, so that there are never two.
 * @throws IamError, DiagnosticError
 */
async function made(
  told: ToldSecret,
  delivery: Delivery<WriteOperation>,
  supply: SecretSupply,
  keeper: CredentialKeeper | null,
  caller: CallMaker,
): Promise<void> {
  await keeper?.begin(told)
  let attempts = 0
  let answer: unknown
  let isSwept = true
  const { writer } = caller
  const { settlesWithin } = writer
  const write: IamWriter['write'] = async (operation, input) => {
    attempts++
    if (!isSwept) await keeper?.sweep(told, settlesWithin ?? 0)
    isSwept = true
    try {
      const given = await writer.write(operation, input)
      answer = given
      return given
    } catch (error) {
      // Told to slow down, or refused, it has made nothing.
      isSwept = !(error instanceof IamError && (error.unanswered || error.code === 'ServiceFailure'))
      throw error
    }
  }
  const telling = { write, ...(settlesWithin === undefined ? {} : { settlesWithin }) }
  try {
    await makeCall(delivery, { ...caller, writer: telling })
  } catch (error) {
    if (attempts === 1 && error instanceof FailedAttempts && !error.maybeDone && isRefused(error.cause))
      await keeper?.refused(told)
    throw error
  }
  const credential = madeIn(answer, told)
  await keeper?.made(told, credential)
  try {
    await supply.handOver({ ...told.made, id: credential.id }, credential.value)
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw withoutSecrets(error, [credential.value])
    const isGone = await keeper?.undo(told, credential)
    const [first, ...rest] = error.diagnostics
    if (first === undefined) throw error
    throw new NotHandedOver([notTaken(first, credential.id, isGone === true), ...rest])
  }
  await keeper?.delivered(told, credential)
}

/** Nothing is wrong with the target: only this step comes to nothing. */
class NotHandedOver extends DiagnosticError {}

const notTaken = (diagnostic: Diagnostic, id: string, isGone: boolean): Diagnostic => ({
  ...diagnostic,
  message: `${diagnostic.message}; \`${id}\`, which nobody has the secret of, ${isGone ? 'has been deleted again' : 'is still there: the next apply deletes it'}`,
})

/** Refusals with which it is certain that the call has done nothing. What was there already may be of an attempt whose answer was lost. */
const isRefused = (error: unknown): boolean =>
  error instanceof IamError &&
  !error.retryable &&
  error.code !== 'ServiceFailure' &&
  error.code !== 'EntityAlreadyExists'

async function whatBecomesOf(taken: TakenSecret, error: unknown, maybeDone: boolean): Promise<string> {
  if (maybeDone || !isRefused(error)) return 'the secret that was handed over may be in force, or not'
  return (await taken.withdraw())
    ? 'the secret that was handed over has been taken back'
    : 'the secret that was handed over is not in force'
}

/** In words that quote none of the secrets that the call was given. */
function describe(
  error: unknown,
  secrets: readonly Secret[],
): { readonly code: string; readonly message: string } {
  const [first] = error instanceof DiagnosticError ? error.diagnostics : []
  const described = error instanceof IamError ? error : first
  if (described === undefined) throw withoutSecrets(error, secrets)
  const { code, message } = described
  return { code, message: secrets.length === 0 ? message : redacted(message, secrets) }
}

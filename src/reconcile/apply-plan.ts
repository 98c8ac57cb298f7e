import { DiagnosticError } from '../diagnostics/index.ts'
import { IamError } from '../iam/service-error.ts'
import type { WriteOperation } from '../model/operations.ts'
import type { StepCall } from '../model/step.ts'
import type { Plan, Step } from '../plan/plan.ts'
import type { ApplySummary, IamWriter } from '../target/ports.ts'
import { type Pauses, withRetries } from './retries.ts'

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
 * @throws whatever a writer throws that is neither an IamError nor a DiagnosticError: a defect, after which the
 * account is as a killed apply leaves it
 */
export async function applyPlan(
  plan: Pick<Plan, 'steps'>,
  writer: IamWriter,
  options: ApplyOptions,
): Promise<AppliedSteps> {
  const { signal, onProgress } = options
  const results: StepResult[] = []
  let interrupted = false
  let broken: string | null = null
  for (const step of plan.steps) {
    const ready = step.needs.every((needed) => results[needed]?.status === 'done')
    if (ready && broken === null && signal.aborted) interrupted = true
    if (!ready || broken !== null || signal.aborted) {
      results.push({ step, status: 'skipped', error: null })
      continue
    }
    onProgress?.({ completed: results.length, total: plan.steps.length, step })
    try {
      await withRetries(() => writeStep(writer, step), options)
      results.push({ step, status: 'done', error: null })
    } catch (error) {
      const described = describe(error)
      results.push({ step, status: 'failed', error: described })
      if (!(error instanceof IamError)) broken = described.code
    }
  }
  return { results, interrupted, broken }
}

export function summaryOf(results: readonly StepResult[]): ApplySummary {
  const summary = { done: 0, failed: 0, skipped: 0 }
  for (const { status } of results) summary[status]++
  return summary
}

const writeStep = <O extends WriteOperation>(
  writer: IamWriter,
  { operation, input }: StepCall<O>,
): Promise<unknown> => writer.write(operation, input)

function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof IamError) return { code: error.code, message: error.message }
  const [first] = error instanceof DiagnosticError ? error.diagnostics : []
  if (first === undefined) throw error
  return { code: first.code, message: first.message }
}

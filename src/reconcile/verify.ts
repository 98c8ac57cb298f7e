import type { Diagnostic } from '../diagnostics/index.ts'
import { IamError } from '../iam/service-error.ts'
import { type Plan, subjectOf } from '../plan/plan.ts'
import type { IamReader, IamWriter, JournalReader } from '../target/ports.ts'
import { type Intent, type PlannedAccount, planAgain } from './plan-account.ts'
import { Patience, type Pauses, patientReader } from './retries.ts'
import type { StillReviewed } from './reviewed-plan.ts'

/** Whether a second plan is empty. */
export type Verification =
  | { readonly type: 'verified' }
  | { readonly type: 'differs'; readonly remaining: Plan; readonly diagnostics: readonly Diagnostic[] }
  /** What is there could not be read any more. */
  | { readonly type: 'unreadable'; readonly error: IamError }
  /** The apply was not complete, so that there is no doubt that something is left. */
  | { readonly type: 'incomplete' }

/** What was applied. */
type Applied = Pick<PlannedAccount, 'plan' | 'declaredBefore'> & Pick<StillReviewed, 'leftOut'>

type Journal = Pick<JournalReader, 'credentials'>

interface Readers {
  readonly iam: IamReader
  readonly journal: Journal
}

interface VerifiedTarget {
  readonly iam: IamReader & Pick<IamWriter, 'settlesWithin'>
  readonly journal: Journal
}

/**
 * Plans with what was declared before the apply, so that what should have been removed and was not shows. Looks again as long as what
 * was written may not be seen yet.
 */
export async function verify(
  intent: Intent,
  { iam, journal }: VerifiedTarget,
  applied: Applied,
  pauses: Pauses,
): Promise<Verification> {
  const reader = patientReader(iam, pauses)
  const patience = new Patience(pauses)
  for (;;) {
    const found = await look(intent, { iam: reader, journal }, applied)
    if (found.type !== 'differs' || patience.waited >= (iam.settlesWithin ?? 0)) return found
    if (!(await patience.pause())) return found
  }
}

async function look(
  intent: Intent,
  target: Readers,
  { plan: applied, declaredBefore, leftOut }: Applied,
): Promise<Verification> {
  try {
    const { plan, diagnostics } = await planAgain(intent, target, declaredBefore)
    const subjects = new Set(applied.changes.map(subjectOf))
    const isDone =
      leftOut.length === 0
        ? plan.steps.length === 0
        : !plan.changes.some((change) => subjects.has(subjectOf(change)))
    return isDone ? { type: 'verified' } : { type: 'differs', remaining: plan, diagnostics }
  } catch (error) {
    if (error instanceof IamError) return { type: 'unreadable', error }
    throw error
  }
}

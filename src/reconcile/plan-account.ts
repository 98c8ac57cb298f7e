import type { Quotas } from '../catalog/quotas.ts'
import type { Diagnostic } from '../diagnostics/index.ts'
import { declarationsOf } from '../manifest/declarations.ts'
import type { DesiredState, Guard, Scopes } from '../manifest/desired.ts'
import { sameDeclarations, uniteDeclarations } from '../model/declarations.ts'
import type { Account, AccountState } from '../model/index.ts'
import type { OtherAccounts } from '../plan/other-accounts.ts'
import type { Plan } from '../plan/plan.ts'
import { type PlanInput, planChanges } from '../plan/plan-changes.ts'
import type { Declarations, IamReader, JournalReader } from '../target/ports.ts'
import { observe } from './observe.ts'

/** What a project wants of one account. */
export interface Intent {
  readonly desired: DesiredState
  readonly scopes: Scopes
  readonly guard: Guard
  /** Those of the target: AWS's defaults and what the project file changes in them. */
  readonly quotas: Quotas
  /** What counts as declared before in addition to what the journal says: `declarationsOf` an earlier commit. */
  readonly base?: Declarations
  /** The project's other accounts as they were when this was asked for. */
  readonly others?: OtherAccounts
}

/** All that a plan needs of a target: nothing here writes. */
export interface Readers {
  readonly iam: IamReader
  readonly journal: Pick<JournalReader, 'declared'>
}

/** What was read of an account's target. */
export interface ReadTarget {
  readonly observed: AccountState
  /** What the journal says was declared. */
  readonly journalled: Declarations
}

export interface PlannedAccount {
  readonly plan: Plan
  readonly observed: AccountState
  /** With an error among them, the plan is to be shown but not to be applied. */
  readonly diagnostics: readonly Diagnostic[]
  /** What counted as declared before. */
  readonly declaredBefore: Declarations
  /**
   * Whether the journal already says what is declared now. If not, an apply has something to write even when the plan
   * is empty: what it owns from now on.
   */
  readonly recorded: boolean
}

/**
 * Says what would have to happen to an account.
 * @throws IamError, DiagnosticError when the target can't be read
 */
export async function planAccount(intent: Intent, target: Readers): Promise<PlannedAccount> {
  const read = await readTarget(target, intent.desired.account)
  return planRead(intent, planInput(intent, read), read)
}

/** @throws IamError, DiagnosticError when the target can't be read */
export async function readTarget(target: Readers, account: Account): Promise<ReadTarget> {
  const journalled = await target.journal.declared()
  return { journalled, observed: await observe(target.iam, account) }
}

export const planInput = (
  { desired, scopes, guard, quotas, base, others }: Intent,
  { observed, journalled }: ReadTarget,
): PlanInput => ({
  desired,
  scopes,
  guard,
  quotas,
  observed,
  declaredBefore: base === undefined ? journalled : uniteDeclarations(journalled, base),
  ...(others === undefined ? {} : { others }),
})

/** The plan of what was read. @param input of `intent` and `read` */
export const planRead = (
  { desired }: Pick<Intent, 'desired'>,
  input: PlanInput,
  { observed, journalled }: ReadTarget,
): PlannedAccount => ({
  ...planChanges(input),
  observed,
  declaredBefore: input.declaredBefore,
  recorded: sameDeclarations(journalled, declarationsOf(desired)),
})

/** Plans once more against what is there now, with the same memory of what was declared before. */
export async function planAgain(
  intent: Intent,
  iam: IamReader,
  declaredBefore: Declarations,
): Promise<Pick<PlannedAccount, 'plan' | 'diagnostics'>> {
  const observed = await observe(iam, intent.desired.account)
  return planChanges({ ...planInput(intent, { observed, journalled: declaredBefore }), declaredBefore })
}

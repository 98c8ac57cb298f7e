import { declaredState } from '../checks/declared-state.ts'
import { type Diagnostic, hasErrors } from '../diagnostics/index.ts'
import type { AccountState, Estate } from '../model/index.ts'
import type { Plan } from '../plan/plan.ts'
import { resultingState } from '../plan/resulting-state.ts'
import type { AccessAnalysis } from './access-analysis.ts'
import { type AccessChanges, accessChanges, NO_ACCESS_CHANGES } from './access-changes.ts'
import type { OpenedProject, ValidAccount } from './project.ts'

/** An account as it was read, and what is to happen to it. */
export interface PlannedState {
  readonly account: ValidAccount
  readonly observed: AccountState
  readonly plan: Plan
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Whose access the plans change, all of them together: whom one account's role trusts may be of another. Accounts that
 * aren't planned count as they are declared, before and after.
 * @param open called only if a plan has steps
 * @returns by account name; without those whose plan has errors, and so leads nowhere
 */
export async function plannedAccess(
  planned: readonly PlannedState[],
  { project }: Pick<OpenedProject, 'project'>,
  open: () => Promise<AccessAnalysis>,
): Promise<ReadonlyMap<string, AccessChanges>> {
  const sound = planned.filter(({ diagnostics }) => !hasErrors(diagnostics))
  if (sound.every(({ plan }) => plan.steps.length === 0))
    return new Map(sound.map(({ account }) => [account.name, NO_ACCESS_CHANGES]))
  const before = new Map(planned.map(({ account, observed }) => [account.name, observed]))
  const after = new Map(before)
  for (const { account, observed, plan } of sound)
    after.set(account.name, resultingState({ desired: account.desired, observed }, plan))
  const estateOf = (states: ReadonlyMap<string, AccountState>): Estate => ({
    accounts: project.accounts.flatMap(({ name, desired }) => {
      const state = states.get(name) ?? (desired === null ? null : declaredState(desired))
      return state === null ? [] : [state]
    }),
    organization: project.organization,
    resources: project.resources,
  })
  const analysis = await open()
  const diffs = await analysis.diffEstates(
    estateOf(before),
    estateOf(after),
    sound.map(({ account }) => account.account.id),
  )
  const found = new Map<string, AccessChanges>()
  for (const { account, observed } of sound) {
    const diff = diffs.get(account.account.id)
    if (diff === undefined) continue
    const states = { before: observed, after: after.get(account.name) ?? observed }
    found.set(account.name, await accessChanges(diff, states))
  }
  return found
}

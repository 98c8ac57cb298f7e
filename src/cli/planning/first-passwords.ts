import { declaredState } from '../../checks/declared-state.ts'
import { unchangeablePasswords } from '../../checks/password-changes.ts'
import { type Diagnostic, hasErrors } from '../../diagnostics/index.ts'
import { type AccountState, type Estate, havingToChange, toChangePassword } from '../../model/index.ts'
import { resultingState } from '../../plan/steps/resulting-state.ts'
import type { OpenedProject } from '../opening/project.ts'
import { decisionFacts } from '../questions/decision-facts.ts'
import type { PlannedState } from './planned-access.ts'

/**
 * Who would have to choose another password and may not, once plans are carried out.
 * @returns by account name; without those of which there is nothing to say
 */
export async function unchangeableAfter(
  planned: readonly PlannedState[],
  { project, facts }: Pick<OpenedProject, 'project' | 'facts'>,
): Promise<ReadonlyMap<string, readonly Diagnostic[]>> {
  const after = new Map<string, AccountState>()
  const asked = planned.flatMap(({ account, observed, plan, diagnostics }) => {
    if (hasErrors(diagnostics) || toChangePassword(account.desired.entities).length === 0) return []
    const state = resultingState({ desired: account.desired, observed }, plan)
    after.set(account.name, state)
    const users = havingToChange(account.desired.entities, state.entities)
    return users.length === 0 ? [] : [{ name: account.name, users, state }]
  })
  if (asked.length === 0) return new Map()
  const estate: Estate = {
    accounts: project.accounts.flatMap(
      ({ name, desired }) => after.get(name) ?? (desired === null ? [] : declaredState(desired)),
    ),
    organization: project.organization,
    resources: project.resources,
  }
  const { createEvaluator } = await import('../../evaluator/estate/evaluator.ts')
  const evaluator = await createEvaluator(estate, decisionFacts({ facts }, new Date()))
  return new Map(
    asked.map(({ name, users, state }) => [name, unchangeablePasswords(users, state, evaluator)]),
  )
}

import type { AccessDiff, Escalation } from '../../access/access-diff.ts'
import type { AccessEntry } from '../../access/access-entry.ts'
import { declaredState } from '../../checks/declared-state.ts'
import { type Diagnostic, hasErrors } from '../../diagnostics/index.ts'
import { type AccountState, type Estate, type Facts, recordFacts } from '../../model/index.ts'
import type { Plan } from '../../plan/plan.ts'
import { resultingState } from '../../plan/steps/resulting-state.ts'
import { statementKey } from '../../report/access/access-lines.ts'
import type { AccessChanges } from '../../report/plans/previewed-plan.ts'
import type { OpenedProject, ValidAccount } from '../opening/project.ts'
import type { AccessAnalysis } from '../questions/access-analysis.ts'
import { accessChanges, NO_ACCESS_CHANGES } from '../questions/access-changes.ts'

/** An account as it was read, and what is to happen to it. */
export interface PlannedState {
  readonly account: ValidAccount
  readonly observed: AccountState
  readonly plan: Plan
  readonly diagnostics: readonly Diagnostic[]
  /** The facts that went before; null, or absent: they count as unchanged. */
  readonly factsBefore?: Facts | null
}

/**
 * Whose access the plans change, all of them together: whom one account's role trusts may be of another. Accounts that
 * aren't planned count as they are declared, before and after. With the facts that changed, which may be others for each
 * account: those since its last apply.
 * @param open called only if a plan has steps, or facts changed
 * @param holding what the states from which the plans were made hold: `declared`: what isn't there isn't declared, and may be there
 * @returns by account name; without those whose plan has errors, and so leads nowhere
 */
export async function plannedAccess(
  planned: readonly PlannedState[],
  { project }: Pick<OpenedProject, 'project'>,
  open: () => Promise<AccessAnalysis>,
  holding: 'all' | 'declared' = 'all',
): Promise<ReadonlyMap<string, AccessChanges>> {
  const sound = planned.filter(({ diagnostics }) => !hasErrors(diagnostics))
  const hasSteps = sound.some(({ plan }) => plan.steps.length > 0)
  const found = new Map(sound.map(({ account }) => [account.name, NO_ACCESS_CHANGES]))
  const before = new Map(planned.map(({ account, observed }) => [account.name, observed]))
  const after = new Map(before)
  for (const { account, observed, plan } of sound)
    after.set(account.name, resultingState({ desired: account.desired, observed }, plan))
  // What was read from a target is all that there is.
  const inventories = new Set(holding === 'all' ? planned.map(({ account }) => account.account.id) : [])
  const estateOf = (
    states: ReadonlyMap<string, AccountState>,
    { organization, resources }: Facts,
  ): Estate => ({
    accounts: project.accounts.flatMap(({ name, desired }) => {
      const state = states.get(name) ?? (desired === null ? null : declaredState(desired))
      return state === null ? [] : [state]
    }),
    organization,
    resources,
    inventories,
  })
  for (const [facts, group] of byFactsBefore(sound, project)) {
    if (!hasSteps && facts === project) continue
    const analysis = await open()
    const ids = group.map(({ account }) => account.account.id)
    const wanted = estateOf(after, project)
    const diffs = await analysis.diffEstates(estateOf(before, facts), wanted, ids)
    const steps =
      facts === project || !hasSteps
        ? null
        : await analysis.diffEstates(estateOf(before, facts), estateOf(after, facts), ids)
    for (const { account, observed } of group) {
      const diff = diffs.get(account.account.id)
      if (diff === undefined) continue
      const states = { before: observed, after: after.get(account.name) ?? observed }
      const told = facts === project ? diff : markedByFacts(diff, steps?.get(account.account.id) ?? null)
      found.set(account.name, await accessChanges(told, states))
    }
  }
  return found
}

/** Accounts by the facts that went before for them; the project's own where nothing is different. */
function byFactsBefore(
  sound: readonly PlannedState[],
  project: Facts,
): ReadonlyMap<Facts, readonly PlannedState[]> {
  const groups = new Map<Facts, PlannedState[]>()
  const known = new Map<string, Facts>()
  for (const state of sound) {
    let facts = state.factsBefore ?? project
    if (facts !== project) {
      const text = JSON.stringify(recordFacts(facts))
      facts = known.get(text) ?? facts
      known.set(text, facts)
    }
    const group = groups.get(facts)
    if (group === undefined) groups.set(facts, [state])
    else group.push(state)
  }
  return groups
}

/**
 * Marks what would not be without the facts that changed. What comes of both, some of its actions of the one and some
 * of the other, is left unmarked: an apply has a part in it.
 * @param steps what would change with the facts of before; null: nothing would
 */
function markedByFacts(diff: AccessDiff, steps: AccessDiff | null): AccessDiff {
  const known = new Set<string>()
  const keysOf = (entry: AccessEntry, direction: string) =>
    entry.principals.flatMap((principal) =>
      entry.actions.map((action) => `${direction} ${principal} ${action} ${statementKey(entry)}`),
    )
  for (const entry of steps?.gained ?? []) for (const key of keysOf(entry, 'gained')) known.add(key)
  for (const entry of steps?.lost ?? []) for (const key of keysOf(entry, 'lost')) known.add(key)
  const byStep = new Set((steps?.escalations ?? []).map(wayKey))
  const mark = (entries: readonly AccessEntry[], direction: string): readonly AccessEntry[] =>
    entries.map((entry) => {
      if (keysOf(entry, direction).some((key) => known.has(key))) return entry
      return { ...entry, by: 'facts' }
    })
  const [gained, lost] = [mark(diff.gained, 'gained'), mark(diff.lost, 'lost')]
  return {
    ...diff,
    gained,
    lost,
    escalations: diff.escalations.map((each) => (byStep.has(wayKey(each)) ? each : { ...each, by: 'facts' })),
  }
}

/** The same for one way of one principal to the same power, whatever statement grants it. */
const wayKey = ({ principals, target, why, path }: Escalation): string =>
  JSON.stringify([principals, target, why, path.map(({ way, actor, reaches }) => [way, actor, reaches])])

import type { AccountState } from '../model/index.ts'
import type { Step } from '../model/step.ts'
import { planDigest } from './digest.ts'
import { holdersIn } from './grants/holders.ts'
import { inOrderOfCreation } from './kind-order.ts'
import { type Change, type Plan, subjectOf } from './plan.ts'
import type { PlanRequest } from './planning.ts'

/**
 * What a plan does to some of those that it changes, as a plan of its own: as if nothing else were to be done. Its steps, their
 * order and what each of them needs are those of the whole.
 * @param subjects of the changes to be kept
 * @param observed what the whole was made of
 * @returns null: not all of them change, or a step of theirs needs one that isn't among them
 */
export function partOfPlan(
  whole: Plan,
  subjects: ReadonlySet<string>,
  observed: AccountState,
  { kinds, settings }: Pick<PlanRequest, 'kinds' | 'settings'>,
): Plan | null {
  const kept = whole.changes.filter((change) => subjects.has(subjectOf(change)))
  if (kept.length !== subjects.size) return null
  const numbers = [...new Set(kept.flatMap((change) => change.steps))].sort((a, b) => a - b)
  const renumbered = new Map(numbers.map((number, index) => [number, index]))
  const steps: Step[] = []
  for (const number of numbers) {
    const step = whole.steps[number]
    const needs = step?.needs.flatMap((need) => renumbered.get(need) ?? [])
    if (step === undefined || needs?.length !== step.needs.length) return null
    steps.push({ ...step, needs })
  }
  const changes = kept.map(
    (change): Change => ({
      ...change,
      steps: change.steps.flatMap((number) => renumbered.get(number) ?? []),
    }),
  )
  const { account, facts } = whole
  const holders = holdersIn(observed)
  return {
    ...whole,
    ...planDigest(
      account,
      observed,
      { changes, steps, facts },
      { kinds: inOrderOfCreation(kinds), settings, holders },
    ),
    changes,
    steps,
    // What speaks against other changes only is no matter here.
    refusals: whole.refusals.filter(({ rule, entities }) =>
      rule === 'brieflyWider'
        ? changes.some(({ brieflyWider }) => brieflyWider !== null)
        : rule === 'lastAdministrator' ||
          rule === 'deployer' ||
          entities.length === 0 ||
          entities.some((entity) => subjects.has(entity)),
    ),
  }
}

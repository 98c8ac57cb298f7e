import { type Change, type GuardRefusal, type Plan, subjectOf } from '../plan/plan.ts'

/** What a new plan says that the one before did not. Changes stand in the order of their own plan. */
export interface PlanComparison {
  /** Changes to entities that the last plan left alone. */
  readonly added: readonly Change[]
  /** Changes that are not to be made any more. */
  readonly gone: readonly Change[]
  readonly different: readonly { readonly before: Change; readonly after: Change }[]
  readonly refusals: { readonly added: readonly GuardRefusal[]; readonly gone: readonly GuardRefusal[] }
  /** Nothing of the above: whoever has read the last plan has read this one. */
  readonly same: boolean
}

interface ComparablePlan extends Pick<Plan, 'changes' | 'refusals'> {
  readonly steps: readonly { readonly operation: string; readonly input: object }[]
}

/** What is worth saying after a save. Where something is declared is no part of what happens to it. */
export function comparePlans(previous: ComparablePlan, next: ComparablePlan): PlanComparison {
  const before = new Map(previous.changes.map((change) => [subjectOf(change), change]))
  const after = new Map(next.changes.map((change) => [subjectOf(change), change]))
  const added = next.changes.filter((change) => !before.has(subjectOf(change)))
  const gone = previous.changes.filter((change) => !after.has(subjectOf(change)))
  const different = next.changes.flatMap((change) => {
    const earlier = before.get(subjectOf(change))
    return earlier === undefined ||
      earlier === change ||
      contentOf(earlier, previous) === contentOf(change, next)
      ? []
      : [{ before: earlier, after: change }]
  })
  const refusals = {
    added: missingFrom(previous.refusals, next.refusals),
    gone: missingFrom(next.refusals, previous.refusals),
  }
  const parts = [added, gone, different, refusals.added, refusals.gone]
  return { added, gone, different, refusals, same: parts.every((part) => part.length === 0) }
}

/** Without step numbers, which move when another change comes before. */
const contentOf = ({ action, arn, details, steps }: Change, plan: ComparablePlan): string =>
  JSON.stringify([
    action,
    arn,
    details,
    steps.map((number) => [plan.steps[number]?.operation, plan.steps[number]?.input]),
  ])

function missingFrom(
  those: readonly GuardRefusal[],
  these: readonly GuardRefusal[],
): readonly GuardRefusal[] {
  const known = new Set(those.map((refusal) => JSON.stringify(refusal)))
  return these.filter((refusal) => !known.has(JSON.stringify(refusal)))
}

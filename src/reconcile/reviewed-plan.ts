import { declarationsOf } from '../manifest/declarations.ts'
import type { Declarations } from '../model/declarations.ts'
import { CHILDREN, entityRef, isChildKind } from '../model/index.ts'
import { partOfPlan } from '../plan/part-of-plan.ts'
import { type Change, type Plan, subjectOf } from '../plan/plan.ts'
import { neededSecrets } from '../plan/steps/needed-secrets.ts'
import type { Intent, PlannedAccount } from './plan-account.ts'

/** A plan that somebody has read, as far as it takes to find it again. */
interface ReviewedPlan {
  readonly digest: string
  readonly changes: readonly Pick<Change, 'kind' | 'name'>[]
}

/** A plan of now that is the one that was reviewed. */
export interface StillReviewed extends PlannedAccount {
  /** Changes that would be made as well, and were not reviewed: nothing is done about them. */
  readonly leftOut: readonly Change[]
}

/**
 * Finds a plan that was reviewed in what would be done now. Nothing else drops out of it than changes that the reviewed one doesn't
 * have, so that whatever is done follows from what is declared and what is there now.
 * @returns null: something that it touches is not as it was
 */
export function stillReviewed(
  intent: Pick<Intent, 'kinds' | 'settings' | 'desired'>,
  planned: PlannedAccount,
  reviewed: ReviewedPlan,
): StillReviewed | null {
  const subjects = new Set(reviewed.changes.map(subjectOf))
  const isWhole =
    planned.plan.digest === reviewed.digest &&
    planned.plan.changes.length === subjects.size &&
    planned.plan.changes.every((change) => subjects.has(subjectOf(change)))
  if (isWhole) return { ...planned, leftOut: [] }
  const plan = partOfPlan(planned.plan, subjects, planned.observed, intent)
  if (plan?.digest !== reviewed.digest) return null
  const leftOut = planned.plan.changes.filter((change) => !subjects.has(subjectOf(change)))
  const secrets = neededSecrets(intent, plan)
  // Of nothing there is nothing to write down.
  return { ...planned, plan, secrets, leftOut, recorded: plan.steps.length === 0 || planned.recorded }
}

/**
 * What the journal says is declared once a plan is carried out. Of a part of all that would have to be done: what it said before,
 * but for those that this changes.
 */
export function declaredAfter(
  { desired, kinds }: Pick<Intent, 'kinds' | 'desired'>,
  before: Declarations,
  plan: Pick<Plan, 'changes'>,
): Declarations {
  const declared = declarationsOf(desired, kinds)
  const after = new Map(Object.entries(before))
  // Settings are called by their kind alone.
  for (const change of plan.changes)
    for (const ref of [subjectOf(change), change.kind]) {
      const now = Object.hasOwn(declared, ref) ? declared[ref] : undefined
      if (now === undefined) after.delete(ref)
      else after.set(ref, now)
    }
  for (const { kind, parent } of plan.changes) {
    if (parent === undefined || !isChildKind(kind)) continue
    // Of its parent no more than this is known to be as declared.
    const [ref, { section }] = [entityRef(parent.kind, parent.name), CHILDREN[kind]]
    const { [section]: _, ...others } = after.get(ref) ?? {}
    const now = declared[ref]?.[section]
    if (now !== undefined) after.set(ref, { ...others, [section]: now })
    else if (after.has(ref)) after.set(ref, others)
  }
  return Object.fromEntries(after)
}

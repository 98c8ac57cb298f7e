import { type Diagnostic, errorOf } from '../../diagnostics/index.ts'
import { subjectOf } from '../../plan/plan.ts'
import type { SavedPlan } from '../../plan/saved-plans.ts'
import { comparePlans, type PlanComparison } from '../../reconcile/compare-plans.ts'
import { openTargetForReading, using } from '../opening/account-target.ts'
import type { OpenedProject, ValidAccount } from '../opening/project.ts'
import type { Preview } from './planning.ts'
import { isReviewed, MOST_NAMES, type ReviewedPlans, savedPlanOf } from './reviewed-plans.ts'

/** How plans of now stand to what was reviewed. */
interface ReviewOutcome {
  /** What isn't as it was. Empty: all of it still is what was reviewed. */
  readonly stale: readonly Diagnostic[]
  /** Of a saved plan, what is different now, by account. */
  readonly differences: readonly PlanComparison[]
  /** Accounts in which somebody else has applied just what was reviewed, and nothing is left of it. */
  readonly done: ReadonlySet<Preview>
}

/** @throws DiagnosticError when a journal can't be read */
export async function reviewOutcome(
  review: ReviewedPlans,
  previews: readonly Preview[],
  opened: OpenedProject,
): Promise<ReviewOutcome> {
  const stale: Diagnostic[] = []
  const differences: PlanComparison[] = []
  const done = new Set<Preview>()
  const found = new Set<string>()
  for (const preview of isReviewed(review) ? previews : []) {
    const { plan, account } = preview
    const saved = savedPlanOf(review, account)
    if (saved !== undefined && review.digests.length > 0 && !review.digests.includes(saved.digest)) {
      stale.push(savedOther(saved, review))
      continue
    }
    const expected = saved === undefined ? review.digests : [saved.digest]
    const isAsReviewed = saved === undefined ? expected.includes(plan.digest) : preview.leftOut !== undefined
    if (isAsReviewed) {
      found.add(plan.digest)
      continue
    }
    const last = isNothingLeft(preview, saved) ? await lastApplied(account, opened) : null
    if (last !== null && expected.includes(last)) {
      found.add(last)
      done.add(preview)
    } else if (saved !== undefined) {
      const difference = differenceTo(saved, preview)
      differences.push(difference)
      stale.push(changedSince(preview, difference))
    } else if (plan.steps.length > 0 || !preview.isRecorded()) stale.push(notReviewed(preview))
  }
  for (const digest of review.digests)
    if (!found.has(digest) && stale.length === 0) stale.push(ofNobody(digest))
  return { stale, differences, done }
}

/** Whether nothing would be done any more about what was reviewed. */
function isNothingLeft({ plan }: Preview, saved: SavedPlan | undefined): boolean {
  const subjects = new Set(saved?.changes.map(subjectOf))
  return !plan.changes.some((change) => saved === undefined || subjects.has(subjectOf(change)))
}

/** The digest of the last apply, if it was complete. */
async function lastApplied(account: ValidAccount, opened: OpenedProject): Promise<string | null> {
  const [last] = await using(openTargetForReading(account, opened), ({ journal }) => journal.history())
  return last?.outcome === 'complete' ? last.digest : null
}

/** What of a saved plan is different now; what else would be done is no part of it. */
function differenceTo(saved: SavedPlan, { plan }: Preview): PlanComparison {
  const subjects = new Set(saved.changes.map(subjectOf))
  const before = {
    changes: saved.changes.map((change) => ({ ...change, span: null, brieflyWider: null })),
    steps: saved.steps,
    refusals: [],
  }
  const difference = comparePlans(before, {
    changes: plan.changes.filter((change) => subjects.has(subjectOf(change))),
    steps: plan.steps,
    refusals: plan.refusals,
  })
  // Of what a file says only names are shown: a forged one may have anything for details.
  return { ...difference, gone: difference.gone.map((change) => ({ ...change, details: [] })) }
}

function changedSince({ account }: Preview, { gone, different }: PlanComparison): Diagnostic {
  const names = [...gone.map(subjectOf), ...different.map(({ after }) => subjectOf(after))]
  const more = names.length - MOST_NAMES
  const what =
    names.length === 0
      ? 'what gives its changes their meaning, such as the members of a group or the order of the calls'
      : `${names
          .slice(0, MOST_NAMES)
          .map((name) => `\`${name}\``)
          .join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  return errorOf({
    code: 'apply.stale',
    message: `what the saved plan of \`${account.name}\` touches has changed since: ${what}; nothing was written`,
    help: 'save the plan as it is now, and review that: `iam-sync plan --out FILE`',
  })
}

const notReviewed = ({ account, plan }: Preview): Diagnostic =>
  errorOf({
    code: 'apply.stale',
    message: `the plan of \`${account.name}\` is ${plan.digest} now, which was not reviewed; nothing was written`,
    help: 'review the plan as it is now: `iam-sync plan --json` has its digest',
  })

const savedOther = ({ account, digest }: SavedPlan, { file }: ReviewedPlans): Diagnostic =>
  errorOf({
    code: 'apply.stale',
    message: `\`${file}\` holds the plan ${digest} of \`${account.name}\`, which is not what was reviewed; nothing was written`,
    help: 'apply the file that was reviewed, or review this one',
  })

const ofNobody = (digest: string): Diagnostic =>
  errorOf({
    code: 'apply.stale',
    message: `no account has the plan ${digest} any more; nothing was written`,
    help: 'review the plan as it is now: `iam-sync plan --json` has its digest',
  })

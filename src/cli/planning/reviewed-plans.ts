import { type Diagnostic, DiagnosticError, errorOf, infoOf } from '../../diagnostics/index.ts'
import { subjectOf } from '../../plan/plan.ts'
import type { SavedPlan, SavedPlans } from '../../plan/saved-plans.ts'
import type { Intent, PlannedAccount } from '../../reconcile/plan-account.ts'
import { stillReviewed } from '../../reconcile/reviewed-plan.ts'
import { type Agreed, agreedTo } from '../arguments/agreed-to.ts'
import { readingOf } from '../arguments/question-flags.ts'
import { type NamedReview, namedReview } from '../arguments/reviewed-plan.ts'
import { flagText, type Invocation } from '../command.ts'
import { readPlanFile } from '../opening/plan-file.ts'
import type { OpenedProject, ValidAccount } from '../opening/project.ts'
import type { Preview } from './planning.ts'

/** What an apply is bound to: nothing but this is applied. */
export interface ReviewedPlans extends NamedReview {
  readonly saved: SavedPlans | null
}

/** @throws DiagnosticError `cli.…`, `apply.digest-without-target`, `saved-plan.…` */
export function openReview(invocation: Pick<Invocation, 'flags' | 'accounts'>): ReviewedPlans {
  const named = namedReview(invocation)
  return { ...named, saved: named.file === null ? null : readPlanFile(named.file) }
}

/** What plans are made of besides the YAML and the target. */
interface HowMade {
  readonly ref: string | null
  readonly base: string | null
  readonly agreed: Agreed
  readonly reading: ReturnType<typeof readingOf>
}

/** As a saved plan was made, so that the same comes of it; without one, as the flags say. */
export const howMade = ({ saved }: ReviewedPlans, flags: Invocation['flags']): HowMade =>
  saved === null
    ? {
        ref: flagText(flags, 'ref'),
        base: flagText(flags, 'base'),
        agreed: agreedTo(flags),
        reading: readingOf(flags),
      }
    : {
        ref: saved.made.ref,
        base: saved.made.base,
        agreed: { allowBrieflyWider: saved.made.allowBrieflyWider },
        reading: saved.made.assume === null ? {} : { assume: saved.made.assume },
      }

/** Of what would be done to an account what was reviewed; all of it where that isn't there as it was, or nothing is saved. */
export function reviewedPart(
  review: ReviewedPlans,
  account: ValidAccount,
  intent: Intent,
  planned: PlannedAccount,
): PlannedAccount {
  const saved = savedPlanOf(review, account)
  return saved === undefined ? planned : (stillReviewed(intent, planned, saved) ?? planned)
}

/** That something would be done besides what was saved. */
export function leftOutNote({ leftOut = [], account }: Preview): readonly Diagnostic[] {
  if (leftOut.length === 0) return []
  const names = leftOut.slice(0, MOST_NAMES).map((change) => `\`${subjectOf(change)}\``)
  const more = leftOut.length - names.length
  return [
    infoOf({
      code: 'apply.left-out',
      message: `the saved plan of \`${account.name}\` does not have what else differs now, and it is left: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
      help: '`iam-sync plan` shows it',
    }),
  ]
}

/** Names that a message has before it only counts the rest. */
export const MOST_NAMES = 5

/** Whether somebody has read what is to be applied: nobody is asked once more. */
export const isReviewed = ({ saved, digests }: ReviewedPlans): boolean => saved !== null || digests.length > 0

const isOf = (
  { account: { account, name } }: { readonly account: ValidAccount },
  { account: of }: SavedPlan,
) => of.id === account.id && of.name === name && of.partition === account.partition

export const savedPlanOf = ({ saved }: ReviewedPlans, account: ValidAccount): SavedPlan | undefined =>
  saved?.plans.find((plan) => isOf({ account }, plan))

/**
 * A project with the accounts that were saved, and no others.
 * @throws DiagnosticError `saved-plan.other-account`
 */
export function withSavedAccounts(opened: OpenedProject, { saved, file }: ReviewedPlans): OpenedProject {
  if (saved === null) return opened
  const foreign = saved.plans.filter((plan) => !opened.accounts.some((account) => isOf({ account }, plan)))
  if (foreign.length > 0)
    throw new DiagnosticError(
      foreign.map(({ account: { id, name } }) =>
        errorOf({
          code: 'saved-plan.other-account',
          message: `\`${file}\` holds a plan for the account \`${name}\` (${id}), which is none of this project`,
          help: 'apply it in the IAM folder that it was made in',
        }),
      ),
    )
  return {
    ...opened,
    accounts: opened.accounts.filter((account) => saved.plans.some((plan) => isOf({ account }, plan))),
  }
}

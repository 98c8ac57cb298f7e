import { reviewPage } from '../markdown/page.ts'
import { type ReviewedType, reviewOf } from '../review/review-of.ts'
import type { Format } from './format.ts'

/** A comment on a pull request, or the summary of a job. */
export const markdown: Format<ReviewedType> = {
  render: (result, given) => reviewPage(reviewOf(result, given), { wholeAt: given.wholeAt ?? null }),
}

import { graphOfAccess } from '../graph/graph-of-access.ts'
import { type ReviewGraph, reviewDocument } from '../html/review-page.ts'
import type { ComparedAccess, ResultOf } from '../result.ts'
import { reviewOf } from '../review/review-of.ts'
import { type ByType, byType, type Format } from './format.ts'

type HtmlType = 'plan' | 'access diff'

const PAGES: ByType<string, HtmlType> = {
  plan: (result, given) => reviewDocument('plan', reviewOf(result, given), planGraphs(result)),
  'access diff': (result, given) =>
    reviewDocument('access diff', reviewOf(result, given), result.compared.map(comparedGraph)),
  failed: (result, given) => reviewDocument('iam-sync', reviewOf(result, given), []),
}

const planGraphs = ({ plans }: ResultOf<'plan'>): readonly ReviewGraph[] =>
  plans.flatMap(({ plan: { account }, access }) =>
    access === null ? [] : [{ account, graph: graphOfAccess(access.diff, access.context.account) }],
  )

const comparedGraph = ({ account, diff, changes }: ComparedAccess): ReviewGraph => ({
  account,
  graph: graphOfAccess(diff, changes.context.account),
})

/** A page for reviewers, in one file that fetches nothing. */
export const html: Format<HtmlType> = {
  render: (result, given) => byType(PAGES, result, given),
}

import type { SectionEntries } from '../report/review/entry.ts'
import type { Review } from '../report/review/review.ts'
import { inReadingOrder } from '../report/review/sections.ts'
import { verdictOf } from '../report/review/verdict.ts'

/** What several results come to, as one: of a plan, and of gates beside it. */
export function joinedReview(reviews: readonly Review[]): Review {
  const [only, second] = reviews
  if (only !== undefined && second === undefined) return only
  const parts = reviews.map(
    ({ sections }): SectionEntries =>
      Object.fromEntries(sections.map(({ name, entries }) => [name, entries])),
  )
  const counts = reviews.map(({ verdict }) =>
    Object.fromEntries(verdict.counts.map(([count, of]) => [of, count])),
  )
  const sections = inReadingOrder(parts)
  const objections = [...new Set(reviews.flatMap(({ verdict }) => verdict.objections))]
  return {
    verdict: verdictOf(counts, sections, objections, only?.verdict.otherwise ?? 'no changes'),
    commit: reviews.find(({ commit }) => commit !== null)?.commit ?? null,
    heads: reviews.flatMap(({ heads }) => heads),
    sections,
  }
}

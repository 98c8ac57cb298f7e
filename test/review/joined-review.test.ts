import { describe, expect, it } from 'vitest'
import type { Review } from '../../src/report/review/review.ts'
import { joinedReview } from '../../src/review/joined-review.ts'

const of = (commit: Review['commit']): Review => ({
  verdict: { level: 'quiet', counts: [], otherwise: 'no changes', objections: [] },
  commit,
  heads: [],
  sections: [],
})
const commit = (id: string) => ({ id, isDirty: false })

describe('reviews as one', () => {
  it('are of the commit of the first that knows it: a gate beside a plan knows none', () => {
    expect(joinedReview([of(null), of(commit('a')), of(commit('b'))]).commit).toEqual(commit('a'))
    expect(joinedReview([of(commit('a')), of(null)]).commit).toEqual(commit('a'))
    expect(joinedReview([of(null), of(null)]).commit).toBeNull()
  })

  it('count together, and weigh as the heaviest', () => {
    const verdict: Review['verdict'] = {
      level: 'danger',
      counts: [[1, 'fail']],
      otherwise: '',
      objections: ['x'],
    }
    const { verdict: joined } = joinedReview([of(null), { ...of(null), verdict }, { ...of(null), verdict }])
    expect(joined).toEqual({
      level: 'danger',
      counts: [[2, 'fail']],
      otherwise: 'no changes',
      objections: ['x'],
    })
  })
})

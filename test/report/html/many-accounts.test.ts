import { expect, it } from 'vitest'
import { reviewDocument } from '../../../src/report/html/review-page.ts'

const review = (accounts: number) => ({
  verdict: { level: 'quiet', counts: [], otherwise: 'no changes', objections: [] } as const,
  commit: null,
  heads: Array.from({ length: accounts }, (_, index) => ({
    account: { id: `${100_000_000_000 + index}`, name: `account-${index}` },
    digest: `sha256:${index}`,
    against: null,
  })),
  sections: [],
})

it('of many accounts the first ones are open, and the rest is counted and folded', () => {
  const page = reviewDocument('plan', review(300), [])
  const [open = '', folded = ''] = page.split('<details class="more-accounts">')
  expect(open.match(/<dt>Account<\/dt>/g)).toHaveLength(5)
  expect(folded).toContain('<summary>and 295 more accounts</summary>')
  expect(folded.split('</details>')[0]?.match(/<dt>Account<\/dt>/g)).toHaveLength(295)
  expect(reviewDocument('plan', review(5), [])).not.toContain('more-accounts')
})

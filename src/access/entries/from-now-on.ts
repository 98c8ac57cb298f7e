import type { RequestFilter } from '../diff/comparison.ts'
import type { Decider } from '../witness/decider.ts'

/** What is asked of requests to come: what was allowed once is nobody's any more, and leads nobody anywhere. */
export const fromNowOn = ({ decider }: { readonly decider: Decider }): RequestFilter => ({
  notBefore: decider.now.getTime(),
})

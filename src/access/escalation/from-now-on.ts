import type { Question } from '../comparer.ts'
import type { Exploration } from '../explore.ts'

/** What is asked of requests to come: what was allowed once leads nobody anywhere any more. */
export const fromNowOn = ({ decider }: Exploration): Question => ({ notBefore: decider.now.getTime() })

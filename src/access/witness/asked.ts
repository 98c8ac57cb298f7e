import type { ComparedSide, Comparison } from '../diff/comparison.ts'
import type { Asked } from './decision.ts'

/** One side of a comparison, ready for the evaluator to be asked about. */
export const asked = (
  { principal, region }: Comparison,
  { state, layers, controls, sessions }: ComparedSide,
): Asked => ({
  principal,
  state,
  layers,
  region,
  ...(controls === undefined ? {} : { controls }),
  sessions,
})

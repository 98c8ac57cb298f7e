import type { ComparedSide, Comparison } from './comparison.ts'
import type { Asked } from './decision.ts'

/** One side of a comparison, ready for the evaluator to be asked about. */
export const asked = (
  { subject, region }: Comparison,
  { state, layers, controls, sessions }: ComparedSide,
): Asked => ({
  subject,
  state,
  layers,
  region,
  ...(controls === undefined ? {} : { controls }),
  sessions,
})

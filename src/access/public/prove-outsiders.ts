import type { Proof } from '../analysis.ts'
import { type Exploration, type ExploredBy, explore, proofOf } from '../explore.ts'

/** That nobody who is meant may do anything at all. Whoever comes from outside has no policies of their own that aren't known. */
export const proveOutsiders = (exploration: Exploration, by: ExploredBy): Proof =>
  proofOf(
    explore(exploration, () => ({}), by),
    { potential: 'unknown', isOwnerOpen: false },
  )

import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { Proof } from '../analysis.ts'
import type { BoundKeys } from '../diff/comparison.ts'
import { type Exploration, type ExploredBy, explore, proofOf } from '../explore.ts'

/** Who of those outside is meant. */
export type Outsiders = Omit<ExploredBy, 'only' | 'withRoot'>

/** That nobody who is meant may do anything at all. Whoever comes from outside has no policies of their own that aren't known. */
export const proveOutsiders = (exploration: Exploration, by: Outsiders): Proof =>
  proofOf(
    explore(exploration, () => ({}), { ...by, only: 'outsiders', withRoot: false }),
    { potential: 'unknown', isOwnerOpen: () => false },
  )

/** What keys can be by each policy, worked out where somebody is asked about: few policies let in anybody from outside. */
export const boundsWhereAsked =
  (make: (policy: ParsedPolicy | null) => BoundKeys) =>
  (policy: ParsedPolicy | null): BoundKeys => {
    let made: BoundKeys | null = null
    const bounds = () => {
      made ??= make(policy)
      return made
    }
    return {
      get id() {
        return bounds().id
      },
      of: (key) => bounds().of(key),
    }
  }

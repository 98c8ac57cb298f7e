import { Refusal } from '../../../evaluator/estate/refusal.ts'
import { UnevaluablePolicyError } from '../../../evaluator/unevaluable.ts'
import type { ComparedSide, Comparison } from '../../diff/comparison.ts'
import type { Exploration } from '../../explore.ts'
import { Recent } from '../../recent.ts'
import { type Region, regionKey, resourceRegions, restRegion } from '../../regions/region.ts'
import { regionSide } from '../../regions/region-side.ts'
import { type PrincipalSide, sideKey } from '../../sides/side.ts'
import { pinnedTo } from '../../symbolic/pins.ts'
import { type Given, givenKey, NOTHING } from './given.ts'
import { CREDENTIAL_KEYS, type Holder, holderKey } from './holder.ts'

/** Comparisons hold statements and sides: of thousands of principals they are not all kept. */
const MOST_REMEMBERED = 4_000

/** What somebody is allowed and denied, region by region, as far as it is read and not asked. Answers are remembered. */
export class HolderSides {
  readonly #in: Exploration
  readonly #compared = new Recent<Comparison | null>(MOST_REMEMBERED)

  constructor(exploration: Exploration) {
    this.#in = exploration
  }

  /** What somebody may do in a region; null: nothing, or it can't be known. */
  in(holder: Holder, region: Region, given: Given = NOTHING): Comparison | null {
    const id = `${holderKey(holder)} ${regionKey(region)} ${givenKey(given)}`
    let comparison = this.#compared.get(id)
    if (comparison === undefined) {
      comparison = this.#compare(holder, region, given)
      this.#compared.set(id, comparison)
    }
    return comparison
  }

  /** The same of what is the account's own, as far as nothing there has a policy of its own. */
  own(holder: Holder): PrincipalSide | null {
    return this.in(holder, restRegion(holder.account, 'own'))?.now.side ?? null
  }

  /** What isn't declared, and what is of the account. */
  regionsOf({ account }: Holder): readonly Region[] {
    return [
      restRegion(account, 'own'),
      ...[...this.#in.view.estate.resources.values()]
        .filter((facts) => facts.account === account)
        .flatMap(({ arn }) => resourceRegions(arn, account)),
    ]
  }

  #compare(holder: Holder, region: Region, given: Given): Comparison | null {
    const { comparer, reasoner, view } = this.#in
    const context = new Map([...CREDENTIAL_KEYS[holder.credentials], ...given])
    if (holder.altered === '') {
      const comparison = comparer.compare(holder.principal, region, view, null, { context })
      return typeof comparison === 'string' ? null : comparison
    }
    try {
      const pins = pinnedTo(holder.state.pins, context)
      const found = regionSide(holder.state, region, view, reasoner, pins)
      return {
        principal: holder.principal,
        region,
        now: { ...found, state: holder.state },
        before: NOBODY,
        key: `${reasoner.generation} altered ${sideKey(found.side)} ${regionKey(region)} ${holder.state.keys.id}`,
        isMeant: () => true,
      }
    } catch (error) {
      if (error instanceof Refusal || error instanceof UnevaluablePolicyError) return null
      throw error
    }
  }
}

const NOBODY: ComparedSide = { state: null, side: { ways: [], denies: [] }, layers: {} }

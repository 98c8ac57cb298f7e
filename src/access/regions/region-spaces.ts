import type { EstateView } from '../estate-view.ts'
import type { Reasoner } from '../reasoner.ts'
import { type Region, type RegionSpace, regionKey, spaceOf } from './region.ts'

/** Finds out once where each region lies, in one state or between two. */
export class RegionSpaces {
  readonly #reasoner: Reasoner
  readonly #views = new WeakMap<EstateView, WeakMap<EstateView, readonly EstateView[]>>()
  readonly #known = new WeakMap<readonly EstateView[], Map<string, RegionSpace>>()

  constructor(reasoner: Reasoner) {
    this.#reasoner = reasoner
  }

  /** @param views the same array for the same states: it is remembered by it */
  of(region: Region, views: readonly EstateView[]): RegionSpace {
    const spaces = this.#known.get(views) ?? new Map<string, RegionSpace>()
    this.#known.set(views, spaces)
    const key = `${this.#reasoner.generation} ${regionKey(region)}`
    let space = spaces.get(key)
    if (space === undefined) {
      space = spaceOf(region, views, this.#reasoner)
      spaces.set(key, space)
    }
    return space
  }

  /** One array for each pair of states. @param before null: there is only one */
  viewsOf(now: EstateView, before: EstateView | null): readonly EstateView[] {
    const ofNow = this.#views.get(now) ?? new WeakMap<EstateView, readonly EstateView[]>()
    this.#views.set(now, ofNow)
    let views = ofNow.get(before ?? now)
    if (views === undefined) {
      views = before === null ? [now] : [now, before]
      ofNow.set(before ?? now, views)
    }
    return views
  }
}

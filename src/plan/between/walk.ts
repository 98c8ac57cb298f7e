import type { Planning } from '../planning.ts'
import { type AccountDraft, carryOut, copyOf } from '../steps/carry-out.ts'
import type { AnyDraft } from '../steps/step-drafts.ts'
import type { Relevance } from './relevance.ts'
import type { Situation } from './situation.ts'
import { SituationReader } from './situation-reader.ts'
import { SituationComparison, type Wider } from './wider.ts'

/** Somebody may do something after a step that they may do neither before the plan nor after it. */
export interface WiderPlace {
  /** Number of the draft after which it is so. */
  readonly step: number
  /** `user/NAME`, `role/NAME`. */
  readonly principal: string
  readonly wider: Exclude<Wider, { readonly type: 'none' }>
}

const NOTHING_KNOWN = () => null

/** Judges what is in force between steps by what is in force before and after all of them. */
export class Walk {
  readonly #relevance: Relevance
  readonly #reader: SituationReader
  readonly #comparison = new SituationComparison()
  readonly #before = new Map<string, Situation>()
  readonly #after = new Map<string, Situation>()
  #drafts: readonly AnyDraft[]

  constructor(
    drafts: readonly AnyDraft[],
    relevance: Relevance,
    order: readonly number[],
    { awsDocument: aws = NOTHING_KNOWN, effects }: Pick<Planning, 'awsDocument' | 'effects'>,
  ) {
    this.#drafts = drafts
    this.#relevance = relevance
    this.#reader = new SituationReader(aws, effects)
    const end = copyOf(relevance.start)
    for (const number of order) this.#carryOut(number, end)
    for (const key of relevance.stepsOf.keys()) {
      this.#before.set(key, this.#reader.situationOf(key, relevance.start))
      this.#after.set(key, this.#reader.situationOf(key, end))
    }
  }

  /** Steps that come in addition have numbers after all others. */
  extend(drafts: readonly AnyDraft[]): void {
    this.#drafts = drafts
  }

  #carryOut(number: number, view: AccountDraft): void {
    const draft = this.#drafts[number]
    if (draft !== undefined) carryOut(draft.effects, view)
  }

  after(view: AccountDraft, number: number): AccountDraft {
    const next = copyOf(view)
    this.#carryOut(number, next)
    return next
  }

  situationOf(key: string, view: AccountDraft): Situation {
    return this.#reader.situationOf(key, view)
  }

  /** What is wrong for one of these; null: nothing. */
  wrongIn(view: AccountDraft, keys: readonly string[]): Omit<WiderPlace, 'step'> | null {
    for (const principal of keys) {
      const [before, after] = [this.#before.get(principal), this.#after.get(principal)]
      if (before === undefined || after === undefined) continue
      const wider = this.#comparison.wider(before, this.situationOf(principal, view), after)
      if (wider.type !== 'none') return { principal, wider }
    }
    return null
  }

  /** Every place where something is wrong, in an order of all steps that matter. */
  places(
    order: readonly number[],
    concernedBy: ReadonlyMap<number, readonly string[]>,
  ): readonly WiderPlace[] {
    const view = copyOf(this.#relevance.start)
    const found: WiderPlace[] = []
    for (const step of order) {
      this.#carryOut(step, view)
      for (const key of concernedBy.get(step) ?? []) {
        const wrong = this.wrongIn(view, [key])
        if (wrong !== null) found.push({ step, ...wrong })
      }
    }
    return found
  }
}

import type { Comparison, RequestFilter } from '../../diff/comparison.ts'
import { fromNowOn } from '../../entries/from-now-on.ts'
import type { EstateView } from '../../estate-view.ts'
import type { Exploration } from '../../explore.ts'
import { regionKey } from '../../regions/region.ts'
import { type PrincipalSide, sideKey } from '../../sides/side.ts'
import type { SideFinding } from '../../sides/side-finding.ts'
import type { PlacedStatement } from '../../sides/statement-compiler.ts'
import { type Given, givenKey } from './given.ts'

/** What reasoning finds of single actions, remembered by what it depends on. */
export class Searches {
  readonly #in: Exploration
  readonly #views: readonly EstateView[]
  readonly #findings = new Map<string, readonly SideFinding[]>()

  constructor(exploration: Exploration, views: readonly EstateView[]) {
    this.#in = exploration
    this.#views = views
  }

  /** The same for all whose sides are alike: the evaluator is asked about each. */
  findingsOf(
    comparison: Comparison,
    action: string,
    context: Given,
    question: RequestFilter,
  ): readonly SideFinding[] {
    const { comparer, reasoner } = this.#in
    const langs = [question.inside, question.outside].map((each) => (each ?? []).map(({ id }) => id).join())
    const narrow = this.#about(action, comparison)
    const id = `${narrow.key} ${action} ${givenKey(context)} ${langs.join('-')} ${question.withStar !== false}`
    let findings = this.#findings.get(id)
    if (findings === undefined) {
      const wanted = reasoner.actions.setOf({ negated: false, entries: [action] })
      findings = comparer.gainsOf(narrow, this.#views, {
        ...question,
        ...fromNowOn(this.#in),
        wanted,
        context,
      }).findings
      this.#findings.set(id, findings)
    }
    return findings
  }

  /** With what is about one action alone: many who are unlike are alike in it. */
  #about(action: string, comparison: Comparison): Comparison {
    const { region, now } = comparison
    // What sessions carry bears on all that they do.
    if (now.sessions !== undefined) return comparison
    const isIn = this.#in.reasoner.actions.membershipOf(action)
    const about = (statements: readonly PlacedStatement[]) => statements.filter((each) => isIn(each.actions))
    const side: PrincipalSide = {
      ways: now.side.ways.map((layers) => layers.map(about)),
      denies: about(now.side.denies),
    }
    const traits = `${region.type === 'rest' ? '' : now.state?.facts.account} ${now.state?.keys.id ?? ''}`
    const key = `${this.#in.reasoner.generation} about ${sideKey(side)} ${regionKey(region)} ${traits}`
    return { ...comparison, now: { ...now, side }, key }
  }
}

import type { Request } from '../../../evaluator/decision.ts'
import type { Comparison, RequestFilter } from '../../diff/comparison.ts'
import type { EstateView } from '../../estate-view.ts'
import type { Exploration } from '../../explore.ts'
import type { FoundRequest } from '../../sides/side-finding.ts'
import type { PlacedStatement } from '../../sides/statement-compiler.ts'
import type { Lang } from '../../symbolic/lang.ts'
import { asked } from '../../witness/asked.ts'
import { knownOf, readableRequests } from '../../witness/readable-request.ts'
import { valuesOf, withReadableArns } from '../../witness/readable-values.ts'
import { witnessOf } from '../../witness/witness.ts'
import type { Given } from './given.ts'
import { likelyContext, sparingContext } from './granted.ts'
import { CREDENTIAL_KEYS, type Holder } from './holder.ts'
import { withoutKnown } from './narrowed.ts'
import { Searches } from './searches.ts'
import { speaksOf } from './speaking-statements.ts'

/** Something that somebody may do: a request that the evaluator allows, and the statement that grants it. */
export interface Power {
  readonly request: Request
  readonly allow: PlacedStatement | null
}

/** Statements whose names are tried before a request is taken as it was found. */
const MOST_READABLE = 3
/** Of one statement, those who are declared included. */
const MOST_NAMED = 5

/** Finds requests for one action that the evaluator allows: as they are asked, by likely names, or by reasoning. */
export class ConfirmedPowers {
  readonly #in: Exploration
  readonly #searches: Searches

  constructor(exploration: Exploration, views: readonly [EstateView, EstateView]) {
    this.#in = exploration
    this.#searches = new Searches(exploration, views)
  }

  /** A request for one action that reasoning finds and the evaluator confirms. */
  find(comparison: Comparison, action: string, context: Given, question: RequestFilter): Power | null {
    for (const { allow, request, tier } of this.#searches.findingsOf(comparison, action, context, question)) {
      if (tier !== 'typed' && tier !== 'named') continue
      for (const resource of named(request.resource, question)) {
        const power = this.of(comparison, { ...request, action, resource }, context, allow)
        if (power !== null) return power
      }
    }
    return null
  }

  /** A request as it stands. null: the evaluator doesn't allow it. */
  of(
    comparison: Comparison,
    request: FoundRequest,
    context: Given,
    allow: PlacedStatement | null,
  ): Power | null {
    const lower = new Set([...request.context.keys()].map((key) => key.toLowerCase()))
    const settled = [...context].filter(([key, values]) => values !== null && !lower.has(key)) as [
      string,
      readonly string[],
    ][]
    const full = { ...request, context: new Map([...request.context, ...settled]) }
    const isAllowed = (each: FoundRequest) =>
      this.#in.decider.decisionOf(asked(comparison, comparison.now), each) === 'yes'
    if (!isAllowed(full)) return null
    const { actions, partition } = this.#in.reasoner
    const granting = allow ?? this.#grantingOf(comparison, full)
    const readable = withReadableArns(
      full,
      (key) => (granting === null ? [] : valuesOf(granting.symbolic.source, key)),
      actions.facts,
      { account: comparison.principal.account ?? '', partition },
      isAllowed,
    )
    return { request: witnessOf(comparison, readable, actions.facts), allow: granting }
  }

  /** The statement that allows a request, as far as it can be told. */
  #grantingOf({ now }: Comparison, { action, resource }: FoundRequest): PlacedStatement | null {
    const { actions, symbols } = this.#in.reasoner
    const isIn = actions.membershipOf(action)
    const about = (now.side.ways[0]?.[0] ?? []).filter((each) => isIn(each.actions))
    return (
      about.find(({ symbolic }) => symbolic.resource === null || speaksOf(symbolic, resource, symbols)) ??
      about[0] ??
      null
    )
  }

  /** On something that people would name: most statements allow it as plainly as that. */
  onKnownName(
    holder: Holder,
    action: string,
    comparison: Comparison,
    given: Given,
    inside: Lang | null,
  ): Power | null {
    const { actions, partition, templates } = this.#in.reasoner
    const isIn = actions.membershipOf(action)
    const isOfNothing = templates.templatesOf(action).length === 0
    const asked = { action, resource: isOfNothing ? '*' : '', context: new Map() }
    const granting = (comparison.now.side.ways[0]?.[0] ?? []).filter((each) => isIn(each.actions))
    const denying = comparison.now.side.denies.filter((each) => isIn(each.actions))
    const sparing = withoutKnown(sparingContext(denying), given)
    const context = new Map([...CREDENTIAL_KEYS[holder.credentials], ...given])
    const tries = granting.slice(0, MOST_READABLE).flatMap((allow) => {
      const likely = withoutKnown(likelyContext(allow), given)
      return [likely, ...(sparing.size === 0 ? [] : [new Map([...sparing, ...likely])])].map((context) => ({
        allow,
        context,
      }))
    })
    for (const { allow, context: tried } of tries) {
      const likely = { ...asked, context: tried }
      const found = { allow, actions: [action], request: likely, tier: 'typed' as const }
      const named = isOfNothing
        ? [likely]
        : readableRequests(found, {
            account: holder.account,
            partition,
            templates,
            pins: holder.state.pins,
            known: knownOf(comparison.region, holder.state),
          })
      for (const each of named.slice(0, MOST_NAMED)) {
        if (!comparison.isMeant(each.action, each.resource) || inside?.has(each.resource) === false) continue
        const power = this.of(comparison, each, context, allow)
        if (power !== null) return power
      }
    }
    return null
  }
}

/** With a name at its end, where the shortest resource that fits a pattern has none; then as it is. */
function named(resource: string, { inside = [], outside = [] }: RequestFilter): readonly string[] {
  const likely = `${resource}example`
  const isMeant =
    /[^A-Za-z0-9*]$/.test(resource) &&
    inside.every((lang) => lang.has(likely)) &&
    !outside.some((lang) => lang.has(likely))
  return isMeant ? [likely, resource] : [resource]
}

import type { AnyEffect } from '../../model/step-effect.ts'
import type { BrieflyWider } from '../plan.ts'
import type { WholePlanning } from '../planning.ts'
import { type AnyDraft, isProtective, type OrderedSteps, orderSteps, token } from '../steps/step-drafts.ts'
import { interimFor } from './interim-steps.ts'
import { type Attempt, openingLate } from './late-openings.ts'
import { type Relevance, relevanceOf } from './relevance.ts'
import { findOrder, type OpenSteps, type Preference } from './search.ts'
import { Walk, type WiderPlace } from './walk.ts'

/** Sets of steps that a search may try. */
const MOST_TRIED = 400
/** Steps whose order is searched for at once. Of more, the order by ranks stays; what it lets somebody do is said. */
const MOST_STEPS = 120

interface OrderedBetween extends OrderedSteps {
  /** Where somebody may do more all the same, by the change whose step lets them. */
  readonly wider: ReadonlyMap<string, BrieflyWider>
}

/**
 * Orders steps so that nobody may do more in between than before or after. Where the order by ranks does that it stays;
 * else one is searched for among the steps that are concerned; else documents come in between; else roles that are made let
 * nobody in before they are complete. What is left is said.
 */
export function orderBetween(planning: WholePlanning): OrderedBetween {
  const first = orderSteps(planning.steps)
  const relevance = relevanceOf(planning.steps, planning)
  if (relevance.stepsOf.size === 0) return { ...first, wider: new Map() }
  const walk = new Walk(planning.steps, relevance, first.order, planning)
  const wrong = walk.places(first.order, relevance.concernedBy)
  if (wrong.length === 0) return { ...first, wider: new Map() }

  const ordering = new Ordering(planning, relevance, walk, first.order)
  for (const cluster of clustersOf(wrong, relevance))
    if (cluster.length <= MOST_STEPS) ordering.mend(cluster, wrong)
    else ordering.openLate(cluster, wrong)
  const ordered = orderSteps(ordering.drafts)
  walk.extend(ordering.drafts)
  const wider = new Map<string, BrieflyWider>()
  for (const place of walk.places(ordered.order, ordering.concernedBy)) {
    const change = ordering.drafts[place.step]?.change ?? ''
    if (!wider.has(change)) wider.set(change, toldOf(place))
  }
  return { ...ordered, wider }
}

const toldOf = ({ principal, wider }: WiderPlace): BrieflyWider => ({
  principal,
  request:
    wider.type === 'unknown'
      ? null
      : {
          action: wider.request.action,
          resource: wider.request.resource,
          conditions: wider.request.tests,
        },
})

/** Steps by number; each set shares nobody with another. */
function clustersOf(
  wrong: readonly WiderPlace[],
  { stepsOf, concernedBy }: Relevance,
): readonly (readonly number[])[] {
  const clusters: number[][] = []
  const seen = new Set<string>()
  for (const { principal } of wrong) {
    if (seen.has(principal)) continue
    seen.add(principal)
    const steps = new Set<number>()
    const open = [principal]
    for (let key = open.pop(); key !== undefined; key = open.pop())
      for (const step of stepsOf.get(key) ?? []) {
        if (steps.has(step)) continue
        steps.add(step)
        for (const other of concernedBy.get(step) ?? [])
          if (!seen.has(other)) {
            seen.add(other)
            open.push(other)
          }
      }
    clusters.push([...steps])
  }
  return clusters
}

class Ordering {
  drafts: readonly AnyDraft[]
  concernedBy: ReadonlyMap<number, readonly string[]>
  readonly #planning: WholePlanning
  readonly #start: Relevance['start']
  readonly #walk: Walk
  readonly #place: Map<number, number>
  #found = 0

  constructor(planning: WholePlanning, relevance: Relevance, walk: Walk, order: readonly number[]) {
    this.drafts = planning.steps
    this.concernedBy = relevance.concernedBy
    this.#planning = planning
    this.#start = relevance.start
    this.#walk = walk
    this.#place = new Map(order.map((step, place) => [step, place]))
  }

  /** Finds another order for steps, by as little as will do; leaves them as they are where there is none. */
  mend(cluster: readonly number[], wrong: readonly WiderPlace[]): void {
    const asTheyAre = { drafts: this.drafts, concernedBy: this.concernedBy, steps: cluster }
    if (this.#mendFrom(asTheyAre)) return
    const late = this.#opensLate(asTheyAre, wrong)
    if (late !== null && !this.#mendFrom(late)) this.#take(late)
  }

  /** Without a search: what comes last needs none. */
  openLate(cluster: readonly number[], wrong: readonly WiderPlace[]): void {
    const asTheyAre = { drafts: this.drafts, concernedBy: this.concernedBy, steps: cluster }
    const late = this.#opensLate(asTheyAre, wrong)
    if (late !== null) this.#take(late)
  }

  #take({ drafts, concernedBy }: Attempt): void {
    this.#walk.extend(drafts)
    this.drafts = drafts
    this.concernedBy = concernedBy
  }

  #mendFrom(attempt: Attempt): boolean {
    for (const relaxed of [false, true])
      for (const preference of ['kept', 'narrowing'] as const)
        if (this.#try(attempt, relaxed, preference)) return true
    const rewriting = attempt.steps.filter((step) => {
      const draft = attempt.drafts[step]
      return draft !== undefined && interimFor(draft, this.#planning) !== null
    })
    for (const some of [...rewriting.map((each) => [each]), ...(rewriting.length > 1 ? [rewriting] : [])])
      for (const relaxed of [false, true])
        if (this.#try(this.#withInterims(attempt, some), relaxed, 'narrowing')) return true
    return false
  }

  #try({ drafts, concernedBy, steps }: Attempt, relaxed: boolean, preference: Preference): boolean {
    const loosened = relaxed ? loosen(drafts, steps) : drafts
    const needs = needsAmong(loosened, steps)
    if (needs === null) return false
    this.#walk.extend(loosened)
    const placeOf = (step: number) => this.#place.get(step) ?? Number.POSITIVE_INFINITY
    const open: OpenSteps = {
      steps: steps.toSorted((a, b) => placeOf(a) - placeOf(b) || a - b),
      needs,
      concernedBy,
    }
    const order = findOrder(open, this.#start, this.#walk, preference, MOST_TRIED)
    if (order === null) return false
    this.drafts = inTurn(loosened, order, this.#found++)
    this.concernedBy = concernedBy
    return true
  }

  #withInterims(attempt: Attempt, rewriting: readonly number[]): Attempt {
    const drafts = [...attempt.drafts]
    const concernedBy = new Map(attempt.concernedBy)
    const steps = [...attempt.steps]
    for (const number of rewriting) {
      const draft = drafts[number]
      const interim = draft === undefined ? null : interimFor(draft, this.#planning)
      if (interim === null) continue
      drafts[number] = interim.step
      concernedBy.set(drafts.length, concernedBy.get(number) ?? [])
      steps.push(drafts.length)
      drafts.push(interim.before, ...interim.room)
    }
    return { drafts, concernedBy, steps }
  }

  /** @returns null: nobody is made for whom something is wrong from then on */
  #opensLate(attempt: Attempt, wrong: readonly WiderPlace[]): Attempt | null {
    const placeOf = (step: number) => this.#place.get(step) ?? 0
    const isWrongFrom = (key: string, creation: number) =>
      wrong.some(({ principal, step }) => principal === key && placeOf(step) > placeOf(creation))
    const late = openingLate(attempt, isWrongFrom)
    return late.drafts === attempt.drafts ? null : late
  }
}

const changesTrust = (effect: AnyEffect): boolean => effect.type === 'set' && 'trustPolicy' in effect.values

/** Without the order that protects somebody as a rule: the one that is found does that. */
function loosen(drafts: readonly AnyDraft[], steps: readonly number[]): readonly AnyDraft[] {
  // Who may become a role whose trust changes is no matter of its own requests, and stays protected by the rule.
  const trusted = new Set(
    drafts.flatMap(({ effects, requires = [], provides = [] }) =>
      effects.some(changesTrust) ? [...requires, ...provides] : [],
    ),
  )
  const isKept = (each: string) => !isProtective(each) || trusted.has(each)
  const loose = new Set(steps)
  return drafts.map((draft, number) =>
    loose.has(number) && draft.requires !== undefined
      ? { ...draft, requires: draft.requires.filter(isKept) }
      : draft,
  )
}

/** Each step waits for the one before it, so that where one fails nothing that comes after gives more. */
const inTurn = (
  drafts: readonly AnyDraft[],
  order: readonly number[],
  found: number,
): readonly AnyDraft[] => {
  const places = new Map(order.map((step, place) => [step, place]))
  return drafts.map((draft, number) => {
    const place = places.get(number)
    return place === undefined
      ? draft
      : {
          ...draft,
          requires: [...(draft.requires ?? []), ...(place === 0 ? [] : [token.turn(found, place - 1)])],
          provides: [...(draft.provides ?? []), token.turn(found, place)],
        }
  })
}

/** Which of some steps must be done before which, also by way of others; null: they wait for each other. */
function needsAmong(
  drafts: readonly AnyDraft[],
  steps: readonly number[],
): ReadonlyMap<number, ReadonlySet<number>> | null {
  const providers = new Map<string, number[]>()
  for (const [number, { provides = [] }] of drafts.entries())
    for (const provided of provides) {
      const known = providers.get(provided)
      if (known === undefined) providers.set(provided, [number])
      else known.push(number)
    }
  const among = new Set(steps)
  const needs = new Map<number, Set<number>>()
  for (const step of steps) {
    const seen = new Set<number>()
    const followed = new Set<string>()
    const open = [step]
    for (let number = open.pop(); number !== undefined; number = open.pop())
      for (const required of (drafts[number]?.requires ?? []).filter((each) => !followed.has(each)))
        for (const provider of providers.get(required) ?? [])
          if (!seen.has(provider)) {
            followed.add(required)
            seen.add(provider)
            open.push(provider)
          }
    if (seen.has(step)) return null
    needs.set(step, new Set([...seen].filter((each) => among.has(each))))
  }
  return needs
}

import { conditionsBlock } from '../../evaluator/estate/who-can.ts'
import type { ParsedStatement } from '../../policy/parsed.ts'
import type { AccessArea, AccessExtent } from '../access-entry.ts'
import type { ActionSet } from '../actions/action-set.ts'
import type { ActionTable } from '../actions/action-table.ts'
import type { Sides } from '../sides/scope.ts'
import type { PrincipalSide } from '../sides/side.ts'
import type { SideFinding } from '../sides/side-finding.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import type { TextAtom } from '../symbolic/atom.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import { endOf } from './ended.ts'

/** How much of what a statement is about each of two sides allows. */
interface Extents {
  readonly now: AccessExtent | null
  readonly before: AccessExtent | null
}

/** What extents are read with. */
interface ExtentReading {
  readonly symbols: Symbols
  readonly actions: ActionTable
  /** What a policy is about that is attached to it, and names no resource. */
  readonly own: readonly string[]
  readonly now: Date
  /** A text of a statement on each side: with values in place of variables, where the sides differ in them. */
  readonly shown: Readonly<Record<keyof Extents, (text: string) => string>>
}

/**
 * How much of what an allow is about each side allows, statement by statement: what made a request of the finding be
 * decided otherwise. What both sides deny alike, or limit alike, is left out.
 *
 * INVARIANT: of a request that is about one of the actions and that the allow matches: where an extent doesn't cover it,
 * its side denies it; where it does and the side denies it all the same, both sides do.
 * @param finding of tier `typed`, `named` or `pattern`: of actions that no catalogue lists nothing is told
 */
export function extentsOf(
  { allow, actions }: Pick<SideFinding, 'allow' | 'actions'>,
  sides: Sides,
  { symbols, actions: table, own, now: time, shown }: ExtentReading,
): Extents {
  const about = new Bearing(allow, actions, { own, now: time, symbols, table })
  const hasBefore = sides.before.ways.some((way) => way.every((layer) => layer.length > 0))
  const [denies, others] = hasBefore
    ? [
        onlyIn(sides.now.denies, sides.before.denies).filter(about.isOverlapping),
        onlyIn(sides.before.denies, sides.now.denies).filter(about.isOverlapping),
      ]
    : [[], []]
  const ownWay = sides.now.ways.find(([granting = []]) => granting.some(isLike(allow))) ?? []
  const formerWays = sides.before.ways.map((way) => way.slice(1))
  const common = new Set(
    (hasBefore ? ownWay.slice(1) : [])
      .map(about.limitKey)
      .filter((key) => formerWays.every((limits) => limits.some((layer) => about.limitKey(layer) === key))),
  )
  const limits = hasBefore ? about.limitsIn(ownWay.slice(1), common, shown.now) : []
  const now = about.areaOf(allow, limits ?? [], shown.now)
  return {
    now: extentOf([now], about.areasOf(denies, shown.now)),
    before: hasBefore
      ? extentOf(about.grantsIn(sides.before, common, shown.before), about.areasOf(others, shown.before))
      : null,
  }
}

const isLike =
  ({ identity }: PlacedStatement) =>
  (other: PlacedStatement): boolean =>
    other.identity === identity

const onlyIn = (
  mine: readonly PlacedStatement[],
  others: readonly PlacedStatement[],
): readonly PlacedStatement[] => {
  const there = new Set(others.map(({ identity }) => identity))
  return mine.filter(({ identity }) => !there.has(identity))
}

/** What bears on the requests that one allow is about. */
class Bearing {
  readonly #allow: PlacedStatement
  readonly #actions: readonly string[]
  readonly #own: readonly string[]
  readonly #now: Date
  readonly #symbols: Symbols
  readonly #table: ActionTable
  /** Whether each of the actions is in a set. */
  readonly #tests: readonly ((set: ActionSet) => boolean)[]
  /** By number of the set. */
  readonly #shared = new Map<number, readonly string[]>()

  constructor(
    allow: PlacedStatement,
    actions: readonly string[],
    by: {
      readonly own: readonly string[]
      readonly now: Date
      readonly symbols: Symbols
      readonly table: ActionTable
    },
  ) {
    this.#allow = allow
    this.#actions = actions
    this.#own = by.own
    this.#now = by.now
    this.#symbols = by.symbols
    this.#table = by.table
    this.#tests = actions.map((action) => by.table.membershipOf(action))
  }

  readonly isOverlapping = (statement: PlacedStatement): boolean =>
    this.#sharedBy(statement).length > 0 && !this.#isApart(statement)

  /** Layers with equal keys let through the same of what the allow is about. */
  readonly limitKey = (layer: readonly PlacedStatement[]): string =>
    [...new Set(layer.filter(this.isOverlapping).map(({ identity }) => identity))]
      .sort((a, b) => a - b)
      .join()

  /** What the ways of a side let through. */
  grantsIn({ ways }: PrincipalSide, common: ReadonlySet<string>, shown: Shown): readonly AccessArea[] {
    return ways.flatMap(([granting = [], ...limits]) => {
      const narrowing = this.limitsIn(limits, common, shown)
      if (narrowing === null) return []
      const overlapping = granting.filter(this.isOverlapping)
      // What covers all of it says all of it.
      const covering = overlapping.find(isLike(this.#allow)) ?? overlapping.find((each) => this.#covers(each))
      return (covering === undefined ? overlapping : [covering]).map((each) =>
        this.areaOf(each, narrowing, shown),
      )
    })
  }

  /** Layers that limit it; null: one of them lets nothing through. */
  limitsIn(
    layers: readonly (readonly PlacedStatement[])[],
    common: ReadonlySet<string>,
    shown: Shown,
  ): readonly (readonly AccessArea[])[] | null {
    const limits: (readonly AccessArea[])[] = []
    for (const layer of layers) {
      if (common.has(this.limitKey(layer))) continue
      const overlapping = layer.filter(this.isOverlapping)
      if (overlapping.length === 0) return null
      // What follows from what is known, and stands in no policy, can't be shown.
      if (overlapping.some((each) => this.#covers(each) || each.symbolic.source.index < 0)) continue
      limits.push(this.areasOf(overlapping, shown))
    }
    return limits
  }

  areasOf(statements: readonly PlacedStatement[], shown: Shown): readonly AccessArea[] {
    return joined(statements.map((each) => this.areaOf(each, [], shown)))
  }

  areaOf(statement: PlacedStatement, limits: readonly (readonly AccessArea[])[], shown: Shown): AccessArea {
    const actions = this.#sharedBy(statement)
    const ended = endOf(statement.symbolic.source.conditions, this.#now)
    return {
      ...areaIn(statement.symbolic.source, this.#own, shown),
      ...(actions.length === this.#actions.length ? {} : { actions }),
      ...(limits.length === 0 ? {} : { limits }),
      ...(ended === null ? {} : { ended }),
    }
  }

  #sharedBy({ actions }: PlacedStatement): readonly string[] {
    if (actions.id === this.#allow.actions.id) return this.#actions
    let shared = this.#shared.get(actions.id)
    if (shared === undefined) {
      shared = this.#table.haveCommon(actions, this.#allow.actions)
        ? this.#actions.filter((_, index) => this.#tests[index]?.(actions))
        : []
      this.#shared.set(actions.id, shared)
    }
    return shared
  }

  /** Whether a statement matches every request that the allow matches, as is plain. */
  #covers(statement: PlacedStatement): boolean {
    const { symbolic } = statement
    const own = this.#allow.symbolic
    if (this.#sharedBy(statement).length < this.#actions.length) return false
    if (own.coversStar && !symbolic.coversStar) return false
    if (own.coversBuckets && !symbolic.coversBuckets) return false
    if (symbolic.never && !own.never) return false
    return symbolic.literals.every(
      (literal) =>
        own.literals.includes(literal) ||
        (literal === symbolic.resource && this.#isWithin(own.resource, literal)),
    )
  }

  /** Whether no request for an ARN, nor for `*`, is one of both. */
  #isApart({ symbolic }: PlacedStatement): boolean {
    const own = this.#allow.symbolic
    if (own.coversStar && symbolic.coversStar) return false
    if (own.coversBuckets && symbolic.coversBuckets) return false
    if (own.never || symbolic.never) return true
    if (symbolic.literals.some((literal) => own.literals.includes(-literal))) return true
    const [mine, other] = [this.#testOf(own.resource), this.#testOf(symbolic.resource)]
    if (mine === null || other === null) return false
    const { search } = this.#symbols
    if (mine.holds && other.holds) return search.areDisjoint(mine.atom.upper, other.atom.upper) === true
    if (mine.holds) return search.isSubset(mine.atom.upper, other.atom.lower) === true
    return other.holds && search.isSubset(other.atom.upper, mine.atom.lower) === true
  }

  /** Whether all resources of one test pass another one. */
  #isWithin(inner: number | null, outer: number): boolean {
    const [mine, other] = [this.#testOf(inner), this.#testOf(outer)]
    if (mine === null || other === null || !mine.holds) return false
    const { search } = this.#symbols
    return other.holds
      ? search.isSubset(mine.atom.upper, other.atom.lower) === true
      : search.areDisjoint(mine.atom.upper, other.atom.upper) === true
  }

  #testOf(literal: number | null): { readonly atom: TextAtom; readonly holds: boolean } | null {
    if (literal === null) return null
    const atom = this.#symbols.atoms.at(Math.abs(literal) - 1)
    return atom.on === 'resource' ? { atom, holds: literal > 0 } : null
  }
}

type Shown = (text: string) => string

/** What a statement is about, as it says it. @param own where it names no resource */
export function areaIn(
  { resource, conditions }: ParsedStatement,
  own: readonly string[] = [],
  shown: Shown = (text) => text,
): Pick<AccessArea, 'resources' | 'notResources' | 'conditions'> {
  const entries = resource === null ? own : resource.entries.map(shown)
  const isNegated = resource?.negated === true
  return {
    // Everything but nothing is everything.
    resources: !isNegated ? entries : entries.length === 0 ? ['*'] : [],
    notResources: isNegated ? entries : [],
    conditions: conditionsBlock(
      conditions.map((condition) => ({ ...condition, values: condition.values.map(shown) })),
    ),
  }
}

/** Those that differ in their resources alone as one. */
function joined(areas: readonly AccessArea[]): readonly AccessArea[] {
  const byRest = new Map<string, AccessArea>()
  for (const area of areas) {
    const { resources, ...rest } = area
    const isJoinable = resources.length > 0
    const key = JSON.stringify(isJoinable ? rest : area)
    const known = byRest.get(key)
    byRest.set(
      key,
      known === undefined || !isJoinable
        ? area
        : { ...known, resources: [...new Set([...known.resources, ...resources])] },
    )
  }
  return [...byRest.values()]
}

function extentOf(areas: readonly AccessArea[], except: readonly AccessArea[]): AccessExtent | null {
  const [first, ...also] = joined(areas)
  if (first === undefined) return null
  return { ...first, ...(also.length === 0 ? {} : { also }), ...(except.length === 0 ? {} : { except }) }
}

import { actionFacts } from '../evaluator/action-facts.ts'
import type { PrincipalKind } from '../evaluator/principal.ts'
import { KIND_CODES } from '../evaluator/request-facts.ts'
import { type ActionClass, actionClasses, MOST_APART } from './action-classes.ts'
import type { ActionSet, ActionTable } from './action-table.ts'
import { coverage, openPatterns } from './future-actions.ts'
import { type Bounds, UNBOUNDED } from './region.ts'
import type { ResourceTemplates } from './resource-templates.ts'
import { ResourceSampler } from './sampled-resource.ts'
import { differingStatements, type PrincipalSide, statementsOf } from './side.ts'
import { distinctDoubts, merged, type RawFinding, type Told } from './side-findings.ts'
import { activeSides, type Found, grantsOf, type Resource, SideSolver, temporaryFor } from './side-solver.ts'
import type { PlacedStatement } from './statement-compiler.ts'
import type { KeyFacts } from './symbolic/key-theory.ts'
import type { Lang } from './symbolic/lang.ts'
import type { Domain, Outcome } from './symbolic/problem.ts'
import type { Symbols } from './symbolic/symbols.ts'

/** A request that is allowed on the new side only. */
export interface FoundRequest {
  /** In AWS's spelling. */
  readonly action: string
  readonly resource: string
  readonly context: ReadonlyMap<string, readonly string[]>
}

/** What one allow of the new side lets through that the old side doesn't. */
export interface SideFinding {
  readonly allow: PlacedStatement
  /** In AWS's spelling; of tier `future` patterns. */
  readonly actions: readonly string[]
  readonly tier: 'typed' | 'pattern' | 'future'
  readonly request: FoundRequest
}

export interface SideDoubt {
  readonly allow: PlacedStatement
  readonly reason: 'budget' | 'variables'
}

export interface SideDiff {
  readonly findings: readonly SideFinding[]
  readonly doubts: readonly SideDoubt[]
}

/** What is known of whoever asks besides values of keys. */
export interface Caller {
  /** Equal ones are alike in the rest. */
  readonly id: string
  readonly kind: PrincipalKind
  readonly keyFacts: (key: string) => KeyFacts
}

/** Which requests a comparison is about. */
export interface Scope {
  /** The first one is any ARN. */
  readonly inside: readonly Lang[]
  readonly outside: readonly Lang[]
  /** Whether requests for `*` are among them. */
  readonly withStar: boolean
  /** Only actions of all these sets; absent: any. */
  readonly wanted?: readonly ActionSet[]
  /** One action of each class is enough: where it only matters whether there is any. */
  readonly once?: boolean
  /** Where else resources of an action, in lower case, lie. The same object for actions that are alike. */
  readonly boundsFor?: (action: string) => Bounds
  readonly caller: Caller
  /** The two sides as they are when some more keys are known. */
  readonly pinned: (keys: ReadonlyMap<string, readonly string[] | null>) => Sides
}

export interface Sides {
  readonly now: PrincipalSide
  readonly before: PrincipalSide
}

export interface Reasoning {
  readonly symbols: Symbols
  readonly actions: ActionTable
  readonly templates: ResourceTemplates
}

/** Tells actions that no policy decides from the others. */
const SETTLED = MOST_APART - 1
/** With so many groups of types, it is first asked whether there is anything to find. */
const FEW_GROUPS = 4
/** Of one class and allow; what no sample shows to be typed counts as pattern-level beyond. */
const MOST_SEARCHED_TYPES = 200

/** Actions of the catalogue that are left aside in search of one that it doesn't list. */
const MOST_LISTED = 20

const NOTHING_SETTLED: ReadonlyMap<string, string | null> = new Map()
const NOTHING: SideDiff = { findings: [], doubts: [] }

/** Compares two sides of a principal: what the new one allows and the old one doesn't. */
export class SideDiffer {
  readonly #reasoning: Reasoning
  readonly #solver: SideSolver

  constructor(reasoning: Reasoning) {
    this.#reasoning = reasoning
    this.#solver = new SideSolver(reasoning)
  }

  diff(sides: Sides, scope: Scope): SideDiff {
    const differing = differingStatements(sides.now, sides.before)
    if (differing.length === 0) return NOTHING
    const setsOf = (list: readonly PlacedStatement[]) => list.map((each) => each.actions)
    const statements = [...statementsOf(sides.now), ...statementsOf(sides.before)]
    const groupOf = boundsNumbering()
    const isLimited = scope.caller.kind === 'user' && statements.some(({ symbolic }) => symbolic.asksForToken)
    const classes = actionClasses(
      [...new Set(setsOf(differing))],
      setsOf(statements),
      this.#reasoning.actions,
      (action) =>
        isSettled(action, scope.caller)
          ? SETTLED
          : groupOf(action, scope) * LIMIT_GROUPS + (isLimited ? LIMITS[temporaryFor(action)] : 0),
      [
        ...(scope.wanted ?? []).map((set) => [set]),
        // What nobody grants isn't gained; with one way only, all of its layers must allow it.
        ...(sides.now.ways.length === 1
          ? (sides.now.ways[0] ?? []).map(setsOf)
          : [setsOf(sides.now.ways.flatMap(([granting = []]) => granting))]),
      ],
    )
    const findings: RawFinding[] = []
    const doubts: SideDoubt[] = []
    for (const each of classes)
      if (!isSettled(each.example, scope.caller)) this.#diffClass(each, sides, scope, findings, doubts)
    this.#diffFuture(differing, sides, scope, findings, doubts)
    return { findings: merged(findings), doubts: distinctDoubts(doubts) }
  }

  #diffClass(
    { actions, example, isIn }: ActionClass,
    sides: Sides,
    scope: Scope,
    findings: RawFinding[],
    doubts: SideDoubt[],
  ): void {
    const active = activeSides(sides, isIn)
    const bounds = scope.boundsFor?.(example) ?? UNBOUNDED
    const sampler = new ResourceSampler(
      [active.now, active.before],
      [...scope.inside, ...bounds.inside],
      [...scope.outside, ...bounds.outside],
      this.#reasoning.symbols,
    )
    // Samples are the same for all allows.
    const groups = this.#reasoning.templates
      .groupsOf(actions)
      .map((group) => ({ ...group, samples: group.samples.flatMap((text) => sampler.of(text) ?? []) }))
    for (const { allow, others } of grantsOf(active.now)) {
      const ask = (resource: Resource): Outcome | 'variables' =>
        this.#solver.solve({
          allow,
          others,
          active,
          example,
          pattern: null,
          besides: [],
          resource,
          scope,
          sides,
          settled: NOTHING_SETTLED,
          given: null,
        })
      const typed: Told = { actions: [], request: null }
      const perhapsTyped: Told = { actions: [], request: null }
      const odd: Told = { actions: [], request: null }
      let general: Outcome | 'variables' | null = null
      if (groups.length > FEW_GROUPS || scope.once === true) {
        general = this.#general(ask, scope)
        if (general !== 'variables' && general.type === 'none') continue
      }
      if (scope.once === true && general !== null && general !== 'variables' && general.type === 'found') {
        const [action = ''] = actions
        const request = requestOf(action, general.model.resource === null, general)
        findings.push({ allow, actions, tier: 'pattern', request, isOdd: false })
        continue
      }
      const sampled = new Map<string, boolean>()
      let searched = 0
      for (const { lang, samples, members } of groups) {
        const [first = ''] = members
        const onSample = samples.find((sample) => {
          let isFound = sampled.get(sample.signature)
          if (isFound === undefined) {
            const outcome = ask({ at: sample })
            isFound = outcome !== 'variables' && outcome.type === 'found'
            sampled.set(sample.signature, isFound)
            if (outcome !== 'variables' && outcome.type === 'found')
              typed.request ??= { ...requestOf(first, false, outcome), resource: sample.text }
          }
          return isFound
        })
        if (onSample !== undefined) {
          typed.actions.push(...members)
          continue
        }
        const outcome: Outcome | 'variables' =
          lang !== null && searched++ > MOST_SEARCHED_TYPES
            ? { type: 'budget' }
            : lang !== null
              ? ask({ within: lang })
              : scope.withStar
                ? ask('star')
                : { type: 'none' }
        if (outcome !== 'variables' && outcome.type === 'found') {
          typed.actions.push(...members)
          typed.request ??= requestOf(first, lang === null, outcome)
          continue
        }
        general ??= this.#general(ask, scope)
        if (general === 'variables' || general.type === 'budget') {
          doubts.push({ allow, reason: general === 'variables' ? 'variables' : 'budget' })
          break
        }
        if (general.type === 'none') break
        const told = outcome !== 'variables' && outcome.type === 'none' ? odd : perhapsTyped
        told.actions.push(...members)
        told.request ??= requestOf(first, general.model.resource === null, general)
      }
      const tell = ({ actions, request }: Told, tier: SideFinding['tier'], isOdd: boolean) => {
        if (request !== null) findings.push({ allow, actions, tier, request, isOdd })
      }
      tell(typed, 'typed', false)
      tell(perhapsTyped, 'pattern', false)
      tell(odd, 'pattern', true)
    }
  }

  /** On any resource at all. */
  #general(ask: (resource: Resource) => Outcome | 'variables', { withStar }: Scope): Outcome | 'variables' {
    const onArn = ask('any')
    if ((onArn !== 'variables' && onArn.type === 'found') || !withStar) return onArn
    const onStar = ask('star')
    if (onStar !== 'variables' && onStar.type === 'found') return onStar
    return onArn === 'variables' || onArn.type === 'budget' ? onArn : onStar
  }

  /** Actions that no catalogue lists, by statements that let through none that is listed. */
  #diffFuture(
    differing: readonly PlacedStatement[],
    sides: Sides,
    scope: Scope,
    findings: RawFinding[],
    doubts: SideDoubt[],
  ): void {
    if (scope.wanted?.some(({ isOpen }) => !isOpen) === true) return
    if (!differing.some(({ actions }) => actions.isOpen)) return
    const told = new Set([...findings, ...doubts].map(({ allow }) => allow.symbolic.source))
    const isCovered = coverage(differing, sides)
    const named = new Set(
      [...statementsOf(sides.now), ...statementsOf(sides.before)].flatMap(({ actions }) => actions.entries),
    )
    for (const { allow, others } of grantsOf(sides.now)) {
      if (!allow.actions.isOpen || told.has(allow.symbolic.source)) continue
      const patterns: string[] = []
      let request: FoundRequest | null = null
      for (const pattern of openPatterns(allow)) {
        if (isCovered(allow, pattern)) continue
        const outcome = this.#unlisted(
          (besides, resource) =>
            this.#solver.solve({
              allow,
              others,
              active: sides,
              example: null,
              pattern,
              besides,
              resource,
              scope,
              sides,
              settled: NOTHING_SETTLED,
              given: null,
            }),
          named,
          scope,
        )
        if (outcome === 'variables' || outcome.type === 'budget') {
          doubts.push({ allow, reason: outcome === 'variables' ? 'variables' : 'budget' })
          break
        }
        if (outcome.type === 'none' || outcome.model.action === null) continue
        patterns.push(pattern ?? '*')
        request ??= requestOf(outcome.model.action, outcome.model.resource === null, outcome)
      }
      if (request !== null) findings.push({ allow, actions: patterns, tier: 'future', request, isOdd: false })
    }
  }

  /** With an action that no policy names and no catalogue lists. */
  #unlisted(
    ask: (besides: readonly string[], resource: Resource) => Outcome | 'variables',
    named: ReadonlySet<string>,
    scope: Scope,
  ): Outcome | 'variables' {
    const besides: string[] = []
    for (let tries = 0; tries < MOST_LISTED; tries++) {
      const outcome = this.#general((resource) => ask(besides, resource), scope)
      if (outcome === 'variables' || outcome.type !== 'found' || outcome.model.action === null) return outcome
      const { action } = outcome.model
      if (!named.has(action) && !this.#reasoning.actions.isListed(action)) return outcome
      besides.push(action)
    }
    return { type: 'budget' }
  }
}

/** Numbers groups of actions whose resources lie in different places. */
function boundsNumbering(): (action: string, scope: Scope) => number {
  const groups = new Map<Bounds, number>()
  return (action, { boundsFor }) => {
    const bounds = boundsFor?.(action) ?? UNBOUNDED
    let group = groups.get(bounds)
    if (group === undefined) {
      group = groups.size
      groups.set(bounds, group)
    }
    return group
  }
}

/** Tells actions apart that temporary credentials can't all call. */
const LIMITS: Readonly<Record<Domain['temporary'], number>> = { any: 0, unlisted: 0, withMfa: 1, none: 2 }
const LIMIT_GROUPS = 3

/** Whether somebody may do something, or can't, whatever the policies say. */
function isSettled(action: string, { kind }: Caller): boolean {
  // Only STS and IAM have such actions; there are thousands of others.
  if (!/^(?:sts|iam):/.test(action)) return false
  const fixed = actionFacts(action)?.fixed.other
  return fixed !== undefined && (((fixed.always | fixed.never) >>> KIND_CODES[kind]) & 1) !== 0
}

const requestOf = (action: string, onStar: boolean, { model }: Found): FoundRequest => ({
  action,
  resource: onStar ? '*' : (model.resource ?? '*'),
  context: model.context,
})

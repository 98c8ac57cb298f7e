import { actionFacts, isOpenToTemporary } from '../evaluator/action-facts.ts'
import type { PrincipalKind } from '../evaluator/principal.ts'
import { KIND_CODES } from '../evaluator/request-facts.ts'
import { type ActionClass, actionClasses } from './action-classes.ts'
import { type ActionSet, type ActionTable, hasAction } from './action-table.ts'
import { anyAction, coverage, openPatterns } from './future-actions.ts'
import { problemKey } from './problem-key.ts'
import type { ResourceTemplates } from './resource-templates.ts'
import { ResourceSampler, type SampledResource } from './sampled-resource.ts'
import { differingStatements, type PrincipalSide, statementsOf } from './side.ts'
import { distinctDoubts, merged, type RawFinding, type Told } from './side-findings.ts'
import type { PlacedStatement } from './statement-compiler.ts'
import type { Literal } from './symbolic/atom.ts'
import { actionLang, textLiteral } from './symbolic/compile-statement.ts'
import type { KeyFacts } from './symbolic/key-theory.ts'
import type { Lang } from './symbolic/lang.ts'
import {
  type Conjunction,
  type Domain,
  type Outcome,
  type Problem,
  solveProblem,
} from './symbolic/problem.ts'
import type { Symbols } from './symbolic/symbols.ts'
import { valueLiteral, variableTrials } from './variable-trials.ts'

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
  /** Where requests with an action are not looked for, besides `outside`. */
  readonly outsideFor?: (action: string) => readonly Lang[]
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
const SETTLED = 6
/** With so many groups of types, it is first asked whether there is anything to find. */
const FEW_GROUPS = 4
/** Of one class and allow; what no sample shows to be typed counts as pattern-level beyond. */
const MOST_SEARCHED_TYPES = 200

/** Actions of the catalogue that are left aside in search of one that it doesn't list. */
const MOST_LISTED = 20

const NOTHING_SETTLED: ReadonlyMap<string, string | null> = new Map()
const NOTHING: SideDiff = { findings: [], doubts: [] }
const MOST_REMEMBERED = 20_000
/** Values of variables that are tried for one question. */
const MOST_TRIALS = 24

/** Compares two sides of a principal: what the new one allows and the old one doesn't. */
export class SideDiffer {
  readonly #reasoning: Reasoning
  readonly #actionTests = new Map<number, Literal | boolean>()
  #known = new Map<string, Outcome>()

  constructor(reasoning: Reasoning) {
    this.#reasoning = reasoning
  }

  diff(sides: Sides, scope: Scope): SideDiff {
    const differing = differingStatements(sides.now, sides.before)
    if (differing.length === 0) return NOTHING
    const setsOf = (list: readonly PlacedStatement[]) => list.map((each) => each.actions)
    const statements = [...statementsOf(sides.now), ...statementsOf(sides.before)]
    const isLimited = scope.caller.kind === 'user' && statements.some(({ symbolic }) => symbolic.asksForToken)
    const classes = actionClasses(
      [...new Set(setsOf(differing))],
      setsOf(statements),
      this.#reasoning.actions,
      (action) =>
        isSettled(action, scope.caller)
          ? SETTLED
          : ((scope.outsideFor?.(action).length ?? 0) > 0 ? 1 : 0) +
            (isLimited ? LIMITS[temporaryFor(action)] : 0),
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
    { actions, example }: ActionClass,
    sides: Sides,
    scope: Scope,
    findings: RawFinding[],
    doubts: SideDoubt[],
  ): void {
    const active = activeSides(sides, example)
    const sampler = new ResourceSampler(
      [active.now, active.before],
      scope.inside,
      [...scope.outside, ...(scope.outsideFor?.(example) ?? [])],
      this.#reasoning.symbols,
    )
    // Samples are the same for all allows.
    const groups = this.#reasoning.templates
      .groupsOf(actions)
      .map((group) => ({ ...group, samples: group.samples.flatMap((text) => sampler.of(text) ?? []) }))
    for (const { allow, others } of grantsOf(active.now)) {
      const ask = (resource: Resource): Outcome | 'variables' =>
        this.#solve({
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
            this.#solve({
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

  #solve(asked: Asked): Outcome | 'variables' {
    const outcome = this.#solveOnce(asked)
    return outcome.type === 'found' ? this.#tryValues(asked, outcome, { left: MOST_TRIALS }) : outcome
  }

  /**
   * Gives a value to one variable after the other: those that a guess suggests, then those of a guess without them, until
   * one will do or no guess is left.
   */
  #tryValues(asked: Asked, first: Found, trials: { left: number }): Outcome | 'variables' {
    const [name] = first.variables.keys()
    if (name === undefined) return first
    const { mayBeAbsent } = asked.scope.caller.keyFacts(name)
    const tried = new Set<string | null>()
    let isSure = true
    for (let guess: Outcome = first; guess.type !== 'none'; ) {
      if (guess.type === 'budget') return 'variables'
      const values = variableTrials(name, guess, asked.settled.size, mayBeAbsent).filter(
        (value) => !tried.has(value),
      )
      if (values.length === 0) return 'variables'
      for (const value of values) {
        tried.add(value)
        const settled = new Map([...asked.settled, [name, value]])
        const sides = asked.scope.pinned(
          new Map([...settled].map(([key, text]) => [key, text === null ? null : [text]])),
        )
        const active = asked.example === null ? sides : activeSides(sides, asked.example)
        for (const grant of grantsOf(active.now)) {
          if (grant.allow.symbolic.source !== asked.allow.symbolic.source) continue
          if (trials.left-- <= 0) return 'variables'
          const now = { ...asked, ...grant, active, sides, settled, given: null }
          const outcome = this.#solveOnce(now)
          const found = outcome.type === 'found' ? this.#tryValues(now, outcome, trials) : outcome
          if (found === 'variables' || found.type === 'budget') isSure = false
          else if (found.type === 'found') return withKey(found, name, value)
        }
      }
      if (trials.left-- <= 0) return 'variables'
      guess = this.#solveOnce({ ...asked, given: -valueLiteral(name, tried, this.#reasoning.symbols) })
    }
    return isSure ? { type: 'none' } : 'variables'
  }

  #solveOnce({
    allow,
    others,
    active,
    example,
    pattern,
    besides,
    resource,
    scope,
    settled,
    given,
  }: Asked): Outcome {
    const { symbols } = this.#reasoning
    const reading = this.#readingOf(example, resource)
    const read = (statements: readonly PlacedStatement[]): readonly Conjunction[] =>
      statements.flatMap((statement) => {
        const conjunction = reading(statement)
        return conjunction === null ? [] : [conjunction]
      })
    // Of one of its patterns the domain tells already.
    const chosen = pattern === null ? reading(allow) : this.#ofResource(allow, example, resource)
    if (chosen === null) return { type: 'none' }
    if (typeof resource !== 'string' && 'within' in resource && this.#isBeside(allow, resource.within))
      return { type: 'none' }
    const domain: Domain = {
      resource:
        resource === 'star' || (resource !== 'any' && 'at' in resource)
          ? null
          : {
              inside: resource === 'any' ? scope.inside : [...scope.inside, resource.within],
              outside: [...scope.outside, ...(example === null ? [] : (scope.outsideFor?.(example) ?? []))],
            },
      action:
        example === null
          ? {
              inside: [
                anyAction(symbols),
                ...(pattern === null ? [] : [actionLang([pattern], symbols)]),
                ...wantedLangs(scope, false, symbols),
              ],
              outside: [actionLang(besides, symbols), ...wantedLangs(scope, true, symbols)],
            }
          : null,
      keyFacts: scope.caller.keyFacts,
      settled,
      temporary: scope.caller.kind !== 'user' ? 'any' : example === null ? 'unlisted' : temporaryFor(example),
    }
    const problem: Problem = {
      allow: given === null ? chosen : [...chosen, given],
      layers: others.map(read),
      denies: read(active.now.denies),
      old: { ways: active.before.ways.map((way) => way.map(read)), denies: read(active.before.denies) },
      domain,
    }
    const key = `${scope.caller.id} ${problemKey(problem)}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const outcome = solveProblem(problem, symbols)
    if (this.#known.size >= MOST_REMEMBERED) this.#known = new Map()
    this.#known.set(key, outcome)
    return outcome
  }

  /** Whether an allow speaks of none of these resources, as is plain at once. */
  #isBeside({ symbolic }: PlacedStatement, types: Lang): boolean {
    if (symbolic.resource === null || symbolic.resource < 0) return false
    const { atoms, search } = this.#reasoning.symbols
    const atom = atoms.at(symbolic.resource - 1)
    return atom.on === 'resource' && search.areDisjoint(types, atom.upper) === true
  }

  /** How a statement is read: about an ARN or about `*`, with its action settled or open. */
  #readingOf(example: string | null, resource: Resource): (statement: PlacedStatement) => Conjunction | null {
    const ofResource = (statement: PlacedStatement) => this.#ofResource(statement, example, resource)
    if (example !== null) return ofResource
    return (statement) => {
      const conjunction = ofResource(statement)
      const { negated } = statement.actions
      if (conjunction === null || !statement.actions.isOpen) return null
      const literal = this.#actionTest(statement.actions)
      if (typeof literal === 'boolean') return literal !== negated ? conjunction : null
      const signed: Literal = negated ? -literal : literal
      return [...conjunction, signed]
    }
  }

  #ofResource({ symbolic }: PlacedStatement, example: string | null, resource: Resource): Conjunction | null {
    const { never, literals, resource: test, coversStar, coversBuckets } = symbolic
    const others = () => literals.filter((literal) => literal !== test)
    if (resource === 'star')
      return (example === 's3:listallmybuckets' ? coversBuckets : coversStar) ? others() : null
    if (never) return null
    if (resource === 'any' || 'within' in resource || test === null) return literals
    return resource.at.passes.has(Math.abs(test) - 1) === test > 0 ? others() : null
  }

  /** That the action is among those of a set that isn't negated. */
  #actionTest(set: ActionSet): Literal | boolean {
    let literal = this.#actionTests.get(set.id)
    if (literal === undefined) {
      const lang = actionLang(set.entries, this.#reasoning.symbols)
      literal = textLiteral(
        'action',
        { lang, upper: lang, lower: lang, variables: [] },
        this.#reasoning.symbols,
      )
      this.#actionTests.set(set.id, literal)
    }
    return literal
  }
}

type Resource = 'any' | 'star' | { readonly within: Lang } | { readonly at: SampledResource }

type Found = Extract<Outcome, { readonly type: 'found' }>

interface Asked {
  readonly allow: PlacedStatement
  readonly others: readonly (readonly PlacedStatement[])[]
  readonly active: Sides
  /** In lower case; null: an action that no catalogue lists. */
  readonly example: string | null
  /** Of an action that no catalogue lists, the pattern of the allow that it matches; null: any that the allow is about. */
  readonly pattern: string | null
  /** Of such an action, what it isn't. */
  readonly besides: readonly string[]
  readonly resource: Resource
  readonly scope: Scope
  readonly sides: Sides
  /** Variables that were given a value, or none. */
  readonly settled: ReadonlyMap<string, string | null>
  /** What else holds. */
  readonly given: Literal | null
}

function withKey(found: Found, name: string, value: string | null): Found {
  if (value === null) return found
  return { ...found, model: { ...found.model, context: new Map(found.model.context).set(name, [value]) } }
}

/** Tells actions apart that temporary credentials can't all call. */
const LIMITS: Readonly<Record<Domain['temporary'], number>> = { any: 0, unlisted: 0, withMfa: 2, none: 4 }

const temporaryFor = (action: string): Exclude<Domain['temporary'], 'unlisted'> =>
  action.startsWith('iam:')
    ? 'withMfa'
    : action.startsWith('sts:') && !isOpenToTemporary(action)
      ? 'none'
      : 'any'

/** Whether somebody may do something, or can't, whatever the policies say. */
function isSettled(action: string, { kind }: Caller): boolean {
  // Only STS and IAM have such actions; there are thousands of others.
  if (!/^(?:sts|iam):/.test(action)) return false
  const fixed = actionFacts(action)?.fixed.other
  return fixed !== undefined && (((fixed.always | fixed.never) >>> KIND_CODES[kind]) & 1) !== 0
}

const wantedLangs = ({ wanted = [] }: Scope, negated: boolean, symbols: Symbols): readonly Lang[] =>
  wanted.filter((set) => set.negated === negated).map(({ entries }) => actionLang(entries, symbols))

/** Each allow that grants, and the layers that limit it. */
function* grantsOf({ ways }: PrincipalSide) {
  for (const [granting = [], ...others] of ways) {
    if (others.some((layer) => layer.length === 0)) continue
    const seen = new Set<unknown>()
    for (const allow of granting) {
      if (seen.has(allow.symbolic.source)) continue
      seen.add(allow.symbolic.source)
      yield { allow, others }
    }
  }
}

function activeSides({ now, before }: Sides, action: string): Sides {
  const about = (statements: readonly PlacedStatement[]) =>
    statements.filter(({ actions }) => hasAction(actions, action))
  const side = ({ ways, denies }: PrincipalSide): PrincipalSide => ({
    ways: ways.map((layers) => layers.map(about)),
    denies: about(denies),
  })
  return { now: side(now), before: side(before) }
}

const requestOf = (action: string, onStar: boolean, { model }: Found): FoundRequest => ({
  action,
  resource: onStar ? '*' : (model.resource ?? '*'),
  context: model.context,
})

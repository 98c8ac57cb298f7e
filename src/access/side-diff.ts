import { type ActionClass, actionClasses } from './action-classes.ts'
import { type ActionTable, hasAction } from './action-table.ts'
import type { ResourceTemplates } from './resource-templates.ts'
import { differingStatements, type PrincipalSide, statementsOf } from './side.ts'
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
import { COLON, ONE_IN_SEGMENT, STAR_IN_SEGMENT } from './symbolic/tokens.ts'
import { variableTrials } from './variable-trials.ts'

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
  readonly isUser: boolean
  readonly keyFacts: (key: string) => KeyFacts
}

/** Which requests a comparison is about. */
export interface Scope {
  readonly inside: readonly Lang[]
  readonly outside: readonly Lang[]
  /** Whether requests for `*` are among them. */
  readonly withStar: boolean
  /** Only these; absent: all. In lower case. */
  readonly isAsked?: (action: string) => boolean
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

const NOTHING: SideDiff = { findings: [], doubts: [] }
const MOST_REMEMBERED = 100_000

/** Compares two sides of a principal: what the new one allows and the old one doesn't. */
export class SideDiffer {
  readonly #reasoning: Reasoning
  #known = new Map<string, Outcome>()

  constructor(reasoning: Reasoning) {
    this.#reasoning = reasoning
  }

  diff(sides: Sides, scope: Scope): SideDiff {
    const differing = differingStatements(sides.now, sides.before)
    if (differing.length === 0) return NOTHING
    const { actions } = this.#reasoning
    const all = [...statementsOf(sides.now), ...statementsOf(sides.before)].map((each) => each.actions)
    const classes = actionClasses(
      [...new Set(differing.map((each) => each.actions))],
      all,
      actions,
      (action) =>
        scope.isAsked?.(action) === false ? 1 : (scope.outsideFor?.(action).length ?? 0) > 0 ? 2 : 0,
    )
    const findings: SideFinding[] = []
    const doubts: SideDoubt[] = []
    for (const each of classes)
      if (scope.isAsked?.(each.example) !== false) this.#diffClass(each, sides, scope, findings, doubts)
    this.#diffFuture(differing, sides, scope, findings, doubts)
    return { findings: merged(findings), doubts: distinctDoubts(doubts) }
  }

  #diffClass(
    { actions, example }: ActionClass,
    sides: Sides,
    scope: Scope,
    findings: SideFinding[],
    doubts: SideDoubt[],
  ): void {
    const active = activeSides(sides, example)
    for (const { allow, others } of grantsOf(active.now)) {
      const ask = (resource: Resource): Outcome | 'variables' =>
        this.#solve({ allow, others, active, example, resource, scope, sides })
      const { templates } = this.#reasoning
      const typed: string[] = []
      const untyped: string[] = []
      let typedRequest: FoundRequest | null = null
      let untypedRequest: FoundRequest | null = null
      let general: Outcome | 'variables' | null = null
      for (const { lang, members } of templates.groupsOf(actions)) {
        const outcome = ask(lang === null ? 'star' : { within: lang })
        const [first = ''] = members
        if (outcome !== 'variables' && outcome.type === 'found') {
          typed.push(...members)
          typedRequest ??= requestOf(first, lang === null, outcome)
          continue
        }
        general ??= this.#general(ask, scope)
        if (general === 'variables' || general.type === 'budget') {
          doubts.push({ allow, reason: general === 'variables' ? 'variables' : 'budget' })
          break
        }
        if (general.type === 'none') break
        untyped.push(...members)
        untypedRequest ??= requestOf(first, general.model.resource === null, general)
      }
      if (typedRequest !== null)
        findings.push({ allow, actions: typed, tier: 'typed', request: typedRequest })
      if (untypedRequest !== null)
        findings.push({ allow, actions: untyped, tier: 'pattern', request: untypedRequest })
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
    findings: SideFinding[],
    doubts: SideDoubt[],
  ): void {
    if (!differing.some(({ actions }) => actions.isOpen)) return
    const told = new Set([...findings, ...doubts].map(({ allow }) => allow.symbolic.source))
    for (const { allow, others } of grantsOf(sides.now)) {
      if (!allow.actions.isOpen || told.has(allow.symbolic.source)) continue
      const ask = (resource: Resource) =>
        this.#solve({ allow, others, active: sides, example: null, resource, scope, sides })
      const outcome = this.#general(ask, scope)
      if (outcome === 'variables' || outcome.type === 'budget')
        doubts.push({ allow, reason: outcome === 'variables' ? 'variables' : 'budget' })
      else if (outcome.type === 'found' && outcome.model.action !== null)
        findings.push({
          allow,
          actions: allow.actions.negated
            ? ['*']
            : allow.actions.entries.filter((entry) => /[*?]/.test(entry)),
          tier: 'future',
          request: requestOf(outcome.model.action, outcome.model.resource === null, outcome),
        })
    }
  }

  #solve(asked: Asked): Outcome | 'variables' {
    const outcome = this.#solveOnce(asked)
    if (outcome.type !== 'found' || outcome.variables.length === 0) return outcome
    for (const keys of variableTrials(outcome.variables, outcome.model)) {
      const sides = asked.scope.pinned(keys)
      const active = asked.example === null ? sides : activeSides(sides, asked.example)
      for (const grant of grantsOf(active.now)) {
        if (grant.allow.symbolic.source !== asked.allow.symbolic.source) continue
        const tried = this.#solveOnce({ ...asked, ...grant, active, sides })
        if (tried.type !== 'found' || tried.variables.length > 0) continue
        const context = new Map(tried.model.context)
        for (const [key, values] of keys) if (values !== null) context.set(key, values)
        return { ...tried, model: { ...tried.model, context } }
      }
    }
    return 'variables'
  }

  #solveOnce({ allow, others, active, example, resource, scope }: Asked): Outcome {
    const { symbols } = this.#reasoning
    const reading = this.#readingOf(example, resource)
    const read = (statements: readonly PlacedStatement[]): readonly Conjunction[] =>
      statements.flatMap((statement) => {
        const conjunction = reading(statement)
        return conjunction === null ? [] : [conjunction]
      })
    const chosen = reading(allow)
    if (chosen === null) return { type: 'none' }
    const domain: Domain = {
      resource:
        resource === 'star'
          ? null
          : {
              inside: resource === 'any' ? scope.inside : [...scope.inside, resource.within],
              outside: [...scope.outside, ...(example === null ? [] : (scope.outsideFor?.(example) ?? []))],
            },
      action: example === null ? { inside: [anyAction(symbols)], outside: [] } : null,
      keyFacts: scope.caller.keyFacts,
      needsMfa: scope.caller.isUser && example !== null && LIMITED.test(example),
    }
    const problem: Problem = {
      allow: chosen,
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

  /** How a statement is read: about an ARN or about `*`, with its action settled or open. */
  #readingOf(example: string | null, resource: Resource): (statement: PlacedStatement) => Conjunction | null {
    const { symbols } = this.#reasoning
    const ofResource = ({ symbolic }: PlacedStatement): Conjunction | null => {
      if (resource !== 'star') return symbolic.never ? null : symbolic.literals
      const covers = example === 's3:listallmybuckets' ? symbolic.coversBuckets : symbolic.coversStar
      return covers ? symbolic.literals.filter((literal) => literal !== symbolic.resource) : null
    }
    if (example !== null) return ofResource
    return (statement) => {
      const conjunction = ofResource(statement)
      const { negated, entries } = statement.actions
      if (conjunction === null || !statement.actions.isOpen) return null
      const lang = actionLang(entries, symbols)
      const literal = textLiteral('action', { lang, upper: lang, lower: lang, variables: [] }, symbols)
      if (typeof literal === 'boolean') return literal !== negated ? conjunction : null
      const signed: Literal = negated ? -literal : literal
      return [...conjunction, signed]
    }
  }
}

type Resource = 'any' | 'star' | { readonly within: Lang }

interface Asked {
  readonly allow: PlacedStatement
  readonly others: readonly (readonly PlacedStatement[])[]
  readonly active: Sides
  /** In lower case; null: an action that no catalogue lists. */
  readonly example: string | null
  readonly resource: Resource
  readonly scope: Scope
  readonly sides: Sides
}

/** What temporary credentials can't call without MFA. */
const LIMITED = /^(?:iam|sts):(?!assumerole$|getcalleridentity$)/

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

const anyAction = ({ langs }: Symbols): Lang =>
  langs.of([[ONE_IN_SEGMENT, STAR_IN_SEGMENT, COLON, ONE_IN_SEGMENT, STAR_IN_SEGMENT]])

const requestOf = (
  action: string,
  onStar: boolean,
  { model }: Extract<Outcome, { readonly type: 'found' }>,
): FoundRequest => ({ action, resource: onStar ? '*' : (model.resource ?? '*'), context: model.context })

function problemKey({ allow, layers, denies, old, domain }: Problem): string {
  // A layer without allows is not one with an allow that asks for nothing.
  const layer = (conjunctions: readonly Conjunction[]) =>
    [...new Set(conjunctions.map((each) => `(${each.join()})`))].sort().join('')
  const langs = (all: readonly Lang[]) => all.map(({ id }) => id).join()
  const text = (part: Domain['resource']) =>
    part === null ? '*' : `${langs(part.inside)}-${langs(part.outside)}`
  return [
    allow.join(),
    layers.map(layer).join('|'),
    layer(denies),
    old.ways.map((way) => way.map(layer).join('|')).join('/'),
    layer(old.denies),
    text(domain.resource),
    text(domain.action),
    domain.needsMfa ? 'm' : '',
  ].join('!')
}

/** One finding for each statement and tier; where there are real resources, odd ones are no news. */
function merged(findings: readonly SideFinding[]): readonly SideFinding[] {
  const byStatement = new Map<string, SideFinding>()
  const numbers = new Map<unknown, number>()
  for (const finding of findings) {
    const { source } = finding.allow.symbolic
    const number = numbers.get(source) ?? numbers.size
    numbers.set(source, number)
    const key = `${number} ${finding.allow.policy} ${finding.tier}`
    const known = byStatement.get(key)
    byStatement.set(
      key,
      known === undefined ? finding : { ...known, actions: [...known.actions, ...finding.actions] },
    )
  }
  const found = [...byStatement.values()]
  const typed = new Set(
    found.filter(({ tier }) => tier === 'typed').map(({ allow }) => allow.symbolic.source),
  )
  return found
    .filter(({ tier, allow }) => tier === 'typed' || !typed.has(allow.symbolic.source))
    .map((each) => ({ ...each, actions: [...new Set(each.actions)].sort() }))
}

function distinctDoubts(doubts: readonly SideDoubt[]): readonly SideDoubt[] {
  const known = new Map<unknown, SideDoubt>()
  for (const doubt of doubts)
    if (!known.has(doubt.allow.symbolic.source)) known.set(doubt.allow.symbolic.source, doubt)
  return [...known.values()]
}

import { isOpenToTemporary } from '../../evaluator/module/action-facts.ts'
import type { PrincipalKind } from '../../evaluator/principal.ts'
import type { ActionSet } from '../actions/action-set.ts'
import { anyAction } from '../actions/future-actions.ts'
import { isAssuming } from '../principals/assuming.ts'
import { Recent } from '../recent.ts'
import { UNBOUNDED } from '../regions/bounds.ts'
import type { SampledResource } from '../regions/sampled-resource.ts'
import { atomOf, type Literal } from '../symbolic/atom.ts'
import { isOfCredentials } from '../symbolic/axioms/credential-axioms.ts'
import { actionLang, textLiteral } from '../symbolic/compile-statement.ts'
import type { Domain } from '../symbolic/domain.ts'
import { anotherText, fewTexts, isPossible, type KeyFacts } from '../symbolic/key-theory.ts'
import type { Lang } from '../symbolic/lang.ts'
import type { Conjunction, Problem, ProblemOutcome } from '../symbolic/problem.ts'
import { solveProblem } from '../symbolic/solve-problem.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import {
  ANY_PARAMETERS,
  choicesOf,
  isLacking,
  missingPermission,
  type Parameters,
  permissionsFor,
} from './needed-permissions.ts'
import { problemKey } from './problem-key.ts'
import type { Reasoning, ResourceScope, Sides } from './scope.ts'
import type { PrincipalSide } from './side.ts'
import type { PlacedStatement } from './statement-compiler.ts'
import { valueLiteral, variableTrials } from './variable-trials.ts'

/** Values of variables that are tried for one question. */
const MOST_TRIALS = 24
const MOST_REMEMBERED = 20_000
/** Of one principal in one place: actions of a policy ask for the same values one after the other. */
const MOST_PINNED = 64

/** What is asked about: anything, `*`, resources of some types, some resources as they are written, or one resource. */
export type Resource =
  | 'any'
  | 'star'
  | { readonly within: Lang; readonly besides: Lang | null; readonly asNamed: Lang | null }
  | { readonly at: SampledResource }

export type Found = Extract<ProblemOutcome, { readonly type: 'found' }>

/** Does one allow let through what the old side doesn't? */
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
  readonly scope: ResourceScope
  readonly sides: Sides
  /** Variables that were given a value, or none. */
  readonly settled: ReadonlyMap<string, string | null>
  /** What else holds. */
  readonly given: Literal | null
  /** Keys that no request for the action has, in lower case. */
  readonly absent: readonly string[]
  /** What a call passes along; absent: whatever it passes is let through. */
  readonly parameters?: Parameters
}

/** What is known of a key that no request has. */
const ABSENT: KeyFacts = { values: null, maySeveral: false, mayBeAbsent: true, isAbsent: true }

export const NOTHING_SETTLED: ReadonlyMap<string, string | null> = new Map()

/** Puts single questions about two sides as formulas, and remembers what came of them. */
export class SideSolver {
  readonly #reasoning: Reasoning
  readonly #actionTests = new Map<number, Literal | boolean>()
  readonly #known = new Recent<ProblemOutcome>(MOST_REMEMBERED)
  readonly #pinned = new WeakMap<ResourceScope['pinned'], Recent<Sides>>()

  constructor(reasoning: Reasoning) {
    this.#reasoning = reasoning
  }

  /** `variables`: it depends on values that no request fixes. */
  solve(asked: Asked): ProblemOutcome | 'variables' {
    const first = this.#solveOnce(asked)
    const outcome = first.type === 'found' ? this.#tryValues(asked, first, { left: MOST_TRIALS }) : first
    const { example, parameters = ANY_PARAMETERS } = asked
    if (outcome === 'variables' || outcome.type !== 'found' || example === null) return outcome
    const missing = missingPermission(example, outcome.model.context, parameters)
    if (missing === null) return outcome
    if (parameters.lacking.includes(missing)) return 'variables'
    let isSure = true
    for (const choice of choicesOf(missing, asked.sides, parameters)) {
      const narrowed = this.solve({ ...asked, parameters: choice })
      if (narrowed === 'variables' || narrowed.type === 'budget') isSure = false
      else if (narrowed.type === 'found') return narrowed
    }
    return isSure ? { type: 'none' } : 'variables'
  }

  /**
   * Gives a value to one variable after the other: those that a guess suggests, then those of a guess without them, until
   * one will do or no guess is left.
   */
  #tryValues(asked: Asked, first: Found, trials: { left: number }): ProblemOutcome | 'variables' {
    const [name] = first.variables.keys()
    if (name === undefined) return first
    const facts = asked.scope.principal.keyFacts(name)
    const { symbols } = this.#reasoning
    const isAbsent = asked.absent.includes(name) || isLacking(asked.parameters ?? ANY_PARAMETERS, name)
    const mayBeAbsent = isAbsent || facts.mayBeAbsent
    const tried = new Set<string | null>()
    let isSure = true
    for (let guess: ProblemOutcome = first; guess.type !== 'none'; ) {
      if (guess.type === 'budget') return 'variables'
      const values = [
        ...variableTrials(name, guess, asked.settled.size, mayBeAbsent),
        ...fewTexts(facts),
        ...anotherText(facts, tried, symbols),
      ].filter(
        (value) => !tried.has(value) && (value === null || (!isAbsent && isPossible(value, facts, symbols))),
      )
      if (values.length === 0) return 'variables'
      for (const value of values) {
        tried.add(value)
        const settled = new Map([...asked.settled, [name, value]])
        const sides = this.#sidesWith(settled, asked.scope)
        const active =
          asked.example === null
            ? sides
            : activeSides(sides, this.#reasoning.actions.membershipOf(asked.example))
        for (const grant of distinctGrants(active.now)) {
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
      guess = this.#solveOnce({ ...asked, given: -valueLiteral(name, tried, symbols) })
    }
    return isSure ? { type: 'none' } : 'variables'
  }

  /** Both sides where variables have these values. */
  #sidesWith(settled: Asked['settled'], { pinned }: ResourceScope): Sides {
    const known = this.#pinned.get(pinned) ?? new Recent<Sides>(MOST_PINNED)
    this.#pinned.set(pinned, known)
    const key = JSON.stringify([...settled])
    let sides = known.get(key)
    if (sides === undefined) {
      sides = pinned(new Map([...settled].map(([name, text]) => [name, text === null ? null : [text]])))
      known.set(key, sides)
    }
    return sides
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
    absent,
    sides,
    parameters = ANY_PARAMETERS,
  }: Asked): ProblemOutcome {
    const { symbols } = this.#reasoning
    const permissions = permissionsFor(parameters, sides, (action) =>
      this.#reasoning.actions.membershipOf(action),
    )
    const reading = this.#readingOf(example, resource)
    const read = (statements: readonly PlacedStatement[]): readonly Conjunction[] =>
      statements.flatMap((statement) => {
        const conjunction = reading(statement)
        return conjunction === null ? [] : [conjunction]
      })
    // Of one of its patterns the domain tells already.
    const chosen = pattern === null ? reading(allow) : this.#ofResource(allow, example, resource)
    if (chosen === null) return { type: 'none' }
    const bounds = (example === null ? null : scope.boundsFor?.(example)) ?? UNBOUNDED
    const facts = scope.principal.keyFacts
    const domain: Domain = {
      resource:
        resource === 'star' || (resource !== 'any' && 'at' in resource)
          ? null
          : {
              inside: [
                ...scope.inside,
                ...bounds.inside,
                ...(resource === 'any' ? [] : [resource.within]),
                ...(resource === 'any' || resource.asNamed === null ? [] : [resource.asNamed]),
              ],
              outside: [
                ...scope.outside,
                ...bounds.outside,
                ...(resource === 'any' || resource.besides === null ? [] : [resource.besides]),
              ],
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
      keyFacts:
        absent.length + parameters.lacking.length === 0
          ? facts
          : (key) => (absent.includes(key) || isLacking(parameters, key) ? ABSENT : facts(key)),
      members: scope.principal.members ?? null,
      owners: ownersOf(scope, resource),
      service: example === null ? null : example.slice(0, example.indexOf(':')),
      settled,
      given: givenCredentials(scope),
      formOf: (key) => this.#reasoning.templates.formOf(key, example ?? pattern ?? ''),
      neverOf: (key) => this.#reasoning.templates.neverOf(key),
      temporary:
        scope.principal.kind !== 'user' ? 'any' : example === null ? 'unlisted' : temporaryFor(example),
      credentials: CREDENTIALS[scope.principal.kind],
    }
    const problem: Problem = {
      allow: given === null ? chosen : [...chosen, given],
      layers: [...others, ...permissions.layers].map(read),
      denies: read([...active.now.denies, ...permissions.denies]),
      old: { ways: active.before.ways.map((way) => way.map(read)), denies: read(active.before.denies) },
      domain,
    }
    const key = `${scope.principal.id} ${telling(domain.service, symbols)} ${[...absent, ...parameters.lacking].join()} ${ownersMark(domain)} ${problemKey(problem)}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const outcome = solveProblem(problem, symbols)
    this.#known.set(key, outcome)
    return outcome
  }

  /** Whether an allow speaks of none of these resources, as is plain at once. */
  isBeside({ symbolic }: PlacedStatement, types: Lang): boolean {
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
    if (resource === 'any' || 'within' in resource) return literals
    const { passes, settled } = resource.at
    if (test !== null && passes.has(atomOf(test)) !== test > 0) return null
    if (settled.size === 0) return test === null ? literals : others()
    const open: Literal[] = []
    for (const literal of literals) {
      const holds = literal === test ? true : settled.get(atomOf(literal))
      if (holds === undefined) open.push(literal)
      else if (literal !== test && holds !== literal > 0) return null
    }
    return open
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

function withKey(found: Found, name: string, value: string | null): Found {
  if (value === null) return found
  return { ...found, model: { ...found.model, context: new Map(found.model.context).set(name, [value]) } }
}

/** Of a sample its ARN tells whose it is. */
function ownersOf({ owners }: ResourceScope, resource: Resource): Domain['owners'] {
  if (owners === undefined) return null
  const [, , , , sampled = ''] =
    typeof resource === 'object' && 'at' in resource ? resource.at.text.split(':', 5) : []
  return sampled === '' ? owners : { ...owners, owner: sampled }
}

const ownersMark = ({ owners }: Domain): string =>
  owners === null ? '' : `${owners.members.mark} ${owners.owner ?? ''} ${owners.taken ?? ''}`

/** What temporary credentials of a user may be used for it. */
export const temporaryFor = (action: string): Exclude<Domain['temporary'], 'unlisted'> =>
  action.startsWith('iam:')
    ? 'withMfa'
    : action.startsWith('sts:') && !isOpenToTemporary(action)
      ? 'none'
      : isAssuming(action)
        ? 'assuming'
        : 'any'

/** Of services whose requests have keys that say more of each other. */
const telling = (service: string | null, { atoms }: Symbols): string =>
  service === 'iam' || service === 'sts' || (service !== null && atoms.servicesOfTags.has(service))
    ? service
    : ''

const NOTHING_GIVEN: Domain['given'] = new Map()

/** What a question gives of whoever asks: how somebody signed in. */
export const givenCredentials = ({ given }: ResourceScope): Domain['given'] =>
  given === undefined ? NOTHING_GIVEN : new Map([...given].filter(([key]) => isOfCredentials(key)))

const CREDENTIALS: Readonly<Record<PrincipalKind, Domain['credentials']>> = {
  user: 'own',
  root: 'own',
  role: 'session',
  federatedUser: 'session',
  canonicalUser: 'session',
  uniqueId: 'session',
  service: 'none',
  anonymous: 'none',
  provider: 'none',
}

const wantedLangs = ({ wanted = [] }: ResourceScope, negated: boolean, symbols: Symbols): readonly Lang[] =>
  wanted.filter((set) => set.negated === negated).map(({ entries }) => actionLang(entries, symbols))

/** Each allow that grants, and the layers that limit it. */
export function* distinctGrants({ ways }: PrincipalSide) {
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

/** Only the statements that are about an action. */
export function activeSides({ now, before }: Sides, isIn: (set: ActionSet) => boolean): Sides {
  const about = (statements: readonly PlacedStatement[]) => statements.filter(({ actions }) => isIn(actions))
  const side = ({ ways, denies }: PrincipalSide): PrincipalSide => ({
    ways: ways.map((layers) => layers.map(about)),
    denies: about(denies),
  })
  return { now: side(now), before: side(before) }
}

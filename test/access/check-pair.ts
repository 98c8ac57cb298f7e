// What the access diff finds in a pair of policies, held against brute force and against each request that it shows.
import { Reasoner } from '../../src/access/reasoner.ts'
import type { FoundRequest, SideDiff, SideFinding } from '../../src/access/sides/side-finding.ts'
import type { PolicyLayers } from '../../src/evaluator/layers.ts'
import { requestProblem } from '../../src/evaluator/module/request-facts.ts'
import { createPolicyEvaluator, type PolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import { matchesPattern } from '../../src/model/name-pattern.ts'
import type { ParsedPolicy, ParsedStatement } from '../../src/policy/parsed.ts'
import type { Random } from '../evaluator/random-cases.ts'
import type { CasePolicies } from '../oracle/case.ts'
import { decideByOracle } from '../oracle/oracle.ts'
import { ASKED_ACTIONS, ASKED_RESOURCES } from './alphabets.ts'
import { HOME, type Pair } from './random-pairs.ts'
import { completed, contextsFor, isReal, keysOf } from './random-requests.ts'
import { diffLayers, layersOf } from './sides/diff-pair.ts'
import { isOfItsType, LISTED_ACTIONS, TOY_ACTIONS } from './toy-catalog.ts'

export interface Failure {
  /** Stays the same while a pair is made smaller. */
  readonly kind: string
  readonly detail: string
}

export interface Tally {
  findings: number
  doubts: number
  requests: number
  gains: number
}

const PAIRS_TOGETHER = 8

/** One engine for many pairs, as in a run over many principals. */
export class PairChecker {
  readonly #reasoner = new Reasoner(TOY_ACTIONS, 'aws')
  #evaluator: PolicyEvaluator | null = null
  #asked = 0

  /** @returns what is wrong with what the diff finds, either way */
  async check(pair: Pair, random: Random, tally: Tally): Promise<Failure | null> {
    this.#reasoner.makeRoom()
    // Its memory holds all pairs so far.
    if (this.#asked++ % PAIRS_TOGETHER === 0 || this.#evaluator === null)
      this.#evaluator = await createPolicyEvaluator()
    const evaluator = this.#evaluator
    const [before, after] = [layersOf(pair.before), layersOf(pair.after)]
    const world = new World(pair, before, after, evaluator, random)
    tally.requests += world.size
    for (const direction of ['gained', 'lost'] as const) {
      const [from, to] = direction === 'gained' ? [before, after] : [after, before]
      const diff = (action?: string) =>
        diffLayers(
          this.#reasoner,
          pair.principal,
          from,
          to,
          action === undefined
            ? {}
            : { wanted: [this.#reasoner.actions.setOf({ negated: false, entries: [action] })] },
        )
      const found = diff()
      tally.findings += found.findings.length
      if (found.doubts.length > 0) tally.doubts++
      const failure = new Direction(world, direction, to).check(found, diff, tally)
      if (failure !== null) return { ...failure, detail: `${direction}: ${failure.detail}` }
    }
    return null
  }
}

interface Asked {
  readonly action: number
  readonly resource: number
  readonly context: number
}

/** All requests over the alphabets, and who can make them. */
class World {
  readonly pair: Pair
  readonly keys: ReadonlySet<string>
  readonly #evaluator: PolicyEvaluator
  readonly #before: number
  readonly #after: number
  readonly #asked: readonly Asked[]
  readonly #contexts: readonly number[]
  readonly #actions: readonly number[]
  readonly allowedBefore: Uint8Array
  readonly allowedAfter: Uint8Array

  constructor(
    pair: Pair,
    before: PolicyLayers,
    after: PolicyLayers,
    evaluator: PolicyEvaluator,
    random: Random,
  ) {
    this.pair = pair
    this.keys = keysOf(pair)
    this.#evaluator = evaluator
    this.#before = this.register(before)
    this.#after = this.register(after)
    this.#actions = ASKED_ACTIONS.map((action) => evaluator.registerAction(action))
    const contexts = contextsFor(pair, random)
    this.#contexts = contexts.map((context) => evaluator.registerContext(context))
    const asked: Asked[] = []
    const isTied = ['aws:requestedregion', 'aws:resourceaccount', 'aws:multifactorauthpresent'].some((key) =>
      this.keys.has(key),
    )
    for (const [context, values] of contexts.entries())
      for (const [resource, text] of ASKED_RESOURCES.entries())
        for (const [action, name] of ASKED_ACTIONS.entries())
          if (!isTied || isReal(values, text, this.keys, pair.principal, name))
            asked.push({ action, resource, context })
    this.#asked = asked
    this.allowedBefore = this.decide(this.#before, asked)
    this.allowedAfter = this.decide(this.#after, asked)
  }

  get size(): number {
    return this.#asked.length
  }

  register(layers: PolicyLayers): number {
    return this.#evaluator.registerPrincipal({ principal: this.pair.principal, layers })
  }

  /** 0: allowed. */
  decide(principal: number, asked: readonly Asked[]): Uint8Array {
    return this.#evaluator.decideRegistered({
      principals: new Uint32Array(asked.length).fill(principal),
      actions: Uint32Array.from(asked, ({ action }) => this.#actions[action] ?? 0),
      resources: asked.map(({ resource }) => ASKED_RESOURCES[resource] ?? '*'),
      contexts: Uint32Array.from(asked, ({ context }) => this.#contexts[context] ?? 0),
    })
  }

  gains(direction: 'gained' | 'lost'): readonly Asked[] {
    const [from, to] =
      direction === 'gained'
        ? [this.allowedBefore, this.allowedAfter]
        : [this.allowedAfter, this.allowedBefore]
    return this.#asked.filter((_, index) => to[index] === 0 && from[index] !== 0)
  }

  /** Whether a request, its own context alone, is allowed on both of two principals. */
  decideOne(layers: PolicyLayers, { action, resource, context }: FoundRequest): boolean {
    const request = { principal: this.pair.principal, action, resource, resourceAccount: HOME, context }
    return this.#evaluator.decide({ request, layers }) === 'allow'
  }
}

type Diff = (action?: string) => SideDiff

class Direction {
  readonly #world: World
  readonly #name: 'gained' | 'lost'
  readonly #statements: readonly { readonly statement: ParsedStatement; readonly layers: PolicyLayers }[]
  readonly #from: CasePolicies
  readonly #to: CasePolicies

  constructor(world: World, name: 'gained' | 'lost', to: PolicyLayers) {
    this.#world = world
    this.#name = name
    const { before, after } = world.pair
    ;[this.#from, this.#to] = name === 'gained' ? [before, after] : [after, before]
    this.#statements = (to.identity ?? []).flatMap(({ policy }) =>
      policy.statements
        .filter(({ effect }) => effect === 'Allow')
        .map((statement) => ({
          statement,
          layers: { identity: [{ id: 'one', policy: alone(policy, statement) }] },
        })),
    )
  }

  check(found: SideDiff, diff: Diff, tally: Tally): Failure | null {
    for (const finding of found.findings) {
      const failure = this.#checkRequest(finding, finding.actions)
      if (failure !== null) return failure
    }
    const gains = this.#world.gains(this.#name)
    tally.gains += gains.length
    const confirmed = new Set<string>()
    for (const [place, { statement, layers }] of this.#statements.entries()) {
      const failure = this.#checkStatement({ statement, layers, place }, gains, found, confirmed)
      if (failure !== null) return failure
    }
    return this.#checkListed(found, diff, confirmed)
  }

  /** Everything gained by a statement is found. */
  #checkStatement(
    {
      statement,
      layers,
      place,
    }: { readonly statement: ParsedStatement; readonly layers: PolicyLayers; readonly place: number },
    gains: readonly Asked[],
    { findings, doubts }: SideDiff,
    confirmed: Set<string>,
  ): Failure | null {
    if (gains.length === 0) return null
    const own = findings.filter(({ allow }) => allow.symbolic.source === statement)
    const isDoubted = doubts.some(({ allow }) => allow.symbolic.source === statement)
    const matched = this.#world.decide(this.#world.register(layers), gains)
    const seen = new Set<string>()
    for (const [index, asked] of gains.entries()) {
      if (matched[index] !== 0) continue
      const action = ASKED_ACTIONS[asked.action] ?? ''
      const resource = ASKED_RESOURCES[asked.resource] ?? ''
      const isTyped = isOfItsType(action, resource)
      const key = `${place} ${action.toLowerCase()} ${isTyped ? 'typed' : 'pattern'}`
      if (seen.has(key)) continue
      seen.add(key)
      confirmed.add(key)
      // What decides nothing may stay undecided where values are of several kinds, or not known.
      const decides = isTyped && (LISTED_ACTIONS.includes(action) || isNamedBy(statement, action))
      if (!decides && this.#world.pair.kind !== 'pinned') continue
      if (isDoubted || this.#isCovered(action, isTyped, statement, own)) continue
      return {
        kind: `missed ${isTyped ? 'typed' : 'pattern'}`,
        detail: `${action} on ${resource} by statement ${place}, context number ${asked.context}; found ${shown(own)}`,
      }
    }
    return null
  }

  #isCovered(
    action: string,
    isTyped: boolean,
    statement: ParsedStatement,
    own: readonly SideFinding[],
  ): boolean {
    const lower = action.toLowerCase()
    if (!LISTED_ACTIONS.includes(action) && !isNamedBy(statement, action)) return own.length > 0
    const lists = ({ actions }: SideFinding) => actions.some((each) => each.toLowerCase() === lower)
    // With values that nobody knows, typed may be told as odd, but isn't left out.
    if (isTyped && this.#world.pair.kind !== 'pinned') return own.some(lists)
    if (isTyped) return own.some((finding) => finding.tier === 'typed' && lists(finding))
    // Where there are real resources, odd ones are no news.
    return own.some((finding) => finding.tier === 'typed' || lists(finding))
  }

  /** Each action that is told is gained: brute force has seen it, or the action asked about alone shows it. */
  #checkListed(found: SideDiff, diff: Diff, confirmed: ReadonlySet<string>): Failure | null {
    for (const finding of found.findings) {
      if (finding.tier === 'future') continue
      const place = this.#statements.findIndex(({ statement }) => statement === finding.allow.symbolic.source)
      for (const action of finding.actions) {
        const lower = action.toLowerCase()
        if (confirmed.has(`${place} ${lower} ${finding.tier}`)) continue
        const again = diff(lower).findings.find(
          ({ allow, tier }) =>
            allow.symbolic.source === finding.allow.symbolic.source && tier === finding.tier,
        )
        if (again === undefined || again.actions.join().toLowerCase() !== lower)
          return { kind: 'not found alone', detail: `${action} of ${shown([finding])}` }
        const failure = this.#checkRequest(again, [action])
        if (failure !== null) return failure
      }
    }
    return null
  }

  #checkRequest(finding: SideFinding, actions: readonly string[]): Failure | null {
    const { allow, request, tier } = finding
    const { principal } = this.#world.pair
    const { action, resource, context } = request
    const fails = (kind: string): Failure => ({
      kind,
      detail: `${JSON.stringify({ action, resource, context: Object.fromEntries(context) })} of ${shown([finding])}`,
    })
    if (requestProblem({ principal, ...request }) !== null) return fails('not a request')
    const whole = { ...request, context: completed(request, principal) }
    if (!isReal(whole.context, resource, this.#world.keys, principal, action))
      return fails('not a real request')
    const lower = action.toLowerCase()
    const isListed =
      tier === 'future'
        ? actions.some((pattern) => /^\*+(?::\*+)?$/.test(pattern) || matchesPattern(pattern, lower))
        : actions.includes(action)
    if (!isListed) return fails('of another action')
    if (tier === 'future' && LISTED_ACTIONS.includes(action)) return fails('listed, yet future')
    if (tier === 'typed' && !isOfItsType(action, resource)) return fails('of another type')
    const verdicts = [this.#from, this.#to].map((policies) => [
      this.#world.decideOne(layersOf(policies), whole),
      decideByOracle({
        request: {
          principal,
          action,
          resource,
          resourceAccount: HOME,
          context: Object.fromEntries(whole.context),
        },
        policies,
      }) === 'allow',
    ])
    if (verdicts.join() !== 'false,false,true,true') return fails(`wrong ${verdicts.join()}`)
    const own = this.#statements.find(({ statement }) => statement === allow.symbolic.source)
    return own !== undefined && this.#world.decideOne(own.layers, whole)
      ? null
      : fails('by another statement')
  }
}

const isNamedBy = ({ action: { entries } }: ParsedStatement, action: string): boolean =>
  entries.some((entry) => entry.toLowerCase() === action.toLowerCase())

const alone = (policy: ParsedPolicy, statement: ParsedStatement): ParsedPolicy => ({
  ...policy,
  statements: [statement],
})

const shown = (findings: readonly SideFinding[]): string =>
  JSON.stringify(findings.map(({ tier, actions }) => `${tier} ${actions.join(' ')}`))

import { getsSessionTokens } from '../../evaluator/credentials.ts'
import { actionFacts } from '../../evaluator/module/action-facts.ts'
import { KIND_CODES } from '../../evaluator/module/request-facts.ts'
import { actionClasses, MOST_APART } from '../actions/action-classes.ts'
import type { ActionSet } from '../actions/action-set.ts'
import { ClassDiffer, onAnything, requestOf } from '../actions/class-diff.ts'
import { coverage, openPatterns } from '../actions/future-actions.ts'
import { type Bounds, UNBOUNDED } from '../regions/bounds.ts'
import { atomOf } from '../symbolic/atom.ts'
import type { Domain } from '../symbolic/domain.ts'
import type { ProblemOutcome } from '../symbolic/problem.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import type { PrincipalTraits, Reasoning, ResourceScope, Sides } from './scope.ts'
import { differingStatements, placedStatements } from './side.ts'
import type { FoundRequest, SideDiff, SideDoubt, SideFinding } from './side-finding.ts'
import { distinctDoubts, merged } from './side-findings.ts'
import {
  distinctGrants,
  givenCredentials,
  NOTHING_SETTLED,
  type Resource,
  SideSolver,
  temporaryFor,
} from './side-solver.ts'
import type { PlacedStatement } from './statement-compiler.ts'

/** Tells actions that no policy decides from the others. */
const SETTLED = MOST_APART - 1

/** Actions of the catalogue that are left aside in search of one that it doesn't list. */
const MOST_LISTED = 20

const NOTHING: SideDiff = { findings: [], doubts: [] }

/** Compares two sides of a principal: what the new one allows and the old one doesn't. */
export class SideDiffer {
  readonly #reasoning: Reasoning
  readonly #solver: SideSolver
  readonly #classes: ClassDiffer

  constructor(reasoning: Reasoning) {
    this.#reasoning = reasoning
    this.#solver = new SideSolver(reasoning)
    this.#classes = new ClassDiffer(reasoning, this.#solver)
  }

  diff(sides: Sides, scope: ResourceScope): SideDiff {
    const differing = differingStatements(sides.now, sides.before)
    if (differing.length === 0) return NOTHING
    const setsOf = (list: readonly PlacedStatement[]) => list.map((each) => each.actions)
    const statements = [...placedStatements(sides.now), ...placedStatements(sides.before)]
    const { carried } = this.#reasoning
    const asking = setsByKey(statements, this.#reasoning.symbols)
    const keys = serviceKeys(asking)
    const isMissing = (action: string) => (key: string) => !carried.mayCarry(action, key)
    const setsFor = (key: string) => asking.get(key) ?? []
    const groupOf = boundsNumbering()
    const isLimited =
      getsSessionTokens(scope.principal) &&
      (givenCredentials(scope).size > 0 || statements.some(({ symbolic }) => symbolic.asksForCredentials))
    const classes = actionClasses(
      [...new Set(setsOf(differing))],
      setsOf(statements),
      this.#reasoning.actions,
      (action) =>
        isSettled(action, scope.principal)
          ? SETTLED
          : groupOf(action, scope) * LIMIT_GROUPS + (isLimited ? LIMITS[temporaryFor(action)] : 0),
      [
        ...(scope.wanted ?? []).map((set) => [set]),
        // What nobody grants isn't gained; with one way only, all of its layers must allow it.
        ...(sides.now.ways.length === 1
          ? (sides.now.ways[0] ?? []).map(setsOf)
          : [setsOf(sides.now.ways.flatMap(([granting = []]) => granting))]),
      ],
      [
        ...keys.map((key) => ({
          sets: setsFor(key),
          passes: (action: string) => carried.mayCarry(action, key),
        })),
        // All of IAM is in one region.
        {
          sets: setsFor('aws:requestedregion'),
          passes: (action: string) => action.startsWith('iam:'),
        },
      ],
    )
    const findings: SideFinding[] = []
    const doubts: SideDoubt[] = []
    for (const each of classes) {
      if (isSettled(each.example, scope.principal)) continue
      // Only keys that some statement about these actions asks for, so that answers are remembered beyond one principal.
      const absent = keys.filter(
        (key) => setsFor(key).some((set) => each.isIn(set)) && isMissing(each.example)(key),
      )
      for (const told of this.#classes.diff(each, sides, scope, absent)) {
        findings.push(...told.findings)
        doubts.push(...told.doubts)
      }
      if (scope.first === true && findings.some(({ tier }) => tier === 'typed' || tier === 'named')) break
    }
    const told = new Set([...findings, ...doubts].map(({ allow }) => allow.symbolic.source))
    findings.push(
      ...this.#diffFuture(differing, sides, scope, told, (action) => keys.filter(isMissing(action))),
    )
    return { findings: merged(findings, this.#reasoning.actions.lists), doubts: distinctDoubts(doubts) }
  }

  /**
   * Actions that no catalogue lists, by statements that let through none that is listed.
   * @param told statements of which something is known already
   * @param absentFor keys that no request of a service has
   */
  #diffFuture(
    differing: readonly PlacedStatement[],
    sides: Sides,
    scope: ResourceScope,
    told: ReadonlySet<unknown>,
    absentFor: (action: string) => readonly string[],
  ): readonly SideFinding[] {
    if (scope.wanted?.some(({ isOpen }) => !isOpen) === true) return []
    if (!differing.some(({ actions }) => actions.isOpen)) return []
    const findings: SideFinding[] = []
    const isCovered = coverage(differing, sides)
    const named = new Set(
      [...placedStatements(sides.now), ...placedStatements(sides.before)].flatMap(
        ({ actions }) => actions.entries,
      ),
    )
    for (const { allow, others } of distinctGrants(sides.now)) {
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
              // Only a service that is named tells which keys its actions carry.
              absent: absentFor(/^[a-z0-9-]+:/.exec(pattern ?? '')?.[0] ?? ''),
            }),
          named,
          scope,
        )
        // They decide nothing, so that they needn't be decided.
        if (outcome === 'variables' || outcome.type !== 'found' || outcome.model.action === null) continue
        patterns.push(pattern ?? '*')
        request ??= requestOf(outcome.model.action, outcome)
      }
      if (request !== null) findings.push({ allow, actions: patterns, tier: 'future', request })
    }
    return findings
  }

  /** With an action that no policy names and no catalogue lists. */
  #unlisted(
    ask: (besides: readonly string[], resource: Resource) => ProblemOutcome | 'variables',
    named: ReadonlySet<string>,
    scope: ResourceScope,
  ): ProblemOutcome | 'variables' {
    const besides: string[] = []
    for (let tries = 0; tries < MOST_LISTED; tries++) {
      const outcome = onAnything((resource) => ask(besides, resource), scope)
      if (outcome === 'variables' || outcome.type !== 'found' || outcome.model.action === null) return outcome
      const { action } = outcome.model
      if (!named.has(action) && !this.#reasoning.actions.isListed(action)) return outcome
      besides.push(action)
    }
    return { type: 'budget' }
  }
}

/** Numbers groups of actions whose resources lie in different places. */
function boundsNumbering(): (action: string, scope: ResourceScope) => number {
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
const LIMITS: Readonly<Record<Domain['temporary'], number>> = {
  any: 0,
  unlisted: 0,
  withMfa: 1,
  none: 2,
  assuming: 3,
}
const LIMIT_GROUPS = 4

/** Whether somebody may do something, or can't, whatever the policies say. */
function isSettled(action: string, { kind }: PrincipalTraits): boolean {
  // Only STS and IAM have such actions; there are thousands of others.
  if (!/^(?:sts|iam):/.test(action)) return false
  const fixed = actionFacts(action)?.fixed.other
  return fixed !== undefined && (((fixed.always | fixed.never) >>> KIND_CODES[kind]) & 1) !== 0
}

/** Keys of services that statements test, or hold variables of, in lower case. */
const serviceKeys = (asking: ReadonlyMap<string, unknown>): readonly string[] =>
  [...asking.keys()].filter((key) => !key.startsWith('aws:')).sort()

/** Which actions the statements are about that test a key, in lower case, or hold a variable of it. */
function setsByKey(
  statements: readonly PlacedStatement[],
  { atoms }: Symbols,
): ReadonlyMap<string, readonly ActionSet[]> {
  const asking = new Map<string, Set<ActionSet>>()
  const add = (key: string, set: ActionSet) => {
    const sets = asking.get(key)
    if (sets === undefined) asking.set(key, new Set([set]))
    else sets.add(set)
  }
  for (const { symbolic, actions } of statements) {
    for (const literal of symbolic.literals) {
      const atom = atoms.at(atomOf(literal))
      if (atom.on === 'key') add(atom.key, actions)
    }
    for (const name of symbolic.variables) add(name, actions)
  }
  return new Map([...asking].map(([key, sets]) => [key, [...sets]]))
}

import type { AccessEntry } from '../access-entry.ts'
import { NO_QUESTION, type RequestFilter } from '../diff/comparison.ts'
import type { AssumeEdge, EstateComparison } from '../diff/estate-diff.ts'
import type { EntryCollector } from '../entries/entries.ts'
import { fromNowOn } from '../entries/from-now-on.ts'
import { unknownPlace } from '../entries/unknown-place.ts'
import type { EstateView } from '../estate-view.ts'
import { trustRegion } from '../regions/region.ts'
import type { FoundRequest } from '../sides/side-finding.ts'
import { asked } from '../witness/asked.ts'
import { spelledContext } from '../witness/spelled-keys.ts'
import { writtenIn } from '../witness/written-keys.ts'
import { isAssumption } from './assuming.ts'
import { type ExaminedPrincipal, entityPrincipal } from './examined-principal.ts'
import { stateOf } from './principal-in-state.ts'
import { namingOf } from './principal-match.ts'

/** Roles that are assumed one after the other, at most. @see IAM User Guide, "Roles terms and concepts": role chaining */
const MOST_HOPS = 5
/** Starts and ends that one new edge may connect; beyond, the rest is said not to be known. */
const MOST_ENDS = 200

/**
 * Roles that become reachable through others: a new edge connects all who could reach its beginning with all that can be
 * reached from its end. One entry for each chain's last role, with the roles on the way.
 */
export function assumeChains(
  gained: readonly AssumeEdge[],
  comparison: EstateComparison,
  collector: EntryCollector,
): void {
  if (gained.length === 0) return
  const after = new AssumeGraph(comparison.after, comparison)
  const before = new AssumeGraph(comparison.before, comparison)
  const known = gained.filter(({ isKnown }) => isKnown)
  const told = new RolesBySomebody(known.map(({ from, role }) => [from.name, role] as const))
  /** Of whom and from which roles everything is told: where everybody may become everybody, most edges add nothing. */
  const done = new RolesBySomebody([])
  for (const edge of gained) {
    const starts = after.reaching(edge.from)
    if (!edge.isKnown) {
      // Of who stands at its beginning it has been said.
      if (after.mayLead(edge.from, edge.role))
        for (const { principal } of starts.slice(1))
          collector.addUnknown(
            'gained',
            principal.label,
            'document',
            unknownPlace(edge.from.label, trustRegion(edge.role), comparison.after, comparison.before),
          )
      continue
    }
    if (after.isOver(edge.from, edge.role)) continue
    const ends = after.reachableFrom(edge.role)
    if (starts.length > MOST_ENDS || ends.length > MOST_ENDS)
      collector.addUnknown('gained', edge.from.label, 'budget', {
        policy: edge.role,
        sid: null,
        source: null,
      })
    for (const { principal, path: way } of starts.slice(0, MOST_ENDS)) {
      const doneFor = done.of(principal.name)
      if (doneFor.has(edge.role)) continue
      const toldOf = told.of(principal.name)
      let isAllTold = ends.length <= MOST_ENDS
      for (const { role, path } of ends.slice(0, MOST_ENDS)) {
        if (role === principal.name || toldOf.has(role)) continue
        const via = [...way, ...(role === edge.role ? [] : [edge.role, ...path])]
        const stops = [principal.name, ...via, role]
        const isLoop = new Set(stops).size < stops.length
        if (isLoop || via.length === 0 || via.length >= MOST_HOPS) {
          isAllTold = false
          continue
        }
        toldOf.add(role)
        if (before.canReach(principal, role)) continue
        const last = via.at(-1) ?? edge.role
        const request = after.requestFor(entityPrincipal(last, accountIn(last)), role)
        // What reasoning has found and the evaluator doesn't confirm may be true in some session.
        if (request !== null)
          collector.addChain(chainEntry(last, role, via, request, comparison), principal.label)
        // What reasoning has found and the evaluator doesn't confirm may be so in another session.
        else collector.addUnknown('gained', principal.label, 'unverified', { ...NOWHERE, policy: role })
      }
      if (isAllTold) doneFor.add(edge.role)
    }
  }
}

/** Roles, by the name of somebody. */
class RolesBySomebody {
  readonly #roles = new Map<string, Set<string>>()

  constructor(pairs: readonly (readonly [string, string])[]) {
    for (const [name, role] of pairs) this.of(name).add(role)
  }

  of(name: string): Set<string> {
    let roles = this.#roles.get(name)
    if (roles === undefined) {
      roles = new Set()
      this.#roles.set(name, roles)
    }
    return roles
  }
}

const NOWHERE = { policy: '', sid: null, source: null }
const accountIn = (arn: string): string => arn.split(':')[4] ?? ''

const NONE_WRITTEN: ReadonlyMap<string, string> = new Map()

function chainEntry(
  last: string,
  role: string,
  via: readonly string[],
  request: FoundRequest,
  { after, reasoner }: EstateComparison,
): Omit<AccessEntry, 'principals'> {
  const trust = after.trustOf(role)
  const statement = trust?.policy.statements.find(({ effect }) => effect === 'Allow')
  const written = () => (trust === null ? NONE_WRITTEN : writtenIn(trust.policy))
  const context = spelledContext(request.context, reasoner.actions.facts, written)
  return {
    kind: 'assume',
    actions: [request.action],
    levels: { permissions: 0, write: 1, tagging: 0, read: 0, list: 0 },
    resources: [role],
    notResources: [],
    conditions: {},
    witness: { principal: last, action: request.action, resource: role, context },
    via,
    tier: 'typed',
    source: statement?.span ?? null,
    policy: role,
    sid: statement?.sid ?? null,
    because: null,
    isPotential: false,
  }
}

/** Somebody who can reach a role, with the roles on the way, it included. */
interface Start {
  readonly principal: ExaminedPrincipal
  readonly path: readonly string[]
}

/** A role that can be reached from another, with the roles on the way between the two. */
interface End {
  readonly role: string
  readonly path: readonly string[]
}

/** Who may assume which role in one state, asked edge by edge and remembered. */
class AssumeGraph {
  readonly #view: EstateView
  readonly #in: EstateComparison
  /** Requests to assume a role, by the role and who makes them. */
  readonly #edges = new Map<string, Map<string, FoundRequest | null>>()
  readonly #roles: readonly string[]
  readonly #everybody: readonly ExaminedPrincipal[]
  readonly #reachingBefore = new Map<string, readonly Start[]>()
  readonly #ends = new Map<string, readonly End[]>()
  readonly #reachable = new Map<string, ReadonlySet<string>>()
  /** Nobody goes by a step that could be taken once. */
  readonly #fromNowOn: RequestFilter

  constructor(view: EstateView, comparison: EstateComparison) {
    this.#view = view
    this.#in = comparison
    this.#fromNowOn = fromNowOn(comparison)
    this.#roles = [...view.accounts.values()].flatMap(({ entities: { role: roles } }) =>
      [...roles.values()].map(({ arn }) => arn),
    )
    this.#everybody = [...view.accounts.keys()].flatMap((account) =>
      view.entitiesOf(account).map(({ arn }) => entityPrincipal(arn, account)),
    )
  }

  /** A request by which somebody assumes a role; null: there is none. */
  requestFor(principal: ExaminedPrincipal, role: string): FoundRequest | null {
    let into = this.#edges.get(role)
    if (into === undefined) {
      into = new Map()
      this.#edges.set(role, into)
    }
    let found = into.get(principal.name)
    if (found === undefined) {
      found = this.#isNamed(principal, role) ? this.#ask(principal, role, this.#fromNowOn) : null
      into.set(principal.name, found)
    }
    return found
  }

  /** Whether somebody assumes a role, or that can't be known. */
  mayLead(from: ExaminedPrincipal, role: string): boolean {
    return stateOf(from, this.#view) === 'unknown' || this.requestFor(from, role) !== null
  }

  /** Whether somebody could assume a role once, and no longer can. */
  isOver(from: ExaminedPrincipal, role: string): boolean {
    return this.requestFor(from, role) === null && this.#ask(from, role, NO_QUESTION) !== null
  }

  #ask(principal: ExaminedPrincipal, role: string, question: RequestFilter): FoundRequest | null {
    const { comparer, decider } = this.#in
    const compared = comparer.compare(principal, trustRegion(role), this.#view, null)
    if (typeof compared === 'string') return null
    const [now, before] = [asked(compared, compared.now), asked(compared, compared.before)]
    const { findings } = comparer.gainsOf(compared, [this.#view], question)
    for (const { actions, request } of findings) {
      const action = actions.find(isAssumption)
      if (action !== undefined && decider.confirms(now, before, { ...request, action }))
        return { ...request, action }
    }
    return null
  }

  /** Most trust policies name few; the others needn't be asked. */
  #isNamed(principal: ExaminedPrincipal, role: string): boolean {
    const state = stateOf(principal, this.#view)
    if (state === null || state === 'unknown') return false
    const named = { facts: state.facts, base: state.base, hasBoundary: state.layers.boundary != null }
    return (this.#view.trustAtMost(role)?.statements ?? []).some(
      (statement) => statement.effect === 'Allow' && namingOf(statement, named) !== null,
    )
  }

  /** Everybody who can reach a role, itself first, with the roles on the way, it included. */
  reaching(target: ExaminedPrincipal): readonly Start[] {
    let others = this.#reachingBefore.get(target.name)
    if (others === undefined) {
      others = this.#findReaching(target).slice(1)
      this.#reachingBefore.set(target.name, others)
    }
    return [{ principal: target, path: [] }, ...others]
  }

  #findReaching(target: ExaminedPrincipal): readonly Start[] {
    const found: Start[] = [{ principal: target, path: [] }]
    const seen = new Set([target.name])
    for (let head = 0; head < found.length && found.length <= MOST_ENDS; head++) {
      const step = found[head]
      if (step === undefined || step.path.length >= MOST_HOPS - 1) continue
      if (this.#view.roleOf(step.principal.name) === null) continue
      for (const principal of this.#everybody) {
        if (seen.has(principal.name) || found.length > MOST_ENDS) continue
        if (this.requestFor(principal, step.principal.name) === null) continue
        seen.add(principal.name)
        found.push({ principal, path: [step.principal.name, ...step.path] })
      }
    }
    return found
  }

  /** Every role that can be reached from one, itself first, with the roles on the way between the two. */
  reachableFrom(start: string): readonly End[] {
    let ends = this.#ends.get(start)
    if (ends === undefined) {
      ends = this.#findReachable(start)
      this.#ends.set(start, ends)
    }
    return ends
  }

  #findReachable(start: string): readonly End[] {
    const found: End[] = [{ role: start, path: [] }]
    const seen = new Set([start])
    for (let head = 0; head < found.length && found.length <= MOST_ENDS; head++) {
      const step = found[head]
      if (step === undefined || step.path.length >= MOST_HOPS - 1) continue
      const principal = entityPrincipal(step.role, accountIn(step.role))
      for (const role of this.#roles) {
        if (seen.has(role) || this.requestFor(principal, role) === null) continue
        seen.add(role)
        found.push({ role, path: step.role === start ? [] : [...step.path, step.role] })
      }
    }
    return found
  }

  canReach(principal: ExaminedPrincipal, role: string): boolean {
    const known = this.#reachable.get(principal.name)
    if (known !== undefined) return known.has(role)
    const reached = new Set<string>()
    const queue: ExaminedPrincipal[] = [principal]
    for (let head = 0; head < queue.length; head++) {
      const from = queue[head]
      if (from === undefined) break
      for (const next of this.#roles) {
        if (reached.has(next) || this.requestFor(from, next) === null) continue
        reached.add(next)
        queue.push(entityPrincipal(next, accountIn(next)))
      }
    }
    this.#reachable.set(principal.name, reached)
    return reached.has(role)
  }
}

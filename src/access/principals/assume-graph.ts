import { NO_QUESTION, type RequestFilter } from '../diff/comparison.ts'
import type { EstateComparison } from '../diff/estate-diff.ts'
import { fromNowOn } from '../entries/from-now-on.ts'
import type { EstateView } from '../estate-view.ts'
import { trustRegion } from '../regions/region.ts'
import type { FoundRequest } from '../sides/side-finding.ts'
import { asked } from '../witness/asked.ts'
import { isAssumption } from './assuming.ts'
import { type ExaminedPrincipal, entityPrincipal } from './examined-principal.ts'
import { stateOf } from './principal-in-state.ts'
import { namingOf } from './principal-match.ts'
import { layersSpeakOfSignIn, maySignIn, speaksOfSignIn } from './sign-in.ts'

/** Roles that are assumed one after the other, at most. @see IAM User Guide, "Roles terms and concepts": role chaining */
export const MOST_HOPS = 5
/** Starts and ends that one new edge may connect; beyond, the rest is said not to be known. */
export const MOST_ENDS = 200

/** A role as a principal: any of its sessions. */
export const roleAt = (arn: string): ExaminedPrincipal => entityPrincipal(arn, arn.split(':')[4] ?? '')

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

/** A request by which somebody assumes a role; `unknown`: reasoning found one that the evaluator doesn't confirm. */
type Step = FoundRequest | 'unknown' | null

/** A step that may be taken. */
interface OpenStep {
  readonly from: ExaminedPrincipal
  readonly role: string
}

/** Roles that somebody reaches, and whether it matters by whom a session on the way was started. */
interface Reach {
  readonly roles: ReadonlySet<string>
  readonly hangsOnSession: boolean
}

/** Who may assume which role in one state, asked edge by edge and remembered. */
export class AssumeGraph {
  readonly #view: EstateView
  readonly #in: EstateComparison
  /** Requests to assume a role, by the role and who makes them. */
  readonly #edges = new Map<string, Map<string, Step>>()
  readonly #roles: readonly string[]
  readonly #everybody: readonly ExaminedPrincipal[]
  readonly #reachingBefore = new Map<string, readonly Start[]>()
  readonly #ends = new Map<string, readonly End[]>()
  readonly #open = new Map<string, readonly OpenStep[]>()
  readonly #reachable = new Map<string, Reach>()
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

  /** A request by which somebody assumes a role; null: none was found. */
  requestFor(principal: ExaminedPrincipal, role: string): FoundRequest | null {
    const step = this.stepTo(principal, role)
    return step === 'unknown' ? null : step
  }

  /** The same, told apart from what can't be known. */
  stepTo(principal: ExaminedPrincipal, role: string): Step {
    let into = this.#edges.get(role)
    if (into === undefined) {
      into = new Map()
      this.#edges.set(role, into)
    }
    const key = principal.startedBy === undefined ? principal.name : this.idOf(principal)
    let found = into.get(key)
    if (found === undefined) {
      found = this.#isNamed(principal, role) ? this.#ask(principal, role, this.#fromNowOn) : null
      into.set(key, found)
    }
    return found
  }

  /** Whether somebody assumes a role, or that can't be known. */
  mayLead(from: ExaminedPrincipal, role: string): boolean {
    return stateOf(from, this.#view) === 'unknown' || this.requestFor(from, role) !== null
  }

  /** Whether somebody could assume a role once, and no longer can. */
  isOver(from: ExaminedPrincipal, role: string): boolean {
    if (this.stepTo(from, role) !== null) return false
    const once = this.#ask(from, role, NO_QUESTION)
    return once !== null && once !== 'unknown'
  }

  #ask(principal: ExaminedPrincipal, role: string, question: RequestFilter): Step {
    const { comparer, decider } = this.#in
    const compared = comparer.compare(principal, trustRegion(role), this.#view, null)
    if (typeof compared === 'string') return null
    const [now, before] = [asked(compared, compared.now), asked(compared, compared.before)]
    const { findings } = comparer.gainsOf(compared, [this.#view], question)
    let isOpen = false
    for (const { actions, request } of findings) {
      const action = actions.find(isAssumption)
      if (action === undefined) continue
      if (decider.confirms(now, before, { ...request, action })) return { ...request, action }
      isOpen = true
    }
    return isOpen ? 'unknown' : null
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
      const principal = roleAt(step.role)
      for (const role of this.#roles) {
        if (seen.has(role) || this.requestFor(principal, role) === null) continue
        seen.add(role)
        found.push({ role, path: step.role === start ? [] : [...step.path, step.role] })
      }
    }
    return found
  }

  /** Steps on from a role, and from those that it reaches, which may be taken and weren't found to be. */
  openFrom(start: string): readonly OpenStep[] {
    let open = this.#open.get(start)
    if (open === undefined) {
      const ends = this.reachableFrom(start)
      const reached = new Set(ends.map(({ role }) => role))
      // What isn't reached has been asked about already.
      const left = this.#roles.filter((role) => !reached.has(role))
      open = ends
        .slice(0, MOST_ENDS)
        .filter(({ path }) => path.length < MOST_HOPS - 1)
        .flatMap(({ role }) => {
          const from = roleAt(role)
          return left.flatMap((next) => (this.stepTo(from, next) === 'unknown' ? [{ from, role: next }] : []))
        })
      this.#open.set(start, open)
    }
    return open
  }

  /** Why it isn't known whether a step is taken. */
  whyOpen({ from, role }: OpenStep): 'variables' | 'unverified' {
    return this.#asksForTags(from, role) ? 'variables' : 'unverified'
  }

  /** Whether somebody reaches a role step by step, each of them with tags that some session has. */
  mayReach(principal: ExaminedPrincipal, role: string): boolean {
    return this.reachOf(principal).roles.has(role)
  }

  reachOf(principal: ExaminedPrincipal): Reach {
    let reach = this.#reachable.get(principal.name)
    if (reach === undefined) {
      reach = this.#findReach(principal)
      this.#reachable.set(principal.name, reach)
    }
    return reach
  }

  #findReach(principal: ExaminedPrincipal): Reach {
    const roles = new Set<string>()
    const queue: ExaminedPrincipal[] = [principal]
    let hangsOnSession = false
    for (const from of queue)
      for (const next of this.#roles) {
        if (roles.has(next) || this.requestFor(from, next) === null) continue
        hangsOnSession ||= this.asksForSession(from, next)
        roles.add(next)
        // What is added while it is walked through is walked through as well.
        queue.push(roleAt(next))
      }
    return { roles, hangsOnSession }
  }

  /** Roles that somebody may assume themselves, by some session or other. */
  rolesAfter({ startedBy: _, ...all }: ExaminedPrincipal): readonly string[] {
    return this.#roles.filter((role) => this.requestFor(all, role) !== null)
  }

  /** Whether it matters to a step by whom a session was started: by the tags that it has, or as none that began with a sign-in. */
  asksForSession(from: ExaminedPrincipal, role: string): boolean {
    return this.#asksForTags(from, role) || this.#asksForSignIn(from, role)
  }

  #asksForSignIn(from: ExaminedPrincipal, role: string): boolean {
    if (!maySignIn(from.name, this.#view)) return false
    const trust = this.#view.trustAtMost(role)
    const state = stateOf(from, this.#view)
    if (trust === null || state === null || state === 'unknown') return false
    return speaksOfSignIn(trust) || layersSpeakOfSignIn(state.layers)
  }

  /** Whether tags of somebody's sessions decide about a step. */
  #asksForTags(from: ExaminedPrincipal, role: string): boolean {
    return this.#in.comparer.asksForSessionTags(from, trustRegion(role), this.#view)
  }

  /** Somebody as a session of a role that they have started: with the tags that it can have, and no others of the role. */
  sessionOf(from: ExaminedPrincipal, role: string): ExaminedPrincipal {
    const all = roleAt(role)
    const own = { ...all, startedBy: from }
    return this.idOf(own) === this.idOf(all) && !maySignIn(role, this.#view) ? all : own
  }

  /** Equal ones are allowed the same steps. */
  idOf({ name, startedBy }: ExaminedPrincipal): string {
    const isRole = this.#view.roleOf(name) !== null
    const tags = isRole ? this.#in.comparer.sessionTags.of(name, this.#view, startedBy) : null
    const isStarted = startedBy !== undefined && maySignIn(name, this.#view)
    return `${name}${isStarted ? ' started' : ''} ${tags?.id() ?? ''}`
  }
}

import type { FoundRequest } from '../sides/side-finding.ts'
import { type AssumeGraph, MOST_HOPS, roleAt } from './assume-graph.ts'
import type { ExaminedPrincipal } from './examined-principal.ts'

/** Sessions that are looked at on the way to one role; beyond, it isn't known whether it is reached. */
const MOST_SESSIONS = 300

/** A way to a role, by which each step is allowed to the session that the step before has started. */
export interface ChainWay {
  /** Roles on the way, the last one not among them. */
  readonly via: readonly string[]
  /** By which the last role is assumed. */
  readonly request: FoundRequest
}

/** `unknown`: nothing excludes it, and no request was found. */
type Found = ChainWay | 'unknown' | null

/**
 * A way to a role whose steps go together. That each is allowed to some session of the role before isn't enough: one that
 * somebody else has given the right tags is of no use to whoever can't pass them.
 * @param stops roles one after the other, each of which may be assumed by some session of the one before
 */
export function wayAlong(graph: AssumeGraph, start: ExaminedPrincipal, stops: readonly string[]): Found {
  const found = requestAlong(graph, start, stops)
  const role = stops.at(-1)
  if (role === undefined || found === null || found === 'unknown')
    return role === undefined ? null : otherWay(graph, start, role)
  return { via: stops.slice(0, -1), request: found }
}

/** Whether somebody reaches a role by steps that go together. */
export function canReach(
  graph: AssumeGraph,
  start: ExaminedPrincipal,
  role: string,
): 'yes' | 'no' | 'unknown' {
  const { roles, hangsOnSession } = graph.reachOf(start)
  if (!roles.has(role)) return 'no'
  if (!hangsOnSession) return 'yes'
  const way = otherWay(graph, start, role)
  return way === 'unknown' ? 'unknown' : way === null ? 'no' : 'yes'
}

function requestAlong(graph: AssumeGraph, start: ExaminedPrincipal, stops: readonly string[]) {
  const plain = [start, ...stops.map((role) => roleAt(role))]
  // Beyond the last step that asks for it, it needn't be followed by whom a session was started.
  const asking = stops.findLastIndex(
    (role, index) => index > 0 && graph.asksForSession(plain[index] ?? start, role),
  )
  let from = start
  let step: ReturnType<AssumeGraph['stepTo']> = null
  for (const [index, role] of stops.entries()) {
    const isFollowed = index <= asking
    step = graph.stepTo(isFollowed ? from : (plain[index] ?? start), role)
    if (step === null || step === 'unknown') return step
    if (index < asking) from = graph.sessionOf(from, role)
  }
  return step
}

/** The shortest of all ways, sessions of one role told apart by whom they are started. */
function otherWay(graph: AssumeGraph, start: ExaminedPrincipal, role: string): Found {
  const queue: { readonly principal: ExaminedPrincipal; readonly via: readonly string[] }[] = [
    { principal: start, via: [] },
  ]
  const seen = new Set<string>()
  let isOpen = false
  for (const { principal, via } of queue) {
    if (queue.length > MOST_SESSIONS) return 'unknown'
    const step = graph.stepTo(principal, role)
    if (step === 'unknown') isOpen = true
    else if (step !== null) return { via, request: step }
    if (via.length + 1 >= MOST_HOPS) continue
    for (const next of graph.rolesAfter(principal)) {
      const after = roleAt(next)
      if (next === role || !graph.mayReach(after, role)) continue
      const taken = graph.stepTo(principal, next)
      if (taken === 'unknown') isOpen = true
      if (taken === null || taken === 'unknown') continue
      const session = graph.sessionOf(principal, next)
      const key = graph.idOf(session)
      if (seen.has(key)) continue
      seen.add(key)
      // What is added while it is walked through is walked through as well.
      queue.push({ principal: session, via: [...via, next] })
    }
  }
  return isOpen ? 'unknown' : null
}

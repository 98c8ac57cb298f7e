import type { AccessEntry } from '../access-entry.ts'
import type { AssumeEdge, EstateComparison } from '../diff/estate-diff.ts'
import type { EntryCollector } from '../entries/entries.ts'
import { unknownPlace } from '../entries/unknown-place.ts'
import { trustRegion } from '../regions/region.ts'
import { spelledContext } from '../witness/spelled-keys.ts'
import { writtenIn } from '../witness/written-keys.ts'
import { AssumeGraph, MOST_ENDS, MOST_HOPS } from './assume-graph.ts'
import { type ChainWay, canReach, wayAlong } from './tagged-chains.ts'

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
  // Whoever may tag sessions needn't be able to start any.
  const known = gained.filter(({ isKnown, from, role }) => isKnown && after.stepTo(from, role) !== null)
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
    const step = after.stepTo(edge.from, edge.role)
    if (step === null) continue
    if (step === 'unknown') {
      for (const { principal } of starts.slice(1))
        collector.addUnknown('gained', principal.label, after.whyOpen(edge), {
          ...NOWHERE,
          policy: edge.role,
        })
      continue
    }
    // Whoever comes to an open step now may have come by it.
    for (const open of after.openFrom(edge.role))
      for (const { principal } of starts)
        if (
          !before.mayReach(principal, open.from.name) &&
          !after.mayReach(principal, open.role) &&
          canReach(before, principal, open.role) !== 'yes'
        )
          collector.addUnknown('gained', principal.label, after.whyOpen(open), {
            ...NOWHERE,
            policy: open.role,
          })
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
        const formerly = canReach(before, principal, role)
        if (formerly === 'yes') continue
        const found = wayAlong(after, principal, [...via, role])
        // By another way it may need no other role, which is told by an entry of its own.
        if (found === null || (found !== 'unknown' && found.via.length === 0)) continue
        // Of sessions with tags more is taken to be possible than there may be.
        if (found === 'unknown' || formerly === 'unknown')
          collector.addUnknown('gained', principal.label, 'variables', { ...NOWHERE, policy: role })
        else collector.addChain(chainEntry(role, found, comparison), principal.label)
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

const NONE_WRITTEN: ReadonlyMap<string, string> = new Map()

function chainEntry(
  role: string,
  { via, request }: ChainWay,
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
    witness: { principal: via.at(-1) ?? '', action: request.action, resource: role, context },
    via,
    tier: 'typed',
    source: statement?.span ?? null,
    policy: role,
    sid: statement?.sid ?? null,
    because: null,
    isPotential: false,
  }
}

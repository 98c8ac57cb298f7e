import { fromNowOn } from '../../entries/from-now-on.ts'
import { isAssumption } from '../../principals/assuming.ts'
import { trustRegion } from '../../regions/region.ts'
import { asked } from '../../witness/asked.ts'
import { witnessOf } from '../../witness/witness.ts'
import type { Edge, World } from '../edge.ts'
import { CREDENTIAL_KEYS, type Holder, holderOf, nameSeenBy, withCredentials } from '../powers/holder.ts'
import { letInBy, needsOwnPermission } from './assumable.ts'

/** Assumes the roles, of any account, that trust whoever asks. */
export function* assumingRoles(from: Holder, world: World): Iterable<Edge> {
  const { assumable, trusts } = world
  const mayByItself = assumable.patternsOf(from).length > 0
  // Most trust policies name few, and most people may assume nothing: of the others nothing needs to be asked.
  for (const { role, statements, leavesToAccounts } of trusts.naming) {
    if ((leavesToAccounts && !mayByItself) || role === from.principal.name) continue
    const letIn = letInBy(statements, from)
    if (letIn === null || (needsOwnPermission(letIn, from, role) && !assumable.has(from, role))) continue
    const edge = assuming(from, role, world)
    if (edge !== null) yield edge
  }
}

function assuming(from: Holder, role: string, world: World): Edge | null {
  const { comparer, decider, powers, reasoner, view } = world
  const comparison = powers.in(from, trustRegion(role))
  if (comparison === null) return null
  const context = CREDENTIAL_KEYS[from.credentials]
  const { findings } = comparer.gainsOf(comparison, powers.views, { ...fromNowOn(world), context })
  for (const { actions, allow, request } of findings) {
    const action = actions.find(isAssumption)
    if (action === undefined) continue
    const settled = [...context].filter(
      (entry): entry is [string, readonly string[]] => entry[1] !== null && !request.context.has(entry[0]),
    )
    const full = { ...request, action, context: new Map([...request.context, ...settled]) }
    if (decider.decisionOf(asked(comparison, comparison.now), full) !== 'yes') continue
    const to = holderOf(role, 'own', view)
    if (to === null) return null
    const witness = witnessOf(comparison, full, reasoner.actions.facts)
    return {
      steps: [
        {
          way: 'sts:AssumeRole',
          actor: from.principal.label,
          does: `assumes ${nameSeenBy(from.principal.label, role)}`,
          reaches: role,
          witness,
          besides: [],
        },
      ],
      power: { request: witness, allow },
      // Without a second factor there is none in the session either.
      to: from.credentials === 'own' ? to : withCredentials(to, 'service'),
      target: role,
      class: 'takes-over-identity',
      isPotential: false,
      undeclared: null,
    }
  }
  return null
}

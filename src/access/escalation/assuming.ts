import { asked, isAssumption } from '../entries.ts'
import { namingOf } from '../principal-match.ts'
import { trustRegion } from '../region.ts'
import { witnessOf } from '../witness.ts'
import type { Edge, World } from './edge.ts'
import { CREDENTIAL_KEYS, type Holder, holderOf, shortName, withCredentials } from './holder.ts'

/** Assumes the roles, of any account, that trust whoever asks. */
export function* assumingRoles(from: Holder, world: World): Iterable<Edge> {
  for (const { roles } of world.view.accounts.values())
    for (const { arn } of roles.values()) {
      if (arn === from.subject.principal || !isNamed(from, arn, world)) continue
      const edge = assuming(from, arn, world)
      if (edge !== null) yield edge
    }
}

/** Most trust policies name few; of the others nothing needs to be asked. */
function isNamed({ state }: Holder, role: string, { trusts, view }: World): boolean {
  const entity = view.roleOf(role)
  const policy = entity === null ? null : trusts.policyOf(entity)
  const named = { facts: state.facts, base: state.base, hasBoundary: state.layers.boundary != null }
  return (policy?.statements ?? []).some(
    (statement) => statement.effect === 'Allow' && namingOf(statement, named) !== null,
  )
}

function assuming(from: Holder, role: string, { comparer, decider, powers, view }: World): Edge | null {
  const comparison = powers.in(from, trustRegion(role))
  if (comparison === null) return null
  const context = CREDENTIAL_KEYS[from.credentials]
  const { findings } = comparer.gainsOf(comparison, powers.views, { context })
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
    return {
      steps: [
        {
          way: 'sts:AssumeRole',
          actor: from.subject.label,
          does: `assumes ${shortName(role)}`,
          reaches: role,
          witness: witnessOf(comparison, full),
          besides: [],
        },
      ],
      power: { request: witnessOf(comparison, full), allow },
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

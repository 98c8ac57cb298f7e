import type { EstateView } from '../estate-view.ts'
import { outsiderState } from '../outsiders/outsider-state.ts'
import { EVERYTHING, type ExaminedPrincipal, type PrincipalInState } from './examined-principal.ts'
import { mayTag } from './federated-users.ts'
import { entityKeys } from './principal-keys.ts'
import { principalPins } from './principal-pins.ts'

/** null: it isn't there in this state. */
export function stateOf(principal: ExaminedPrincipal, view: EstateView): PrincipalInState | 'unknown' | null {
  if (principal.outsider !== undefined) return outsiderState(principal.outsider, view)
  if (principal.isIssued?.(view) === false) return null
  const known =
    principal.parent === undefined
      ? (view.principalOf(principal.name) ?? formerOf(principal, view))
      : view.federatedOf(principal.name, principal.parent)
  if (known === null) return null
  if (!('principal' in known)) return 'unknown'
  const { principal: whole, layers } = known
  const keys = entityKeys(whole.facts, whole.base, view, {
    isTagged: principal.parent !== undefined && mayTag(layers),
    isStarted: principal.startedBy !== undefined,
  })
  return {
    name: whole.name,
    facts: whole.facts,
    base: whole.base,
    // What a federated user's session passes on may be all that its parent has.
    layers: principal.parent === undefined ? layers : { ...layers, session: [EVERYTHING] },
    pins: principalPins(whole.facts, whole.base, whole.context, keys),
    context: whole.context,
    isOutside: false,
    isSession: whole.facts.kind === 'role' || whole.facts.kind === 'federatedUser',
    keys,
    isOneOfSeveral: view.accounts.size > 1,
    ...declaredOf(principal.account, view),
    resourceContext: (request) => view.contextOf(request, whole.facts),
    ...(principal.startedBy === undefined ? {} : { startedBy: principal.startedBy }),
  }
}

const declaredOf = (account: string | null, view: EstateView): Pick<PrincipalInState, 'declared'> => {
  const declared = account === null ? null : view.namedIn(account)
  return declared === null ? {} : { declared }
}

const formerOf = ({ formerly }: ExaminedPrincipal, view: EstateView) =>
  formerly === undefined ? null : view.principalOf(formerly)

import { Refusal } from '../../evaluator/estate/refusal.ts'
import { isOfSignIn, letsSignIn } from '../../evaluator/keys/sign-in-keys.ts'
import type { PolicyLayers } from '../../evaluator/layers.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'
import { variableNames } from '../../policy/variables.ts'
import type { EstateView } from '../estate-view.ts'

/** Whether sessions of a role may begin with a sign-in. @param role its ARN, or of whoever is none */
export function maySignIn(role: string, view: EstateView): boolean {
  try {
    const trust = view.trustOf(role)
    return trust !== null && letsSignIn(trust.policy)
  } catch (error) {
    if (error instanceof Refusal) return true
    throw error
  }
}

/** Whether what an identity provider says of somebody matters to any policy that binds them, but for a resource's own. */
export const layersSpeakOfSignIn = ({
  identity,
  boundary,
  session,
  scp = [],
  rcp = [],
}: PolicyLayers): boolean =>
  [identity, boundary, session, ...scp, ...rcp].some((union) =>
    (union ?? []).some(({ policy }) => speaksOfSignIn(policy)),
  )

const known = new WeakMap<ParsedPolicy, boolean>()

/** By conditions, or by variables. */
export function speaksOfSignIn(policy: ParsedPolicy): boolean {
  let speaks = known.get(policy)
  if (speaks === undefined) {
    speaks = policy.statements.some(({ conditions, resource }) =>
      [
        ...conditions.flatMap(({ key, values }) => [key, ...values.flatMap(variableNames)]),
        ...(resource?.entries ?? []).flatMap(variableNames),
      ].some((key) => isOfSignIn(key.toLowerCase())),
    )
    known.set(policy, speaks)
  }
  return speaks
}

import type { PrincipalInState } from '../principals/examined-principal.ts'
import type { FoundRequest } from '../sides/side-finding.ts'

const OF_ORGANIZATION = /^aws:principalorg(?:id|paths)$/i

/**
 * A request as one state has it. Of whoever belongs to the organization in that state alone, the other knows only that they
 * don't: what a request says of that is of the other state.
 */
export function inOwnOrganization(
  request: FoundRequest,
  state: PrincipalInState | null,
  other: PrincipalInState | null,
): FoundRequest {
  if (state === null || other === null) return request
  const isOthers = (key: string) => isOfOneState(key, state, other)
  if (![...request.context.keys()].some(isOthers)) return request
  return { ...request, context: new Map([...request.context].filter(([key]) => !isOthers(key))) }
}

/** Whether a key tells the organization that somebody belongs to in a state, and not in the other. */
export const isOfOneState = (key: string, state: PrincipalInState, other: PrincipalInState): boolean =>
  OF_ORGANIZATION.test(key) && hasKey(state, key) && !hasKey(other, key)

const hasKey = ({ context }: PrincipalInState, key: string): boolean =>
  [...context.keys()].some((each) => each.toLowerCase() === key.toLowerCase())

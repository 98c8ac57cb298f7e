import { principalContext } from '../../evaluator/keys/context.ts'
import type { PrincipalFacts } from '../../evaluator/principal.ts'
import type { Pins } from '../symbolic/pins.ts'
import { isAboutPrincipal, type PrincipalKeys } from './principal-keys.ts'

/**
 * What follows from who asks.
 * @param base the ARN of a session's role, or of a federated user's parent
 * @param context further keys that belong to the principal, such as its tags
 * @param keys what is open of it
 */
export function principalPins(
  facts: PrincipalFacts,
  base: string | null,
  context: ReadonlyMap<string, readonly string[]>,
  { factsOf }: Pick<PrincipalKeys, 'factsOf'>,
): Pins {
  const known = new Map<string, readonly string[]>()
  for (const [key, values] of context) {
    const lower = key.toLowerCase()
    if (isAboutPrincipal(lower)) known.set(lower, values)
  }
  for (const [key, value] of principalContext(facts, base)) if (!known.has(key)) known.set(key, [value])
  return {
    valueOf: (key) => known.get(key) ?? (isAboutPrincipal(key) && factsOf(key) === null ? null : undefined),
  }
}

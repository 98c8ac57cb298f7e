import { principalContext } from '../evaluator/context.ts'
import type { PrincipalFacts } from '../evaluator/principal.ts'
import type { Pins } from './symbolic/pins.ts'

/** Keys that say who asks: where they aren't known, they are known to be absent. `aws:userid` holds a unique id. */
const ABOUT_THE_CALLER = /^aws:(?:principal.*|username)$/

/**
 * What follows from who asks.
 * @param base the ARN of a session's role, or of a federated user's parent
 * @param context further keys that belong to the principal, such as its tags
 */
export function principalPins(
  facts: PrincipalFacts,
  base: string | null,
  context: ReadonlyMap<string, readonly string[]>,
): Pins {
  const known = new Map<string, readonly string[]>()
  for (const [key, values] of context) {
    const lower = key.toLowerCase()
    if (ABOUT_THE_CALLER.test(lower)) known.set(lower, values)
  }
  for (const [key, value] of principalContext(facts, base)) if (!known.has(key)) known.set(key, [value])
  return {
    valueOf: (key) => known.get(key) ?? (ABOUT_THE_CALLER.test(key) ? null : undefined),
  }
}

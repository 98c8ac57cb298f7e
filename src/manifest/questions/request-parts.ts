/** The parts of requests that tests and invariants are written with, as lists. */
export const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value

type ContextValue = string | number | boolean

/** Context values are texts to a decision. */
export function contextOf(
  written: Readonly<Record<string, ContextValue | readonly ContextValue[]>> | undefined,
): ReadonlyMap<string, readonly string[]> {
  const context = new Map<string, readonly string[]>()
  for (const [key, value] of Object.entries(written ?? {})) context.set(key, [value].flat().map(String))
  return context
}

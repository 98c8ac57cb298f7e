import type { ActionFacts } from '../../catalog/actions.ts'

type Context = ReadonlyMap<string, readonly string[]>

/**
 * A context with its keys as AWS writes them; those that the catalogue doesn't know, and names of tags, as somebody's policies do.
 * Reasoning knows keys in lower case.
 * @param written keys as policies write them, by key in lower case; read only where it matters
 */
export const spelledContext = (
  context: Context,
  facts: ActionFacts,
  written: () => ReadonlyMap<string, string>,
): Context => new Map([...context].map(([key, values]) => [spelledKey(key, facts, written), values]))

/** @see spelledContext */
export function spelledKey(
  key: string,
  facts: ActionFacts,
  written: () => ReadonlyMap<string, string>,
): string {
  // What has capitals has been written by somebody, in its last part.
  const isWritten = /[A-Z]/.test(key.slice(key.indexOf('/') + 1))
  const own = isWritten ? key : (written().get(key.toLowerCase()) ?? key)
  return facts.conditionKeySpellingOf(own) ?? own
}

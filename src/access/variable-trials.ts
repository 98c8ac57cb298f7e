import type { Outcome } from './symbolic/problem.ts'

/**
 * Values to try for a variable that nobody knows: what a solution suggests, a plain word, and none at all, where what
 * names the variable matches nothing.
 * @param depth how many others have a value already
 * @param mayBeAbsent whether requests may have none
 */
export function variableTrials(
  name: string,
  { model, variables }: Extract<Outcome, { readonly type: 'found' }>,
  depth: number,
  mayBeAbsent: boolean,
): readonly (string | null)[] {
  const given = [...model.context].find(([key]) => key.toLowerCase() === name)?.[1]
  const texts = [
    ...(given?.length === 1 ? given : []),
    ...(variables.get(name) ?? []),
    `example${depth === 0 ? '' : depth + 1}`,
  ]
  return [...new Set(texts), ...(mayBeAbsent ? [null] : [])]
}

import { mayBeEmpty } from '../../evaluator/keys/key-forms.ts'
import type { Literal } from '../symbolic/atom.ts'
import type { ProblemOutcome } from '../symbolic/problem.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import { literalGlob } from '../symbolic/tokens.ts'

/** Words for variables that take no others. */
const LIKELY: ReadonlyMap<string, string> = new Map([
  ['aws:requestedregion', 'us-east-1'],
  ['aws:resourceaccount', '123456789012'],
  ['aws:sourceip', '198.51.100.7'],
  ['aws:currenttime', '2030-01-01T00:00:00Z'],
  ['aws:epochtime', '1893456000'],
])

/**
 * Values to try for a variable that nobody knows: what a solution suggests, a plain word, an empty one where there may be such,
 * and none at all, where what names the variable matches nothing.
 * @param depth how many others have a value already
 * @param mayBeAbsent whether requests may have none
 */
export function variableTrials(
  name: string,
  { model, variables }: Extract<ProblemOutcome, { readonly type: 'found' }>,
  depth: number,
  mayBeAbsent: boolean,
): readonly (string | null)[] {
  const given = [...model.context].find(([key]) => key.toLowerCase() === name)?.[1]
  const texts = [
    ...(given?.length === 1 ? given : []),
    ...(variables.get(name) ?? []),
    LIKELY.get(name) ?? `example${depth === 0 ? '' : depth + 1}`,
    ...(mayBeEmpty(name) ? [''] : []),
  ]
  return [...new Set(texts), ...(mayBeAbsent ? [null] : [])]
}

/** That a variable has one of some values; null: that its key is absent. */
export function valueLiteral(
  name: string,
  values: ReadonlySet<string | null>,
  { langs, atoms }: Symbols,
): Literal {
  const lang = langs.of([...values].flatMap((value) => (value === null ? [] : [literalGlob(value)])))
  const predicate = { kind: 'text', lang, upper: lang, lower: lang } as const
  const whenAbsent = values.has(null)
  return (
    atoms.keyAtom({ key: name, spelling: name, whenAbsent, predicate, several: 'never', variables: [] }) + 1
  )
}

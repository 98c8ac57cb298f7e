import { statementsOf } from './side.ts'
import type { Sides } from './side-diff.ts'
import type { PlacedStatement } from './statement-compiler.ts'
import { actionLang } from './symbolic/compile-statement.ts'
import type { Lang } from './symbolic/lang.ts'
import type { Symbols } from './symbolic/symbols.ts'
import { COLON, ONE_IN_SEGMENT, STAR_IN_SEGMENT } from './symbolic/tokens.ts'

export const anyAction = ({ langs }: Symbols): Lang =>
  langs.of([[ONE_IN_SEGMENT, STAR_IN_SEGMENT, COLON, ONE_IN_SEGMENT, STAR_IN_SEGMENT]])

/** Actions that policies name are no future ones. */
export function namedActions({ now, before }: Sides, symbols: Symbols): Lang {
  const entries = [...statementsOf(now), ...statementsOf(before)].flatMap(({ actions }) => actions.entries)
  return actionLang(
    [...new Set(entries)].filter((entry) => !/[*?]/.test(entry)),
    symbols,
  )
}

/** Patterns of an allow that actions which no catalogue lists may match; null: all that its `NotAction` leaves. */
export const openPatterns = ({
  actions: { negated, entries },
}: PlacedStatement): readonly (string | null)[] =>
  negated ? [null] : entries.filter((entry) => /[*?]/.test(entry))

/**
 * Where nothing but allows that grant came or went: whether an old allow has the same pattern on the same terms, so that
 * nothing new matches it.
 */
export function coverage(
  differing: readonly PlacedStatement[],
  { before }: Sides,
): (allow: PlacedStatement, pattern: string | null) => boolean {
  // Where another layer differs in number or allows nothing, an old allow is not on the same terms.
  if (before.ways.some(([, ...others]) => others.some((layer) => layer.length === 0))) return () => false
  const granting = new Set(before.ways.flatMap(([first = []]) => first.map(({ layer }) => layer)))
  if (!differing.every(({ effect, layer }) => effect === 'Allow' && granting.has(layer))) return () => false
  const patterns = new Set(
    before.ways.flatMap(([first = []]) =>
      first.flatMap(({ symbolic, actions: { negated, entries } }) =>
        negated ? [] : entries.map((entry) => `${entry} ${symbolic.content}`),
      ),
    ),
  )
  return ({ symbolic }, pattern) => pattern !== null && patterns.has(`${pattern} ${symbolic.content}`)
}

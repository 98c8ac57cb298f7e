import { matchesPattern } from '../../model/name-pattern.ts'
import type { Sides } from '../sides/scope.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import type { Lang } from '../symbolic/lang.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import { COLON, ONE_IN_SEGMENT, STAR_IN_SEGMENT } from '../symbolic/tokens.ts'

export const anyAction = ({ langs }: Symbols): Lang =>
  langs.of([[ONE_IN_SEGMENT, STAR_IN_SEGMENT, COLON, ONE_IN_SEGMENT, STAR_IN_SEGMENT]])

/** Patterns of an allow that actions which no catalogue lists may match; null: all that its `NotAction` leaves. */
export const openPatterns = ({
  actions: { negated, entries },
}: PlacedStatement): readonly (string | null)[] =>
  negated ? [null] : entries.filter((entry) => /[*?]/.test(entry))

/**
 * Where nothing but allows that grant came or went: whether an old allow has a pattern for all that this one stands for, on
 * the same terms, so that nothing new matches it.
 */
export function coverage(
  differing: readonly PlacedStatement[],
  { before }: Sides,
): (allow: PlacedStatement, pattern: string | null) => boolean {
  // Where another layer differs in number or allows nothing, an old allow is not on the same terms.
  if (before.ways.some(([, ...others]) => others.some((layer) => layer.length === 0))) return () => false
  const granting = new Set(before.ways.flatMap(([first = []]) => first.map(({ layer }) => layer)))
  if (!differing.every(({ effect, layer }) => effect === 'Allow' && granting.has(layer))) return () => false
  const byService = new Map<string, string[]>()
  for (const way of before.ways)
    for (const { symbolic, actions } of way[0] ?? [])
      for (const pattern of actions.negated ? [] : actions.entries) {
        const key = `${serviceOf(pattern)} ${symbolic.content}`
        const known = byService.get(key)
        if (known === undefined) byService.set(key, [pattern])
        else known.push(pattern)
      }
  return ({ symbolic }, pattern) =>
    pattern !== null &&
    [serviceOf(pattern), '*'].some((service) =>
      byService.get(`${service} ${symbolic.content}`)?.some((wider) => covers(wider, pattern)),
    )
}

const serviceOf = (pattern: string): string => pattern.slice(0, Math.max(0, pattern.indexOf(':'))) || '*'

/** Whether one pattern stands for all that another does; `?` is left to the search. */
const covers = (wider: string, pattern: string): boolean =>
  wider === pattern || wider === '*' || (!wider.includes('?') && matchesPattern(wider, pattern))

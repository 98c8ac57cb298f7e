import type { ParsedStatement } from '../../policy/parsed.ts'
import { variableNames } from '../../policy/variables.ts'
import type { ChangedValue } from '../access-entry.ts'
import type { ComparedSide } from '../diff/comparison.ts'
import type { Pins } from '../symbolic/pins.ts'

/**
 * Keys that statements ask for, or hold variables of, and that have other values for the same principal in two states: its
 * tags, above all.
 * @param statements asked for only where the principal isn't the same
 * @returns by key as its author writes it; empty: there are none
 */
export function changedValues(
  statements: () => Iterable<ParsedStatement>,
  before: ComparedSide['state'],
  after: ComparedSide['state'],
): Readonly<Record<string, ChangedValue>> {
  if (before === null || after === null || hasSameKeys(before, after)) return {}
  const changed: Record<string, ChangedValue> = {}
  const seen = new Set<string>()
  for (const statement of statements())
    for (const key of keysIn(statement)) {
      const lower = key.toLowerCase()
      if (seen.has(lower)) continue
      seen.add(lower)
      const [old, now] = [before.pins.valueOf(lower), after.pins.valueOf(lower)]
      if (old === undefined || now === undefined || String(old) === String(now)) continue
      changed[key] = { before: old, after: now }
    }
  return changed
}

const hasSameKeys = (a: NonNullable<ComparedSide['state']>, b: NonNullable<ComparedSide['state']>): boolean =>
  a.name === b.name && textOf(a.context) === textOf(b.context)

const textOf = (context: ReadonlyMap<string, readonly string[]>): string =>
  JSON.stringify([...context].sort(([a], [b]) => (a < b ? -1 : 1)))

/** Keys that a statement asks for, or holds variables of, as they are written. */
export const keysIn = ({ conditions, resource }: ParsedStatement): readonly string[] => [
  ...conditions.map(({ key }) => key),
  ...[...conditions.flatMap(({ values }) => values), ...(resource?.entries ?? [])].flatMap(variableNames),
]

/** Puts values in place of variables of some keys, in lower case. What is a wildcard in a pattern is a character in a value. */
export const withValuesOf =
  (keys: ReadonlySet<string>, pins: Pins) =>
  (text: string): string =>
    text.replace(/\$\{([^},]+)(?:,\s*'([^']*)')?\}/g, (whole, written: string, fallback?: string) => {
      const name = written.trim().toLowerCase()
      if (!keys.has(name)) return whole
      const value = pins.valueOf(name)?.[0] ?? fallback
      return value === undefined ? whole : value.replace(/[*?$]/g, (character) => `\${${character}}`)
    })

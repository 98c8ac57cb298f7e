// Accounts outside that policies tell apart without a name: by patterns, or as numbers.
import type { EstatePair } from './estate-spec.ts'

/** A pattern that policies compare accounts with. */
export const PATTERN = '4444????6666'

/** What is put in place of wildcards: accounts of one pattern are large numbers and small ones. */
const FILLINGS = ['1', '7'] as const

/** Accounts that a pattern fits, each another number; empty: there are none. */
export const accountsLike = (pattern: string): readonly string[] =>
  [...new Set(FILLINGS.map((digit) => filled(pattern, digit)))].filter((id) => /^\d{12}$/.test(id))

/** One of them; null: there is none. */
export const accountLike = (pattern: string): string | null => accountsLike(pattern)[0] ?? null

function filled(pattern: string, digit: string): string {
  const [begin = '', ...more] = pattern.replaceAll('?', digit).split('*')
  const end = more.join('')
  return more.length === 0 ? begin : begin.padEnd(12 - end.length, digit) + end
}

/**
 * Of whom somebody is asked about besides: of each combination of patterns that fit and numbers that are exceeded an account
 * that no policy names, as far as one is found. None where names and ids are compared only.
 */
export function accountsToldApart(pair: EstatePair): readonly string[] {
  const text = JSON.stringify(pair)
  const patterns = [...new Set(text.match(/(?<![\w-])[\d?*]*(?:\d[?*]|[?*]\d)[\d?*]*(?![\w-])/g))]
  const bounds = [...new Set(boundsIn(pair))]
  if (patterns.length === 0 && bounds.length === 0) return []
  const ids = [
    ...patterns.flatMap(accountsLike),
    ...bounds.flatMap((bound) => [bound - 1, bound, bound + 1]).map((id) => String(id).padStart(12, '0')),
    ...FILLINGS.map((digit) => `2${digit.repeat(11)}`),
    '777711112222',
  ]
  const fitting = patterns.map(
    (pattern) => new RegExp(`^${pattern.replace(/\*/g, '.*').replace(/\?/g, '.')}$`),
  )
  const found = new Map<string, string>()
  for (const id of ids) {
    const form = JSON.stringify([
      fitting.map((pattern) => pattern.test(id)),
      bounds.map((bound) => Math.sign(Number(id) - bound)),
    ])
    if (/^\d{12}$/.test(id) && !text.includes(id) && !found.has(form)) found.set(form, id)
  }
  return [...found.values()]
}

/** Numbers that accounts are compared with. */
function boundsIn(value: unknown): readonly number[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]): readonly number[] =>
    /Numeric/.test(name)
      ? [(inner as Readonly<Record<string, string | readonly string[]>>)['aws:PrincipalAccount'] ?? []]
          .flat()
          .map(Number)
          .filter(Number.isSafeInteger)
      : boundsIn(inner),
  )
}

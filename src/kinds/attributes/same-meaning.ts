import { type Account, jsonOf, type PolicyDocument, type StateDocument } from '../../model/index.ts'
import { sameDocument } from '../../policy/canonical.ts'

/**
 * Whether two documents say the same, however they are written. Nearly always they are written alike, since an apply
 * stores what was declared: their values are compared first, many times as fast as what they mean, and without a copy.
 */
export const sameMeaning = (a: PolicyDocument, b: PolicyDocument, account: Account): boolean =>
  sameValue(a, b) || sameDocument(a, b, account)

/** Whether what is there says what is declared. What isn't known never does. */
export function saysTheSame(there: StateDocument, declared: PolicyDocument, account: Account): boolean {
  const json = jsonOf(there)
  return json !== null && sameMeaning(json, declared, account)
}

/** Of plain JSON values; the order of keys doesn't count. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]))
  if (!isTable(a) || !isTable(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  )
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

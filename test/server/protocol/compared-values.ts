import { Secret } from '../../../src/model/secret.ts'

/** Secrets as what they hide. */
export const revealed = (value: unknown): unknown => {
  if (value instanceof Secret) return value.reveal()
  if (Array.isArray(value)) return value.map(revealed)
  if (value === null || typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array)
    return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]))
}

/** A client sends nothing of a map or structure that holds nothing, nor of a list of nothing else; a list without items it sends. */
export function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty).filter((item) => !isEmpty(item))
  if (!isPlain(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, inner, withoutEmpty(inner)] as const)
      .filter(([, inner, left]) => !isEmpty(left) && !isNoLongerThere(inner, left))
      .map(([key, , left]) => [key, left]),
  )
}

const isNoLongerThere = (before: unknown, left: unknown): boolean =>
  Array.isArray(before) && before.length > 0 && Array.isArray(left) && left.length === 0

const isPlain = (value: unknown): value is object =>
  value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype

const isEmpty = (value: unknown): boolean => isPlain(value) && Object.keys(value).length === 0

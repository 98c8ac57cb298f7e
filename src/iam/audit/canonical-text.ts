/**
 * One text for one value: keys in the order of their code units, nothing between, numbers as JavaScript writes them. What has
 * no form in JSON is left out, as `JSON.stringify` does.
 * @see RFC 8785, "JSON Canonicalization Scheme"
 */
export const canonicalText = (value: unknown): string => JSON.stringify(sorted(value))

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  // Whoever has a text of its own (a time) is that text.
  if ('toJSON' in value && typeof value.toJSON === 'function') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]))
}

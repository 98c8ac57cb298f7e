import { memberOf, type Resolved, scalarText, textFrom, unknownAt } from './resolved.ts'

/** The resource whose made-up name decides whether a text matches. null: none does. */
type Undecided = (text: string, areNames: boolean) => string | null

/**
 * A policy document with unknown values in place of patterns that nobody can decide.
 * @param isIn the key that it stands below
 */
export function withDecided(document: Resolved, isIn: string, undecided: Undecided): Resolved {
  if (document.kind === 'scalar' && isIn === '') {
    const parsed = parsedText(document)
    if (parsed === null) return document
    const decided = withDecided(parsed, '', undecided)
    // As a text it stays as it was written.
    return decided === parsed ? document : decided
  }
  return inPart(document, isIn, '', undecided)
}

const COMPARED = new Set(['Resource', 'NotResource', 'Principal', 'NotPrincipal', 'Condition'])

/** @param under the nearest key, which in conditions is what is compared */
function inPart(value: Resolved, isIn: string, under: string, undecided: Undecided): Resolved {
  if (value.kind === 'unknown') return value
  if (value.kind === 'scalar') {
    const text = COMPARED.has(isIn) ? scalarText(value) : null
    const id = text === null ? null : undecided(text, isIn === 'Condition' && /name$/i.test(under))
    return text === null || id === null
      ? value
      : unknownAt(
          value,
          `the name that is made up for \`${id.slice(0, 100)}\`, which \`${text.slice(0, 200)}\` may match`,
          text,
        )
  }
  if (value.kind === 'list') {
    const items = value.items.map((each) => inPart(each, isIn, under, undecided))
    return items.every((each, index) => each === value.items[index]) ? value : { ...value, items }
  }
  const entries = value.entries.map((entry) => {
    const part = inPart(entry.value, COMPARED.has(isIn) ? isIn : entry.key, entry.key, undecided)
    return part === entry.value ? entry : { ...entry, value: part }
  })
  return entries.every((each, index) => each === value.entries[index]) ? value : { ...value, entries }
}

/** A document that is written as a text of JSON. null: it is none. */
function parsedText(document: Resolved): Resolved | null {
  try {
    const parsed: unknown = JSON.parse(scalarText(document) ?? '')
    const made = (value: unknown): Resolved => {
      if (Array.isArray(value)) return { ...document, kind: 'list', items: value.map(made) }
      if (typeof value !== 'object' || value === null) return textFrom(document, String(value))
      const entries = Object.entries(value).map(([key, part]) => ({
        key,
        keySpan: document,
        value: made(part),
      }))
      return { ...document, kind: 'map', entries }
    }
    const value = made(parsed)
    return memberOf(value, 'Statement') === null ? null : value
  } catch {
    return null
  }
}

/** The first pattern that nobody can decide in a document that others wrote, an object or a text. null: there is none. */
export function undecidedIn(document: unknown, undecided: Undecided): string | null {
  const find = (value: unknown, isIn: string, under: string): string | null => {
    if (typeof value === 'string')
      return COMPARED.has(isIn) && undecided(value, isIn === 'Condition' && /name$/i.test(under)) !== null
        ? value
        : null
    if (typeof value !== 'object' || value === null) return null
    for (const [key, part] of Object.entries(value)) {
      const found = Array.isArray(value)
        ? find(part, isIn, under)
        : find(part, COMPARED.has(isIn) ? isIn : key, key)
      if (found !== null) return found
    }
    return null
  }
  if (typeof document !== 'string') return find(document, '', '')
  try {
    return find(JSON.parse(document), '', '')
  } catch {
    return null
  }
}

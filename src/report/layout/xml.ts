import { printable } from './paint.ts'

export const xmlDocument = (root: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root}`

type Attributes = Readonly<Record<string, string | number | null>>

/**
 * An element, well formed whatever the values and texts are: what XML can't have, or nobody sees, is shown as escapes.
 * @param attributes null: it has none of this name
 * @param content elements, or lines of text
 */
export function element(
  name: string,
  attributes: Attributes,
  content: readonly string[],
  of: 'elements' | 'text' = 'elements',
): string {
  const start = `<${name}${Object.entries(attributes)
    .map(([key, value]) => (value === null ? '' : ` ${key}="${escaped(String(value))}"`))
    .join('')}`
  if (content.length === 0) return `${start}/>`
  return of === 'text'
    ? `${start}>${content.map(escaped).join('\n')}</${name}>`
    : `${start}>\n${content.map((each) => each.replace(/^(?= *<)/gm, '  ')).join('\n')}\n</${name}>`
}

/** @see Extensible Markup Language (XML) 1.0, 2.2 "Characters", 2.4 "Character Data and Markup" */
const escaped = (text: string): string =>
  printable(text)
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

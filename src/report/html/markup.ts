import { printable } from '../layout/paint.ts'

/** A piece of a page. Only `markup` and `verbatim` make it, so that no text becomes markup because somebody forgot to escape it. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Texts and numbers are escaped; null and what is empty is nothing. */
type Content = Markup | string | number | null | readonly Content[]

/**
 * A piece of HTML or SVG. What stands in its places is text: it is escaped as content and as the value of an attribute in double
 * quotes alike, and what nobody sees (control characters, marks that reorder text) is shown as escapes.
 */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let text = parts[0] ?? ''
  for (const [index, content] of contents.entries()) text += textOf(content) + (parts[index + 1] ?? '')
  return new Markup(text)
}

/** Text that is markup, a script or a style already: constants of this source alone. */
export const verbatim = (text: string): Markup => new Markup(text)

function textOf(content: Content): string {
  if (content === null) return ''
  if (content instanceof Markup) return content.text
  if (typeof content === 'number') return String(content)
  if (typeof content === 'string') return printable(content).replace(/[&<>"']/g, escaped)
  let text = ''
  for (const each of content) text += textOf(each)
  return text
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (character: string): string => ESCAPES[character] ?? ''

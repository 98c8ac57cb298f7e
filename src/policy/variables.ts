/** A piece of a text under Version 2012-10-17. */
export type VariablePart =
  | { readonly kind: 'text'; readonly text: string }
  /** `${*}`, `${?}`, `${$}`: the character itself, never a wildcard. */
  | { readonly kind: 'character'; readonly character: '*' | '?' | '$' }
  /** `name` as written; compared ignoring case. `${aws:PrincipalTag/team, 'all'}` has the default `all`. */
  | { readonly kind: 'variable'; readonly name: string; readonly fallback: string | null }

export interface VariableError {
  readonly problem: 'unclosed' | 'empty' | 'name' | 'default'
  /** UTF-16 offsets into the text. */
  readonly start: number
  readonly end: number
}

type VariableSplit =
  | { readonly parts: readonly VariablePart[]; readonly error: null }
  | { readonly parts: null; readonly error: VariableError }

/**
 * Takes a text apart at its `${…}`. A `$` that no `{` follows is text.
 * @see IAM User Guide, "IAM policy elements: Variables and tags"
 */
export function splitVariables(text: string): VariableSplit {
  const parts: VariablePart[] = []
  let from = 0
  for (let at = text.indexOf('${'); at !== -1; at = text.indexOf('${', from)) {
    if (at > from) parts.push({ kind: 'text', text: text.slice(from, at) })
    const read = readVariable(text, at)
    if ('problem' in read) return { parts: null, error: read }
    parts.push(read.part)
    from = read.end
  }
  if (from < text.length || parts.length === 0) parts.push({ kind: 'text', text: text.slice(from) })
  return { parts, error: null }
}

/** Names of the variables in a text, as written; none where it can't be taken apart. */
export const variableNames = (text: string): readonly string[] =>
  text.includes('${')
    ? (splitVariables(text).parts ?? []).flatMap((part) => (part.kind === 'variable' ? [part.name] : []))
    : []

function readVariable(
  text: string,
  start: number,
): { readonly part: VariablePart; readonly end: number } | VariableError {
  const inside = start + 2
  const quote = text.indexOf("'", inside)
  let close = text.indexOf('}', inside)
  if (close === -1) return { problem: 'unclosed', start, end: text.length }

  let fallback: string | null = null
  let nameEnd = close
  const comma = text.indexOf(',', inside)
  if (comma !== -1 && comma < close) {
    const quoteEnd = quote === -1 ? -1 : text.indexOf("'", quote + 1)
    if (quote < comma || text.slice(comma + 1, quote).trim() !== '' || quoteEnd === -1)
      return { problem: 'default', start, end: close + 1 }
    fallback = text.slice(quote + 1, quoteEnd)
    // A `}` inside the quotes belongs to the default.
    close = text.indexOf('}', quoteEnd)
    if (close === -1) return { problem: 'unclosed', start, end: text.length }
    if (text.slice(quoteEnd + 1, close).trim() !== '') return { problem: 'default', start, end: close + 1 }
    nameEnd = comma
  }

  const end = close + 1
  const name = text.slice(inside, nameEnd).trim()
  if (name === '') return { problem: 'empty', start, end }
  if (fallback === null && (name === '*' || name === '?' || name === '$'))
    return { part: { kind: 'character', character: name }, end }
  if (!/^[^${}*?'"]+$/.test(name)) return { problem: 'name', start, end }
  return { part: { kind: 'variable', name, fallback }, end }
}

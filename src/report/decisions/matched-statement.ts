import { type Located, nodeAt, type SourceTexts } from '../../diagnostics/index.ts'
import type { Request } from '../../evaluator/decision.ts'
import type { PolicyStatement } from '../../model/index.ts'
import { matchesPattern } from '../../model/name-pattern.ts'
import { counted, printable } from '../layout/paint.ts'
import { statementLines } from '../plans/statement-text.ts'

/** Lines of a statement that are shown whole. */
const MOST_LINES = 16

/** What a statement is about: of long lists only what a request matches. */
export function matchedStatementLines(statement: PolicyStatement, request: Asked): readonly string[] {
  const all = statementLines(statement)
  if (all.length <= MOST_LINES) return all
  let narrowed: PolicyStatement = statement
  const left: string[] = []
  for (const [element, noun] of LISTS) {
    const entries = listIn(statement, element)
    const matching = entries.filter((entry) => isAbout(element, entry, request))
    if (matching.length === 0 || matching.length === entries.length) continue
    narrowed = { ...narrowed, [element]: matching }
    left.push(`… ${counted(entries.length - matching.length, `more ${noun}`)}`)
  }
  return cut([...statementLines(narrowed), ...left])
}

/** The lines of a file in which a statement stands, without the entries of long lists that a request doesn't match. */
export function matchedExcerpt(
  node: Located,
  { first, last }: { readonly first: number; readonly last: number },
  request: Asked,
  texts: SourceTexts,
): readonly string[] {
  const hidden = last - first + 1 <= MOST_LINES ? NONE : unmatchedLines(node, request, texts)
  const width = String(last).length + 2
  const lines: string[] = []
  let left = 0
  const tellLeft = () => {
    if (left > 0) lines.push(`${' '.repeat(width)} | … ${counted(left, 'more line')}`)
    left = 0
  }
  for (let line = first; line <= last; line++) {
    if (hidden.has(line)) {
      left++
      continue
    }
    tellLeft()
    lines.push(`${String(line).padStart(width)} | ${printable(texts.line(node.file, line) ?? '')}`)
  }
  tellLeft()
  // A block that ends the file, or is followed by an empty line, has those in its span.
  while (lines.length > 1 && /^\s*\d+ \| \s*$/.test(lines.at(-1) ?? '')) lines.pop()
  return cut(lines)
}

type Asked = Pick<Request, 'action' | 'resource'>

const NONE: ReadonlySet<number> = new Set()

const LISTS: readonly (readonly [element: 'Action' | 'Resource', noun: string])[] = [
  ['Action', 'action'],
  ['Resource', 'resource'],
]

/** Lines on which nothing but entries stand that a request doesn't match; none, where no entry is seen to match. */
function unmatchedLines(node: Located, request: Asked, texts: SourceTexts): ReadonlySet<number> {
  const hidden = new Set<number>()
  for (const [element] of LISTS) {
    const list = nodeAt(node, [element])
    if (list?.kind !== 'list') continue
    const lineOf = (item: Located) => texts.positionAt(item.file, item.start)?.line
    const isMatch = (item: Located) =>
      item.kind === 'scalar' && typeof item.value === 'string' && isAbout(element, item.value, request)
    if (!list.items.some(isMatch)) continue
    const kept = new Set(list.items.filter(isMatch).map(lineOf))
    for (const item of list.items) {
      const line = lineOf(item)
      if (line !== undefined && !kept.has(line) && !isWithKey(texts.line(item.file, line))) hidden.add(line)
    }
  }
  return hidden
}

/** The name of a list stands on the line of its first entries, where brackets enclose it. */
const isWithKey = (line: string | null): boolean => /^\s*["']?\w+["']?\s*:\s/.test(line ?? '')

const isAbout = (element: 'Action' | 'Resource', entry: string, { action, resource }: Asked): boolean =>
  element === 'Action'
    ? matchesPattern(entry.toLowerCase(), action.toLowerCase())
    : matchesPattern(entry.replace(/\$\{[^}]*\}/g, '*'), resource)

const listIn = (statement: PolicyStatement, element: 'Action' | 'Resource'): readonly string[] => {
  const value: unknown = statement[element]
  return (Array.isArray(value) ? value : [value]).filter(
    (entry): entry is string => typeof entry === 'string',
  )
}

const cut = (lines: readonly string[]): readonly string[] =>
  lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES - 1), `    … ${lines.length - MOST_LINES + 1} more lines`]

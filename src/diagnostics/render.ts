import type { Diagnostic, Severity } from './diagnostic.ts'
import type { SourceTexts, Span } from './span.ts'
import { textWidth } from './text-width.ts'
import { withoutUnseen } from './unseen.ts'

export interface RenderOptions {
  readonly color: boolean
  /** Of the terminal, in cells; absent: there is none. */
  readonly width?: number
}

const STYLE: Readonly<Record<Severity | 'dim' | 'bold', string>> = {
  error: '\u001b[1;31m',
  warning: '\u001b[1;33m',
  info: '\u001b[1;36m',
  dim: '\u001b[2m',
  bold: '\u001b[1m',
}
const RESET = '\u001b[0m'

/**
 * One diagnostic for people: code and message, `file:line:column`, the line with a caret, related places, help.
 * @returns several lines, without a trailing line break
 */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  texts: SourceTexts,
  { color, width }: RenderOptions = { color: false },
): string {
  const paint = (style: keyof typeof STYLE, text: string) => (color ? `${STYLE[style]}${text}${RESET}` : text)
  const lines = [
    `${paint(diagnostic.severity, `${diagnostic.severity}[${diagnostic.code}]`)}: ${paint('bold', visible(diagnostic.message))}`,
  ]
  if (diagnostic.span !== null) {
    lines.push(`  --> ${visible(placeOf(diagnostic.span, texts))}`)
    lines.push(
      ...excerpt(diagnostic.span, texts, width).map(([text, isCaret]) =>
        isCaret ? paint(diagnostic.severity, text) : paint('dim', text),
      ),
    )
  }
  for (const related of diagnostic.related.slice(0, MOST_RELATED))
    lines.push(`  note: ${visible(related.message)}: ${visible(placeOf(related.span, texts))}`)
  if (diagnostic.related.length > MOST_RELATED)
    lines.push(`  note: and ${diagnostic.related.length - MOST_RELATED} more, which \`--json\` has`)
  if (diagnostic.help !== null) lines.push(`  help: ${visible(diagnostic.help)}`)
  return lines.join('\n')
}

/** Of more places, how many more. */
const MOST_RELATED = 4

/** `file:line:column`, or the file alone when its text is not at hand. */
export function placeOf(span: Span, texts: SourceTexts): string {
  const position = texts.positionAt(span.file, span.start)
  return position === null ? span.file : `${span.file}:${position.line}:${position.column}`
}

/** A line wider than this is cut around the underlined part, where no terminal tells how much room there is. */
const WIDEST_LINE = 110
/** Of a line that is cut, so much stands before the underlined part. */
const MOST_BEFORE = 40

/** A longer line is cut unseen, since a file may be one line and have many problems: it would be measured for each of them. */
const LONGEST_LINE = 1000

function excerpt(
  span: Span,
  texts: SourceTexts,
  width: number | undefined,
): readonly (readonly [string, boolean])[] {
  const position = texts.positionAt(span.file, span.start)
  const line = position === null ? null : texts.lineSpan(span.file, position.line)
  if (position === null || line === null) return []
  const length = line.end - line.start
  const part = (from: number, to: number) =>
    texts.textOf({ file: span.file, start: line.start + from, end: line.start + Math.min(to, length) })
  const number = String(position.line).padStart(4)
  // A number, a bar, and a mark at each end where something is cut off.
  const room = width === undefined ? WIDEST_LINE : width - number.length - 3 - 2
  const column = position.column - 1
  const end = Math.max(column + 1, Math.min(length, column + Math.max(1, span.end - span.start)))
  const isCut = length > LONGEST_LINE || textWidth(visible(part(0, length))) > room
  const before = Math.min(MOST_BEFORE, Math.floor(room / 3))
  const from = isCut ? wholeCharacter(part, Math.max(0, column - before)) : 0
  const to = isCut ? from + fitting(part(from, from + LONGEST_LINE), room) : length
  const shown = visible(part(from, to))
  const indent = textWidth(visible(part(from, column)))
  const carets = Math.max(1, textWidth(visible(part(column, Math.min(end, to)))))
  return [
    [`${number} | ${from > 0 ? '…' : ''}${shown}${to < length ? '…' : ''}`, false],
    [`${' '.repeat(number.length)} | ${' '.repeat(indent + (from > 0 ? 1 : 0))}${'^'.repeat(carets)}`, true],
  ]
}

/** How much of a text there is room for. */
function fitting(text: string, room: number): number {
  let length = 0
  let used = 0
  for (const character of text) {
    used += textWidth(visible(character))
    if (used > room) break
    length += character.length
  }
  return length
}

/** The offset, or the one before it where it would cut a pair of surrogates in two. */
const wholeCharacter = (part: (from: number, to: number) => string, at: number): number =>
  at > 0 && /^[\ud800-\udbff][\udc00-\udfff]$/.test(part(at - 1, at + 1)) ? at - 1 : at

/** Tabs and line breaks become one space each, to keep carets in place. */
const visible = (text: string): string => withoutUnseen(text.replace(/[\t\n]/g, ' '))

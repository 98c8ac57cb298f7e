import { textWidth } from '../../diagnostics/index.ts'

/** What continues a line stands this much further in than the line. */
const HANG = 2
/** Beyond this there would be no room left for words. */
const DEEPEST = 24

const CODE = /\u001b\[[\d;]*m/g
const RESET = '\u001b[0m'

/**
 * Text as a terminal shows it best: lines that are too long are broken between words, and what continues one stands further in.
 * A word that is too long for a line stays whole, so that it can be copied.
 * @param width in cells
 */
export const fitted = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => broken(line, width))
    .join('\n')

function broken(line: string, width: number): readonly string[] {
  const plain = line.replace(CODE, '')
  // No character takes more than two cells.
  if (plain.length * 2 <= width || textWidth(plain) <= width) return [line]
  const start = /^ */.exec(plain)?.[0].length ?? 0
  // A number and a bar stand before lines of a file; signs and names before what they are about.
  const gutter = /^ *(?:\d+ \| *|[+~±?-] )/.exec(plain)?.[0].length ?? start
  const indent = Math.min(DEEPEST, Math.max(start + HANG, gutter))
  const lines: string[] = []
  let current = ''
  let used = 0
  let style = ''
  let isEmpty = true
  const finish = () => {
    lines.push(style === '' ? current : `${current}${RESET}`)
    current = `${' '.repeat(indent)}${style}`
    used = indent
    isEmpty = true
  }
  for (const { gap, word } of words(line)) {
    const own = textWidth(word.replace(CODE, ''))
    const isFirst = lines.length === 0 && isEmpty
    if (!isEmpty && used + gap.length + own > width) finish()
    // What stood between two words is left out where a line ends.
    const before = isEmpty && !isFirst ? '' : gap
    current += `${before}${word}`
    used += before.length + own
    isEmpty &&= own === 0
    for (const [code] of word.matchAll(CODE)) style = code === RESET ? '' : code
  }
  lines.push(current)
  return lines
}

function* words(line: string): Iterable<{ readonly gap: string; readonly word: string }> {
  for (const [, gap = '', word = ''] of line.matchAll(/( *)([^ ]+)/g)) yield { gap, word }
}

import { CST, Lexer } from 'yaml'

/** Where a comma is missing between two values in `[ ]` or `{ }`, and the outermost brackets around it. */
interface MissingComma {
  /** The offset where the value before it ends. */
  readonly at: number
  readonly from: number
  readonly to: number
}

/** What has been read within one pair of brackets, since the last comma. */
interface Level {
  readonly isMap: boolean
  /** null: no value stands before. */
  valueEnd: number | null
  hasColon: boolean
}

/**
 * Finds two values beside each other in the brackets of a YAML text. The parser's own errors are about what it took
 * them for: a key that is a map, a token that it didn't expect.
 */
export function missingCommas(text: string): readonly MissingComma[] {
  const found: MissingComma[] = []
  let inBrackets: number[] = []
  const levels: Level[] = []
  let from = 0
  let offset = 0
  for (const source of new Lexer().lex(text)) {
    if (source === CST.SCALAR || source === CST.DOCUMENT || source === CST.FLOW_END) continue
    const start = offset
    offset += source.length
    const type = CST.tokenType(source)
    const level = levels.at(-1)
    if (type === 'flow-map-start' || type === 'flow-seq-start') {
      if (level === undefined) from = start
      else if (level.valueEnd !== null) inBrackets.push(level.valueEnd)
      levels.push({ isMap: type === 'flow-map-start', valueEnd: null, hasColon: false })
    } else if (level === undefined) {
    } else if (type === 'flow-map-end' || type === 'flow-seq-end') {
      levels.pop()
      const outer = levels.at(-1)
      if (outer !== undefined) outer.valueEnd = offset
      else {
        for (const at of inBrackets) found.push({ at, from, to: offset })
        inBrackets = []
      }
    } else if (type === 'comma') {
      level.valueEnd = null
      level.hasColon = false
    } else if (type === 'map-value-ind') {
      // `a: b c: d`: between the two colons stand a value and a key.
      if (level.isMap && level.hasColon && level.valueEnd !== null)
        inBrackets.push(gapBefore(text, level.valueEnd))
      level.valueEnd = null
      level.hasColon = true
    } else if (isValue(type, source)) {
      if (level.valueEnd !== null) {
        inBrackets.push(level.valueEnd)
        level.hasColon = false
      }
      level.valueEnd = offset
    }
  }
  for (const at of inBrackets) found.push({ at, from, to: text.length })
  return found
}

/** A plain scalar is a token without a type of its own. */
const isValue = (type: ReturnType<typeof CST.tokenType>, source: string): boolean =>
  type === 'double-quoted-scalar' ||
  type === 'single-quoted-scalar' ||
  type === 'alias' ||
  (type === null && source !== '')

/** The white space before the last word of what ends at `end`. */
function gapBefore(text: string, end: number): number {
  const word = /\S+$/.exec(text.slice(0, end))
  return Math.max(0, end - (word?.[0].length ?? 0) - 1)
}

/**
 * Where something stands in a source text: UTF-16 offsets `[start, end)` into the file `file`.
 * `file` is relative to the IAM folder and uses `/`.
 */
export interface Span {
  readonly file: string
  readonly start: number
  readonly end: number
}

/** Line and column as people count them: both start at 1; columns are UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** The texts of the files that spans point into, with their line starts computed once per file. */
export class SourceTexts {
  readonly #texts = new Map<string, string>()
  readonly #lineStarts = new Map<string, readonly number[]>()
  readonly #hidden = new Map<string, readonly Span[]>()

  constructor(texts: Iterable<readonly [file: string, text: string]> = []) {
    for (const [file, text] of texts) this.add(file, text)
  }

  add(file: string, text: string): void {
    this.#texts.set(file, text)
    this.#lineStarts.delete(file)
  }

  text(file: string): string | undefined {
    return this.#texts.get(file)
  }

  /** @returns null when the file's text is not known */
  positionAt(file: string, offset: number): Position | null {
    const starts = this.#startsOf(file)
    if (starts === null) return null
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }

  /** @returns the text of the line without its line break, or null when there is no such line */
  line(file: string, line: number): string | null {
    const span = this.lineSpan(file, line)
    return span === null ? null : this.textOf(span)
  }

  /** @returns where the line stands, without its line break, or null when there is no such line */
  lineSpan(file: string, line: number): Span | null {
    const starts = this.#startsOf(file)
    const text = this.#texts.get(file)
    const start = starts?.[line - 1]
    if (starts === null || text === undefined || start === undefined) return null
    let end = starts[line] ?? text.length
    if (end > start && text[end - 1] === '\n') end -= text[end - 2] === '\r' && end - 1 > start ? 2 : 1
    return { file, start, end }
  }

  /** @returns what stands there, with `*` in place of what is hidden; nothing when the file's text is not known */
  textOf({ file, start, end }: Span): string {
    let text = this.#texts.get(file)?.slice(start, end) ?? ''
    for (const hidden of this.#hidden.get(file) ?? []) {
      const [from, to] = [Math.max(0, hidden.start - start), Math.max(0, hidden.end - start)]
      text = text.slice(0, from) + text.slice(from, to).replace(/[^\r\n]/g, '*') + text.slice(to)
    }
    return text
  }

  /** From now on nobody is shown what stands there. */
  hide(span: Span): void {
    this.#hidden.set(span.file, [...(this.#hidden.get(span.file) ?? []), span])
  }

  #startsOf(file: string): readonly number[] | null {
    const known = this.#lineStarts.get(file)
    if (known !== undefined) return known
    const text = this.#texts.get(file)
    if (text === undefined) return null
    const starts = [0]
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    this.#lineStarts.set(file, starts)
    return starts
  }
}

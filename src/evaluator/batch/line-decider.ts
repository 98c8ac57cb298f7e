import type { LeftLine } from '../module/scanned-lines.ts'
import { type BatchEvaluator, type BatchReferences, createBatchEvaluator } from './batch.ts'
import { BatchError } from './batch-error.ts'
import { type DecidedLines, LineAnswers, type LineText } from './line-answers.ts'

/** Longer lines are not read. */
const MOST_LINE_BYTES = 16 * 1024 * 1024
/** So many lines are parsed at a time. */
const LINES_AT_ONCE = 2048
/** So many bytes the module reads at a time: they and their answers stay in the processor's nearer caches. */
const MOST_SCANNED_BYTES = 128 * 1024
/** Of the lines with new names, so many are parsed before the module is asked for the others again, then twice as many. */
const FEW_LINES = 8
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/**
 * Answers a stream of JSON lines, as bytes: what `evaluate --batch` reads and writes. One stream at a time: a byte order
 * mark before its first line means nothing.
 */
export class LineDecider {
  readonly #batch: BatchEvaluator
  #isFirst = true
  /** In a line that is too long, of which nothing is kept. */
  #isSkipping = false

  constructor(batch: BatchEvaluator) {
    this.#batch = batch
  }

  /**
   * Answers all lines that end in the input. Bytes are UTF-8; a line ends with a line feed, before which a carriage return
   * means nothing.
   * @param input the rest of the last call, and what came since
   */
  decideLines(input: Uint8Array): DecidedLines {
    const end = input.lastIndexOf(LINE_FEED) + 1
    const answered = this.#answer(input.subarray(0, end))
    let rest = input.subarray(end)
    // With its carriage return it may be one longer.
    if (this.#isSkipping || rest.length > MOST_LINE_BYTES + 1) {
      this.#isSkipping = this.#isSkipping || rest.length > 0
      rest = rest.subarray(rest.length)
    }
    return { ...answered, rest }
  }

  /** Answers the last line of a stream, which has no end; the next line is the first of another stream. */
  decideLast(rest: Uint8Array): DecidedLines {
    const isLine = rest.length > 0 || this.#isSkipping
    const ended = new Uint8Array(isLine ? rest.length + 1 : 0)
    ended.set(rest)
    if (isLine) ended[rest.length] = LINE_FEED
    const answered = this.decideLines(ended)
    this.#isFirst = true
    return answered
  }

  /** @param input ends where a line does */
  #answer(input: Uint8Array): Omit<DecidedLines, 'rest'> {
    const answers = new LineAnswers(this.#batch)
    for (let at = 0; at < input.length; ) {
      const piece = this.#pieceAt(input, at)
      at += piece === null ? this.#leave(input, at, answers) : this.#scan(piece, answers)
      if (answers.waiting >= LINES_AT_ONCE) answers.settle()
    }
    return answers.end()
  }

  /** So many whole lines as the module takes at a time; null: it takes none. */
  #pieceAt(input: Uint8Array, at: number): Uint8Array | null {
    // The tail of a line that is too long, a first line that may have a mark, and lines without sets are no business of it.
    if (!this.#batch.readsLines || this.#isSkipping || this.#isFirst) return null
    const end = Math.min(input.length, at + MOST_SCANNED_BYTES)
    const whole = input.lastIndexOf(LINE_FEED, end - 1) + 1
    return whole > at ? input.subarray(at, whole) : null
  }

  /** Has the module decide what it can. @returns how many bytes were dealt with */
  #scan(piece: Uint8Array, answers: LineAnswers): number {
    const { read, lines, answers: decided, left } = this.#batch.decideLines(piece)
    const byNames = this.#answersByNames(piece, left)
    let done = 0
    let number = 0
    for (const line of left) {
      answers.addDecided(decided.subarray(done, line.before), line.number - number)
      const answer = byNames.get(line)
      if (answer === undefined) answers.addLeft(this.#textOf(piece.subarray(line.start, line.end)))
      else answers.addDecided(answer, 1)
      done = line.before
      number = line.number + 1
    }
    answers.addDecided(decided.subarray(done), lines - number)
    return read
  }

  /**
   * Has the module decide the lines that it left for names alone. Each name is parsed in few of the lines that have it: some
   * are read, the module is told, and asked for all of them again.
   */
  #answersByNames(piece: Uint8Array, left: readonly LeftLine[]): ReadonlyMap<LeftLine, Uint8Array> {
    const known = new Map<LeftLine, Uint8Array>()
    let waiting = left.filter(({ isForNames }) => isForNames)
    for (let most = FEW_LINES; waiting.length > 0; most *= 2) {
      for (const { start, end } of waiting.slice(0, most)) {
        const text = this.#textOf(piece.subarray(start, end))
        if (typeof text === 'string') this.#batch.meet(text)
      }
      const again = this.#batch.decideLines(
        Buffer.concat(waiting.map(({ start, end }) => piece.subarray(start, end + 1))),
      )
      const leftAgain = new Map(again.left.map(({ number, isForNames }) => [number, isForNames]))
      const stillWaiting: LeftLine[] = []
      let at = 0
      for (const [place, line] of waiting.entries()) {
        const isForNames = leftAgain.get(place)
        if (isForNames === undefined) {
          const end = again.answers.indexOf(LINE_FEED, at) + 1
          known.set(line, again.answers.subarray(at, end))
          at = end
        } else if (isForNames && place >= most) stillWaiting.push(line)
      }
      waiting = stillWaiting
    }
    return known
  }

  /** Leaves one line to be parsed. @returns how many bytes were dealt with */
  #leave(input: Uint8Array, at: number, answers: LineAnswers): number {
    const end = input.indexOf(LINE_FEED, at)
    answers.addLeft(this.#textOf(input.subarray(at, end)))
    return end + 1 - at
  }

  /** A line as text; an error if it is none. */
  #textOf(bytes: Uint8Array): LineText {
    const isFirst = this.#isFirst
    const isTail = this.#isSkipping
    this.#isFirst = false
    this.#isSkipping = false
    const line = bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes
    if (isTail || line.length > MOST_LINE_BYTES)
      return new BatchError('malformed_json', `the line is longer than ${MOST_LINE_BYTES} bytes`)
    try {
      const text = decoder.decode(line)
      return isFirst && text.startsWith('\ufeff') ? text.slice(1) : text
    } catch {
      return new BatchError('malformed_json', 'the line is not UTF-8')
    }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Answers JSON lines as `evaluate --batch` does, from bytes to bytes.
 * @param references what lines may name in place of their policies
 * @throws PolicySetError when a set is malformed, or has a policy without a clear meaning
 */
export const createLineDecider = async (references: BatchReferences = {}): Promise<LineDecider> =>
  new LineDecider(await createBatchEvaluator(references))

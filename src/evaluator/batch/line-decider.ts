import { outputWithoutUnseen } from '../../diagnostics/unseen.ts'
import { type BatchEvaluator, type BatchReferences, createBatchEvaluator, failure } from './batch.ts'
import { BatchError } from './batch-error.ts'

/** Longer lines are not read. */
const MOST_LINE_BYTES = 16 * 1024 * 1024
/** So many lines are decided at a time. */
const LINES_AT_ONCE = 2048
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** What a piece of a stream of lines came to. */
export interface DecidedLines {
  /** A JSON line for each line that is not blank, in order, each with its end: `{"id","decision"}` or `{"id","error"}`. */
  readonly answers: Uint8Array
  /**
   * What follows the last end of a line: it belongs before what comes next. A view of the input; never longer than a
   * line may be, since of a longer one nothing is kept.
   */
  readonly rest: Uint8Array
  /** How many lines ended, blank ones too. */
  readonly lines: number
  readonly asked: number
  /** Of those that were asked. */
  readonly undecided: number
  /** The first of them by its place among `lines`, from 1; null: all were decided. */
  readonly firstUndecided: number | null
}

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
    const answers: string[] = []
    const count = { lines: 0, asked: 0, undecided: 0 }
    let firstUndecided: number | null = null
    for (let at = 0; at < input.length; ) {
      const texts: LineText[] = []
      for (; at < input.length && texts.length < LINES_AT_ONCE; ) {
        const end = input.indexOf(LINE_FEED, at)
        texts.push(this.#textOf(input.subarray(at, end)))
        at = end + 1
      }
      const asked = texts.filter((text) => !isBlank(text))
      const decided = this.#batch.answer(asked.filter((text) => typeof text === 'string'))
      let next = 0
      for (const [index, text] of texts.entries()) {
        if (isBlank(text)) continue
        const answer = typeof text === 'string' ? decided[next++] : failure(null, text)
        if (answer === undefined) continue
        count.asked++
        if (!answer.isDecided) {
          count.undecided++
          firstUndecided ??= count.lines + index + 1
        }
        answers.push(answer.json, '\n')
      }
      count.lines += texts.length
    }
    return { answers: encoder.encode(outputWithoutUnseen(answers.join(''))), ...count, firstUndecided }
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

type LineText = string | BatchError

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** Blank lines have no answer. */
const isBlank = (text: LineText): boolean => typeof text === 'string' && text.trim() === ''

/**
 * Answers JSON lines as `evaluate --batch` does, from bytes to bytes.
 * @param references what lines may name in place of their policies
 * @throws PolicySetError when a set is malformed, or has a policy without a clear meaning
 */
export const createLineDecider = async (references: BatchReferences = {}): Promise<LineDecider> =>
  new LineDecider(await createBatchEvaluator(references))

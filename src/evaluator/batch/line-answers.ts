import { outputWithoutUnseen } from '../../diagnostics/unseen.ts'
import { type BatchEvaluator, failure } from './batch.ts'
import { BatchError } from './batch-error.ts'

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

/** A line to be parsed; an error if it is no text. */
export type LineText = string | BatchError

/** Blank lines have no answer. */
const isBlank = (text: LineText): boolean => typeof text === 'string' && text.trim() === ''

interface Waiting {
  readonly text: LineText
  /** From 1. */
  readonly number: number
}

const encoder = new TextEncoder()

/** The answers to lines in their order: some are there at once, others wait until many are answered together. */
export class LineAnswers {
  readonly #batch: BatchEvaluator
  #parts: Uint8Array[] = []
  #size = 0
  /** What comes after `#parts`: answers, and lines without one. */
  #open: (Uint8Array | Waiting)[] = []
  #waiting = 0
  #lines = 0
  #asked = 0
  #undecided = 0
  #firstUndecided: number | null = null

  constructor(batch: BatchEvaluator) {
    this.#batch = batch
  }

  /** How many lines wait. */
  get waiting(): number {
    return this.#waiting
  }

  /** Answers of lines that were decided. */
  addDecided(bytes: Uint8Array, lines: number): void {
    if (lines === 0) return
    this.#lines += lines
    this.#asked += lines
    if (this.#open.length > 0) this.#open.push(bytes)
    else this.#add(bytes)
  }

  addLeft(text: LineText): void {
    this.#lines++
    if (isBlank(text)) return
    this.#asked++
    this.#waiting++
    this.#open.push({ text, number: this.#lines })
  }

  /** Answers the lines that wait. */
  settle(): void {
    const open = this.#open
    const texts = open.flatMap((each) => ('text' in each && typeof each.text === 'string' ? [each.text] : []))
    const answers = this.#batch.answer(texts)
    let next = 0
    let json = ''
    for (const each of open) {
      if (!('text' in each)) {
        this.#addText(json)
        json = ''
        this.#add(each)
        continue
      }
      const answer = each.text instanceof BatchError ? failure(null, each.text) : answers[next++]
      if (answer === undefined) continue
      json += `${answer.json}\n`
      if (answer.isDecided) continue
      this.#undecided++
      this.#firstUndecided ??= each.number
    }
    this.#addText(json)
    this.#open = []
    this.#waiting = 0
  }

  end(): Omit<DecidedLines, 'rest'> {
    this.settle()
    const [only, second] = this.#parts
    const answers = only !== undefined && second === undefined ? only : new Uint8Array(this.#size)
    if (answers !== only) {
      let at = 0
      for (const part of this.#parts) {
        answers.set(part, at)
        at += part.length
      }
    }
    return {
      answers,
      lines: this.#lines,
      asked: this.#asked,
      undecided: this.#undecided,
      firstUndecided: this.#firstUndecided,
    }
  }

  #addText(json: string): void {
    if (json !== '') this.#add(encoder.encode(outputWithoutUnseen(json)))
  }

  #add(bytes: Uint8Array): void {
    this.#parts.push(bytes)
    this.#size += bytes.length
  }
}

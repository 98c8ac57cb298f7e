import {
  LEFT_BEFORE,
  LEFT_END,
  LEFT_FOR_NAMES,
  LEFT_NUMBER,
  LEFT_SIZE,
  LEFT_START,
  LINES_ANSWERS,
  LINES_ANSWERS_SIZE,
  LINES_COUNT,
  LINES_LEFT,
  LINES_LEFT_COUNT,
  LINES_READ,
} from '../../../assembly/wire.ts'
import type { Room } from './engine.ts'

/** A line that the module left. */
export interface LeftLine {
  /** Its bytes `[start, end)` in the input, without the line feed. */
  readonly start: number
  readonly end: number
  /** Its place among the lines that were read, from 0. */
  readonly number: number
  /** How many bytes of the answers stand before its own. */
  readonly before: number
  /** Whether it is left for names that were not met. */
  readonly isForNames: boolean
}

/** What the module made of lines. */
export interface ScannedLines {
  /** How many bytes of the input it read, up to the end of a line, and how many lines these are. */
  readonly read: number
  readonly lines: number
  /** A JSON line for each line that was decided. A copy: the module's memory is written anew. */
  readonly answers: Uint8Array
  readonly left: readonly LeftLine[]
}

/** Copies what came of lines out of the module's memory, where it stands at `at`. */
export function scannedLines({ words, bytes, at }: Room): ScannedLines {
  const wordAt = (address: number): number => words[address >>> 2] ?? 0
  const answers = wordAt(at + LINES_ANSWERS)
  const left: LeftLine[] = []
  const first = wordAt(at + LINES_LEFT)
  const end = first + wordAt(at + LINES_LEFT_COUNT) * LEFT_SIZE
  for (let line = first; line < end; line += LEFT_SIZE)
    left.push({
      start: wordAt(line + LEFT_START),
      end: wordAt(line + LEFT_END),
      number: wordAt(line + LEFT_NUMBER),
      before: wordAt(line + LEFT_BEFORE),
      isForNames: wordAt(line + LEFT_FOR_NAMES) !== 0,
    })
  return {
    read: wordAt(at + LINES_READ),
    lines: wordAt(at + LINES_COUNT),
    answers: bytes.slice(answers, answers + wordAt(at + LINES_ANSWERS_SIZE)),
    left,
  }
}

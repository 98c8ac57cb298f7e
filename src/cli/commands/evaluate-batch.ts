import { createReadStream, fstatSync, realpathSync, type Stats, statSync } from 'node:fs'
import { devNull } from 'node:os'
import { isatty } from 'node:tty'
import { DiagnosticError, errorOf, SourceTexts } from '../../diagnostics/index.ts'
import { type BatchEvaluator, createBatchEvaluator } from '../../evaluator/batch/batch.ts'
import type { DecidedLines } from '../../evaluator/batch/line-answers.ts'
import { LineDecider } from '../../evaluator/batch/line-decider.ts'
import { PolicySetError } from '../../evaluator/batch/policy-sets.ts'
import { createEvaluator, type Evaluator } from '../../evaluator/estate/evaluator.ts'
import { isNamedFifo } from '../../source/regular-file.ts'
import { givenTime } from '../arguments/question-flags.ts'
import { askedState } from '../arguments/state-words.ts'
import { FailedWith, type Flags, flagList, flagText, type Invocation, type Said } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { WholeLines } from '../questions/whole-lines.ts'

/** What belongs to a single question. */
const SINGLE: readonly string[] = [
  'principal',
  'action',
  'context',
  'sourceIp',
  'mfa',
  'account',
  'explain',
  'sessionPolicy',
  'resourcePolicy',
  'resourceAccount',
  'parent',
]
/** What goes with a project only. */
const OF_PROJECT: readonly string[] = ['at', 'ref', 'accountId', 'partition', 'region', 'parameters', 'on']

/**
 * Answers JSON lines with JSON lines, however many there are. Once nobody reads the answers, nothing more is decided, and
 * the exit code is that of what was.
 */
export async function runBatch(file: string, invocation: Invocation): Promise<Said> {
  const { flags, streams } = invocation
  refuseOthers(flags)
  const decider = new LineDecider(await openBatch(invocation))
  /** Lines of requests, from 1, and those of them that were not decided. */
  const lines = { read: 0, asked: 0, undecided: 0, first: 0 }
  const answer = async (decided: DecidedLines): Promise<Uint8Array> => {
    const { answers, rest, firstUndecided } = decided
    if (lines.first === 0 && firstUndecided !== null) lines.first = lines.read + firstUndecided
    lines.read += decided.lines
    lines.asked += decided.asked
    lines.undecided += decided.undecided
    if (answers.length > 0) await streams.outAll(answers)
    return rest
  }
  const input = new WholeLines()
  for await (const chunk of bytesOf(file)) {
    if (streams.readerGone.aborted) break
    const whole = input.add(chunk)
    if (whole !== null) input.keep(await answer(decider.decideLines(whole)))
  }
  // What is left when nobody reads any more is a part of a line.
  if (!streams.readerGone.aborted) await answer(decider.decideLast(input.take()))
  const place = file === '-' ? `line ${lines.first}` : `${file}:${lines.first}`
  return lines.undecided === 0
    ? { said: 'everything', exitCode: EXIT.ok }
    : {
        said: 'everything',
        exitCode: EXIT.error,
        why: [`${lines.undecided} of ${lines.asked} requests could not be decided (the first: ${place})`],
      }
}

function refuseOthers(flags: Flags): void {
  const unfit = namesProject(flags) ? SINGLE : [...SINGLE, ...OF_PROJECT]
  const given = unfit.filter((name) => {
    const value = flags[name]
    return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)
  })
  if (given.length > 0)
    throw new DiagnosticError(
      given.map((name) =>
        errorOf({
          code: 'cli.conflicting-flags',
          message: `\`--batch\` and \`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}\` do not go together`,
          help: OF_PROJECT.includes(name)
            ? 'each line of a batch says all about its request; with `--dir DIR`, lines that name the project go by it'
            : 'each line of a batch says all about its request',
        }),
      ),
    )
}

/** Whether there is something that lines call `project`: a folder, or what others wrote. */
const namesProject = (flags: Flags): boolean =>
  flagText(flags, 'dir') !== null || askedState(flags).type === 'input'

/** With what lines may name in place of their policies: the sets of `--policies`, the project of `--dir` or the input of `--as-of`. */
async function openBatch(invocation: Invocation): Promise<BatchEvaluator> {
  const { flags } = invocation
  const paths = flagList(flags, 'policies')
  const project = namesProject(flags) ? { project: await projectOf(invocation) } : {}
  if (paths.length === 0) return createBatchEvaluator(project)
  const texts = new SourceTexts()
  const { readPolicySets } = await import('../questions/policy-sets-file.ts')
  const { sets, problemIn } = readPolicySets(paths, texts)
  try {
    return await createBatchEvaluator({ sets, ...project })
  } catch (error) {
    if (!(error instanceof PolicySetError)) throw error
    throw new FailedWith(new DiagnosticError(problemIn(error.set, error.path, error.message)), texts)
  }
}

async function projectOf(invocation: Invocation): Promise<Evaluator> {
  const { openAsked } = await import('../questions/asked-estate.ts')
  const { decisionFacts } = await import('../questions/decision-facts.ts')
  const opened = await openAsked(invocation)
  return createEvaluator(await opened.estate('all'), decisionFacts(opened, givenTime(invocation.flags)))
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    if (file !== '-') {
      if (isEndless(statSync(file), TERMINAL.test(realpathSync(file))))
        throw unreadable(file, 'it is a device')
      if (isNamedFifo(file)) throw unreadable(file, 'it is a FIFO')
      for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) yield chunk as Uint8Array
      return
    }
    // A closed stdin is an empty one.
    if (isEndless(fstatSync(0), isatty(0))) throw unreadable(file, 'it is a device')
    for await (const chunk of process.stdin) yield chunk as Uint8Array
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code
    if (error instanceof DiagnosticError || reason === undefined) throw error
    throw unreadable(file, reason)
  }
}

/** Whether it is a device that may go on for ever: one that is no terminal, and not the one that holds nothing. */
const isEndless = (stats: Stats, isTerminal: boolean): boolean =>
  (stats.isCharacterDevice() || stats.isBlockDevice()) &&
  !isTerminal &&
  stats.rdev !== statSync(devNull, { throwIfNoEntry: false })?.rdev

const TERMINAL = /^\/dev\/(?:tty\w*|pts\/\d+|console)$/

const unreadable = (file: string, reason: string): DiagnosticError =>
  new DiagnosticError(
    errorOf({
      code: 'cli.unreadable-file',
      message: `can't read \`${file}\` (${reason})`,
      help: 'name a file of JSON lines, or `-` for standard input',
    }),
  )

import { errorOf, hasErrors } from '../../diagnostics/index.ts'
import { REPORT_KINDS } from '../../kinds/report.ts'
import { diagnosticsText } from '../../report/diagnostics-report.ts'
import type { Rendering } from '../../report/formats/format.ts'
import { FORMATS, type FormatName } from '../../report/formats/formats.ts'
import { painter } from '../../report/layout/paint.ts'
import { type CommandOutcome, FailedWith, NO_TEXTS } from '../command.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts'
import { diagnosticsOf, stackOf } from './failure.ts'
import { type Ending, lastLine } from './last-line.ts'
import type { Streams } from './streams.ts'
import { errOptions, outOptions } from './text-options.ts'

/**
 * Prints what a command came to: its result on stdout, problems on stderr, or one document.
 * @param layout `line` where stdout has a document a line
 */
export async function present(
  outcome: CommandOutcome,
  streams: Streams,
  format: FormatName,
  layout: Rendering['layout'] = 'whole',
  wholeAt: string | null = null,
): Promise<ExitCode> {
  const { result, diagnostics, texts } = outcome
  const { kind, load } = FORMATS[format]
  const rendered = (await load()).render(result, {
    diagnostics,
    ...(outcome.shown === undefined ? {} : { shown: outcome.shown }),
    kinds: REPORT_KINDS,
    texts,
    options: outOptions(streams),
    layout,
    wholeAt,
  })
  if (kind === 'document') {
    streams.out(`${rendered}\n`)
    return ended(outcome, streams)
  }
  const unsaid = diagnostics.filter((diagnostic) => outcome.shown?.has(diagnostic) !== true)
  if (unsaid.length > 0) {
    // The last line counts the errors.
    const count = outcome.exitCode === EXIT.ok ? {} : ({ count: 'elsewhere' } as const)
    const text = diagnosticsText(unsaid, texts, { ...errOptions(streams), ...count })
    streams.err(`${text}\n${outcome.exitCode !== EXIT.ok && rendered === null ? '\n' : ''}`)
  }
  if (rendered !== null) streams.out(`${rendered}\n`)
  return ended(outcome, streams)
}

/**
 * Says last of all, in one line, why the exit code isn't 0.
 * @returns the exit code, which is an error's when the result could not be written
 */
export async function ended(ending: Ending, streams: Streams): Promise<ExitCode> {
  const failure = await streams.outWritten()
  const whole = failure === null ? ending : withUnwritten(ending, failure, streams)
  const line = lastLine(whole)
  if (line !== null) streams.err(`${painter(streams.errColor)('bold', line)}\n`)
  return whole.exitCode
}

/** Half a result must not look like a whole one. */
function withUnwritten(ending: Ending, failure: string, streams: Streams): Ending {
  const unwritten = errorOf({
    code: 'cli.write-error',
    message: `write error: ${failure}`,
    help: 'what stands on standard output is not all of it: mend that, and run this again',
  })
  streams.err(
    `${diagnosticsText([unwritten], ending.texts, { ...errOptions(streams), count: 'elsewhere' })}\n`,
  )
  return {
    ...ending,
    exitCode: exitCodeOf([ending.exitCode, EXIT.error]),
    diagnostics: [...ending.diagnostics, unwritten],
  }
}

/** Beside a result that is written by who calls. */
export function diagnosticsOnly(diagnostics: CommandOutcome['diagnostics'], streams: Streams): void {
  if (diagnostics.length > 0) streams.err(`${diagnosticsText(diagnostics, NO_TEXTS, errOptions(streams))}\n`)
}

/** What an error that ended a command comes to: its diagnostics, and never a stack trace, unless asked for. */
export function failedOutcome(error: unknown, empty: object, streams: Streams): CommandOutcome {
  const cause = error instanceof FailedWith ? error.cause : error
  const stack = stackOf(cause)
  if (stack !== null) streams.err(`${stack}\n`)
  return {
    exitCode: EXIT.error,
    result: { type: 'failed', empty },
    diagnostics: diagnosticsOf(cause),
    texts: error instanceof FailedWith ? error.texts : NO_TEXTS,
  }
}

/** The exit code of a command whose only result is its diagnostics. */
export const codeOfDiagnostics = (diagnostics: CommandOutcome['diagnostics']): ExitCode =>
  hasErrors(diagnostics) ? EXIT.error : EXIT.ok

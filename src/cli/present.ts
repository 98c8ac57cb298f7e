import { hasErrors } from '../diagnostics/index.ts'
import { diagnosticsText, jsonDocument } from '../report/diagnostics-report.ts'
import { FailedWith, NO_TEXTS, type Outcome } from './command.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { diagnosticsOf, stackOf } from './failure.ts'
import type { Streams } from './streams.ts'
import { errOptions } from './text-options.ts'

/** Prints what a command came to: its result on stdout, problems on stderr, or one JSON document. */
export function present(outcome: Outcome, streams: Streams, { json }: { readonly json: boolean }): ExitCode {
  const { diagnostics, texts } = outcome
  if (json) {
    streams.out(`${JSON.stringify(jsonDocument(outcome.body, diagnostics, texts), null, 2)}\n`)
    return outcome.exitCode
  }
  const unsaid = diagnostics.filter((diagnostic) => outcome.shown?.has(diagnostic) !== true)
  if (unsaid.length > 0) streams.err(`${diagnosticsText(unsaid, texts, errOptions(streams))}\n`)
  if (outcome.text !== null) streams.out(`${outcome.text}\n`)
  return outcome.exitCode
}

/** What an error that ended a command comes to: its diagnostics, and never a stack trace, unless asked for. */
export function failedOutcome(error: unknown, emptyBody: object, streams: Streams): Outcome {
  const cause = error instanceof FailedWith ? error.cause : error
  const stack = stackOf(cause)
  if (stack !== null) streams.err(`${stack}\n`)
  return {
    exitCode: EXIT.error,
    body: emptyBody,
    text: null,
    diagnostics: diagnosticsOf(cause),
    texts: error instanceof FailedWith ? error.texts : NO_TEXTS,
  }
}

/** The exit code of a command whose only result is its diagnostics. */
export const codeOfDiagnostics = (diagnostics: Outcome['diagnostics']): ExitCode =>
  hasErrors(diagnostics) ? EXIT.error : EXIT.ok

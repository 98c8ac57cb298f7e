import type { Diagnostic, SourceTexts } from '../../diagnostics/index.ts'
import { errorsReason } from '../../report/decisions/reasons.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'

/** What an ending says where nothing more is known of it. */
const IN_GENERAL: Readonly<Record<Exclude<ExitCode, 0>, string>> = {
  [EXIT.error]: 'it failed',
  [EXIT.changes]: 'there are changes',
  [EXIT.refused]: 'the guard refused',
  [EXIT.testFailed]: 'a check failed, or could not be decided',
  [EXIT.conflict]: 'something else got in between',
  [EXIT.interrupted]: 'stopped by SIGINT (Ctrl-C)',
  [EXIT.terminated]: 'stopped by SIGTERM',
}

/** How a run ended, and everything that its reason may be read from. */
export interface Ending {
  readonly exitCode: ExitCode
  /** Counts and places; absent: the errors say it. */
  readonly why?: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
  readonly texts: SourceTexts
  /** Diagnostics that `why` speaks of, or that the result has in words of its own. */
  readonly shown?: ReadonlySet<Diagnostic>
}

/**
 * The last line on stderr, of every command: why the exit code isn't 0.
 * @returns null: it is 0
 */
export function lastLine({ exitCode, why = [], diagnostics, texts, shown }: Ending): string | null {
  if (exitCode === EXIT.ok) return null
  const errors = diagnostics.filter((each) => each.severity === 'error' && shown?.has(each) !== true)
  const bySignal = exitCode === EXIT.interrupted || exitCode === EXIT.terminated
  const parts = [
    ...(bySignal ? [IN_GENERAL[exitCode]] : []),
    ...[errorsReason(errors, texts)].filter((text) => text !== null),
    ...why,
  ]
  return `exit ${exitCode}: ${parts.length === 0 ? IN_GENERAL[exitCode] : parts.join('; ')}`
}

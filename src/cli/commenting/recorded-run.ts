import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { type RecordedResult, recordedResult } from '../../review/recorded/recorded-result.ts'
import { recordedReview } from '../../review/recorded/recorded-review.ts'
import { type Flags, flagList, flagText, NO_TEXTS } from '../command.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts'
import { fileBytes, unreadReason } from '../opening/file-bytes.ts'
import type { ReviewedRun } from './reviewed-run.ts'

/** What makes a result. Where one is given, none is made. */
const MAKING = [
  ['against', '--against'],
  ['asOf', '--as-of'],
  ['newAccess', '--no-new-access'],
  ['newEscalation', '--no-new-escalation'],
  ['notGranted', '--not-granted'],
  ['on', '--on'],
] as const

const MOST_BYTES = 10_000_000

/**
 * What `--from` names: the JSON result of another run, which is not trusted.
 * @throws DiagnosticError `cli.conflicting-flags`, `review.unread-result`
 */
export function recordedRun(file: string, flags: Flags): ReviewedRun {
  const other =
    MAKING.find(([name]) => flagText(flags, name) !== null || flagList(flags, name).length > 0)?.[1] ??
    (flags.publicAccess === false ? '--no-public-access' : null) ??
    (flags.outsideAccess === false ? '--no-outside-access' : null)
  if (other !== null)
    throw new DiagnosticError(
      errorOf({
        code: 'cli.conflicting-flags',
        message: `\`--from\` names a result, and \`${other}\` is about making one`,
        help: 'leave one of them out',
      }),
    )
  const result = readResult(file)
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error')
  const why = errors.length === 0 ? [] : [`the result has ${errors.length === 1 ? 'an error' : 'errors'}`]
  return {
    review: recordedReview(result),
    results: [],
    exitCode: exitCodeOf(errors.map(({ code }) => exitCodeOfError(code))),
    why,
    diagnostics: [],
    texts: NO_TEXTS,
    shown: new Set(),
  }
}

/** How the run ended that printed it. */
const exitCodeOfError = (code: string): ExitCode =>
  code.startsWith('guard.') ? EXIT.refused : code.startsWith('test.') ? EXIT.testFailed : EXIT.error

function readResult(file: string): RecordedResult {
  const refuse = (why: string): DiagnosticError =>
    new DiagnosticError(
      errorOf({
        code: 'review.unread-result',
        message: `\`${file}\` is no result that a comment can be made of: ${why}`,
        help: 'write it with `iam-sync plan --json` or `iam-sync access diff --json`; it has ten million bytes at most',
      }),
    )
  let bytes: Uint8Array
  try {
    bytes = fileBytes(file, MOST_BYTES)
  } catch (error) {
    throw refuse(unreadReason(error))
  }
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw refuse('it is not JSON in UTF-8')
  }
  const result = recordedResult(json)
  if ('why' in result) throw refuse(result.why)
  return result
}

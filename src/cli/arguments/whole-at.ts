import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { type Flags, flagText } from '../command.ts'

/**
 * Where all of a result is, as `--link` says it: an artifact, or the job.
 * @throws DiagnosticError `cli.invalid-value`
 */
export function wholeAt(flags: Flags): string | null {
  const text = flagText(flags, 'link')
  if (text === null) return null
  const url = URL.canParse(text) ? new URL(text) : null
  const isWeb = url !== null && ['http:', 'https:'].includes(url.protocol)
  // What is written into a page must be what was given, and no name and password of somebody.
  if (isWeb && url.username === '' && url.password === '' && /^[!-~]+$/.test(text)) return url.href
  throw new DiagnosticError(
    errorOf({
      code: 'cli.invalid-value',
      message: `\`--link ${text}\` is no URL that a page can link to`,
      help: 'write `--link https://…`, without a name and password; what is not ASCII as `%XX`',
    }),
  )
}

import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { type FormatName, formatsOf, isFormat } from '../../report/formats/formats.ts'
import type { CommandSpec } from './command-spec.ts'
import { FORMAT, LINK } from './flag-specs.ts'

/**
 * The format that a command line asks for, before its flags are read. What is no format, or none that the command's results
 * have, is refused by the command, as text.
 * @param words those before `--`
 * @param spec null: the command isn't known
 */
export function formatIn(words: readonly string[], spec: CommandSpec | null): FormatName {
  if (words.includes('--json')) return 'json'
  const at = words.findLastIndex((word) => /^--format(?:=|$)/.test(word))
  const word = words[at] ?? ''
  const name = word.includes('=') ? word.slice(word.indexOf('=') + 1) : (words[at + 1] ?? '')
  if (at < 0 || !isFormat(name)) return 'text'
  return spec === null || formatsOf(spec.results).includes(name) ? name : 'text'
}

/** `--json` is short for one format: another one beside it is a contradiction. @throws DiagnosticError `cli.two-formats` */
export function refuseTwoFormats(flags: { readonly json?: unknown; readonly format?: unknown }): void {
  if (flags.json !== true || flags.format === undefined || flags.format === 'json') return
  throw new DiagnosticError(
    errorOf({
      code: 'cli.two-formats',
      message: `two formats are named: \`--json\` and \`--format ${String(flags.format)}\``,
      help: 'name one of them',
    }),
  )
}

/** A command whose `--format` takes those that its results have. */
export const withItsFormats = (spec: CommandSpec): CommandSpec => ({
  ...spec,
  flags: spec.flags.flatMap((flag) => {
    if (flag !== FORMAT) return [flag]
    const values = formatsOf(spec.results)
    return [{ ...flag, values }, ...(spec.results.length > 0 && values.includes('markdown') ? [LINK] : [])]
  }),
})

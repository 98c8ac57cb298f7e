import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { FORMATS, type FormatName } from '../../report/formats/formats.ts'

const isFormat = (name: string): name is FormatName => Object.hasOwn(FORMATS, name)

/**
 * The format that a command line asks for, before its command is known. What is no format is refused by the command.
 * @param words those before `--`
 */
export function formatIn(words: readonly string[]): FormatName {
  if (words.includes('--json')) return 'json'
  const at = words.findLastIndex((word) => /^--format(?:=|$)/.test(word))
  const word = words[at] ?? ''
  const name = word.includes('=') ? word.slice(word.indexOf('=') + 1) : (words[at + 1] ?? '')
  return at >= 0 && isFormat(name) ? name : 'text'
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

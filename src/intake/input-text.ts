import { TextDecoder } from 'node:util'
import { DiagnosticError, errorOf } from '../diagnostics/index.ts'

/**
 * The text of a file that others wrote: UTF-8 or UTF-16, with a byte order mark or without one.
 * @throws DiagnosticError `intake.encoding`, `intake.empty`
 */
export function inputText(file: string, bytes: Uint8Array): string {
  let text: string
  try {
    // A decoder takes the mark away.
    text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes)
  } catch {
    throw new DiagnosticError(
      errorOf({
        code: 'intake.encoding',
        message: `\`${file}\` is neither UTF-8 nor UTF-16`,
        help: 'write it again as UTF-8: in PowerShell `… | Out-File -Encoding utf8 FILE`',
      }),
    )
  }
  if (text.trim() !== '') return text
  throw new DiagnosticError(
    errorOf({
      code: 'intake.empty',
      message: `\`${file}\` is empty`,
      help: 'did the command that wrote it fail? Its messages say why',
    }),
  )
}

/** JSON begins with an ASCII character, which tells how wide one is and which half comes first. @see RFC 4627, section 3 */
function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first !== undefined && first !== 0 && second === 0) return 'utf-16le'
  return first === 0 && second !== undefined && second !== 0 ? 'utf-16be' : 'utf-8'
}

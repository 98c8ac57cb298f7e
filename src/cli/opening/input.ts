import { DiagnosticError, errorOf, type SourceTexts } from '../../diagnostics/index.ts'
import type { InputName } from '../../intake/inputs.ts'
import type { GivenAccount, Intake } from '../../intake/intake.ts'
import { hiddenLink } from '../../source/named-file.ts'
import { fileBytes, unreadReason } from './file-bytes.ts'

/** A plan of 20,000 resources has a third of it. */
const MOST_BYTES = 300 * 1024 * 1024

/**
 * Reads what others wrote.
 * @param texts takes the texts of its documents
 * @throws DiagnosticError `cli.input-file` when the file can't be read; `intake.…` when it is no such input
 */
export async function openInput(
  { kind, file, side }: InputName,
  account: GivenAccount,
  texts: SourceTexts,
): Promise<Intake> {
  const link = hiddenLink(file)
  if (link !== null) throw new DiagnosticError(link)
  const bytes = inputBytes(`${kind.word}:${file}`, file)
  const read = await kind.load()
  return read({ file, bytes, side, account, texts })
}

function inputBytes(word: string, file: string): Uint8Array {
  try {
    return fileBytes(file, MOST_BYTES)
  } catch (error) {
    throw new DiagnosticError(
      errorOf({
        code: 'cli.input-file',
        message: `\`${word}\` can't be read: ${unreadReason(error)}`,
        help: 'name a file; paths are relative to the current folder',
      }),
    )
  }
}

import { DiagnosticError, errorOf, type SourceTexts } from '../../diagnostics/index.ts'
import type { InputName } from '../../intake/inputs.ts'
import type { Intake } from '../../intake/intake.ts'
import { readCommittedFile } from '../../source/git/committed-file.ts'
import { hiddenLink } from '../../source/named-file.ts'
import type { GivenOfInput } from '../arguments/state-words.ts'
import { FailedWith } from '../command.ts'
import { fileBytes, unreadReason } from './file-bytes.ts'

/** A plan of 20,000 resources has a third of it. */
const MOST_BYTES = 300 * 1024 * 1024

/**
 * Reads what others wrote.
 * @param texts takes the texts of its documents
 * @throws DiagnosticError `cli.input-file` when the file can't be read; FailedWith an `intake.…` when it is no such input
 */
export async function openInput(
  { kind, file, side }: InputName,
  given: GivenOfInput,
  texts: SourceTexts,
): Promise<Intake> {
  const bytes = await bytesOf({ kind, file, side })
  const read = await kind.load()
  const { parametersFile, ...account } = given
  const parameters =
    parametersFile === null || !kind.hasParameters ? null : await parametersOf(parametersFile)
  try {
    return read({ file, bytes, side, account, texts, ...(parameters === null ? {} : { parameters }) })
  } catch (error) {
    throw new FailedWith(error, texts)
  }
}

async function bytesOf({ kind, file }: InputName): Promise<Uint8Array> {
  const committed = kind.isInCommits ? /^git:([^:]+):(.+)$/s.exec(file) : null
  if (committed !== null) return readCommittedFile('.', committed[1] ?? '', committed[2] ?? '')
  const link = hiddenLink(file)
  if (link !== null) throw new DiagnosticError(link)
  return inputBytes(`${kind.word}:${file}`, file)
}

async function parametersOf(file: string): Promise<ReadonlyMap<string, string>> {
  const link = hiddenLink(file)
  if (link !== null) throw new DiagnosticError(link)
  const { parametersIn } = await import('../../intake/cfn/parameters-file.ts')
  return parametersIn(file, inputBytes(`--parameters ${file}`, file))
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

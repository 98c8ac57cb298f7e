import { readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { DiagnosticError, errorOf, type SourceTexts } from '../../diagnostics/index.ts'
import type { InputName } from '../../intake/inputs.ts'
import type { Intake } from '../../intake/intake.ts'
import { type PolicyFile, withResourcePolicies } from '../../intake/resource-policies.ts'
import { hiddenLink } from '../../source/named-file.ts'
import type { InputOptions } from '../arguments/state-words.ts'
import { fileBytes, unreadReason } from './file-bytes.ts'

/** A plan of 20,000 resources has a third of it. */
const MOST_BYTES = 300 * 1024 * 1024
/** A resource policy has 20 KB at most; a file may hold those of an account. */
const MOST_POLICY_BYTES = 64 * 1024 * 1024

/**
 * Reads what others wrote.
 * @param texts takes the texts of its documents
 * @throws DiagnosticError `cli.input-file` when a file can't be read; `intake.…` when it is no such input
 */
export async function openInput(
  { kind, file, side }: InputName,
  { account, resourcePolicies }: InputOptions,
  texts: SourceTexts,
): Promise<Intake> {
  const link = hiddenLink(file)
  if (link !== null) throw new DiagnosticError(link)
  const bytes = readable(`${kind.word}:${file}`, () => fileBytes(file, MOST_BYTES))
  const read = await kind.load()
  const intake = read({ file, bytes, side, account, texts })
  return resourcePolicies === null
    ? intake
    : withResourcePolicies(intake, policiesIn(resourcePolicies), texts)
}

/** The JSON files of a folder and those below it; what is a link isn't followed. */
function policiesIn(folder: string): readonly PolicyFile[] {
  const naming = `--resource-policies ${folder}`
  const files = readable(naming, () => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  if (files.length === 0) throw unreadable(naming, 'there is no `.json` file in it')
  return files.map((file) => ({
    file,
    name: relative(folder, file).split(sep).join('/').slice(0, -'.json'.length),
    bytes: readable(file, () => fileBytes(file, MOST_POLICY_BYTES)),
  }))
}

function readable<T>(naming: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw unreadable(naming, unreadReason(error))
  }
}

const unreadable = (naming: string, why: string): DiagnosticError =>
  new DiagnosticError(
    errorOf({
      code: 'cli.input-file',
      message: `\`${naming}\` can't be read: ${why}`,
      help: 'name a file, or of policies a folder; paths are relative to the current folder',
    }),
  )

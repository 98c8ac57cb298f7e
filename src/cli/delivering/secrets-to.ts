import { relative, resolve } from 'node:path'
import { type Diagnostic, DiagnosticError, errorOf, infoOf } from '../../diagnostics/index.ts'
import type { Project } from '../../manifest/desired.ts'
import { type MadeSecret, madeText } from '../../model/index.ts'
import type { SecretSink } from '../../reconcile/secret-supply.ts'
import { type Delivered, folderSink } from './folder-sink.ts'
import { programSink } from './program-sink.ts'

const PROGRAM = 'exec:'

/**
 * Where secrets go: where `--secrets-to` says, or else to the folder that the project file declares.
 * @param text a folder, or `exec:` and a program with its arguments, parted by blanks: no shell reads it; null: the flag isn't given
 * @throws DiagnosticError `cli.secrets-to`
 */
export function secretsTo(text: string | null, delivered: Delivered): SecretsTo {
  if (text === null)
    return {
      sinkFor: (account, { folder, project: { secretsTo } }) =>
        secretsTo === null
          ? undefined
          : folderSink(relative(process.cwd(), resolve(folder, secretsTo)), account, delivered),
    }
  if (!text.startsWith(PROGRAM)) {
    return { sinkFor: (account) => folderSink(text, account, delivered) }
  }
  const [program, ...given] = text
    .slice(PROGRAM.length)
    .split(' ')
    .filter((part) => part !== '')
  if (program === undefined) throw new DiagnosticError(neither)
  return { sinkFor: (account) => programSink(program, given, account, delivered) }
}

/** Whose project file may say where they go. */
export interface DeclaredSink {
  readonly folder: string
  readonly project: Pick<Project, 'secretsTo'>
}

export interface SecretsTo {
  /** @param account the name of the account whose secrets they are */
  readonly sinkFor: (account: string, opened: DeclaredSink) => SecretSink | undefined
}

/** What is said of a secret that somebody has been given. */
export const handedOverNote = (made: MadeSecret, where: string): Diagnostic =>
  infoOf({ code: 'secret.handed-over', message: `${madeText(made)} is ${where}` })

const neither = errorOf({
  code: 'cli.secrets-to',
  message: '`--secrets-to` says nowhere',
  help: 'write a folder, or `exec:` and a program: `--secrets-to secrets`, `--secrets-to "exec:./to-vault --quiet"`',
})

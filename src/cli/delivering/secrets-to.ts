import { type Diagnostic, DiagnosticError, errorOf, infoOf } from '../../diagnostics/index.ts'
import { type MadeSecret, madeText } from '../../model/index.ts'
import type { SecretSink } from '../../reconcile/secret-supply.ts'
import { type Delivered, folderSink } from './folder-sink.ts'
import { programSink } from './program-sink.ts'

const PROGRAM = 'exec:'

/**
 * Where `--secrets-to` has secrets go.
 * @param text a folder, or `exec:` and a program with its arguments, parted by blanks: no shell reads it; null: nowhere
 * @throws DiagnosticError `cli.secrets-to`
 */
export function secretsTo(text: string | null, delivered: Delivered): SecretsTo {
  if (text === null) return { sinkFor: () => undefined }
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

export interface SecretsTo {
  /** @param account the name of the account whose secrets they are */
  readonly sinkFor: (account: string) => SecretSink | undefined
}

/** What is said of a secret that somebody has been given. */
export const handedOverNote = (made: MadeSecret, where: string): Diagnostic =>
  infoOf({ code: 'secret.handed-over', message: `${madeText(made)} is ${where}` })

const neither = errorOf({
  code: 'cli.secrets-to',
  message: '`--secrets-to` says nowhere',
  help: 'write a folder, or `exec:` and a program: `--secrets-to secrets`, `--secrets-to "exec:./to-vault --quiet"`',
})

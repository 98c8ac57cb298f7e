import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { DiagnosticError, type DiagnosticParts, errorOf } from '../../diagnostics/index.ts'
import { type MadeSecret, madeText, type Secret } from '../../model/index.ts'
import type { SecretSink } from '../../reconcile/secret-supply.ts'
import type { Delivered } from './folder-sink.ts'

/** How long a program may take with one secret. */
const LONGEST_MILLISECONDS = 60_000

/**
 * A program that is started for each secret: it reads the secret from its stdin, and from its environment what it is. Its arguments
 * never hold one. What it prints is not shown: it could be the secret.
 */
export const programSink = (
  program: string,
  given: readonly string[],
  account: string,
  delivered: Delivered,
): SecretSink => ({
  objection: async () => ((await isThere(program)) ? null : failed(program, 'there is no such program')),
  take: async (made, value) => {
    const why = await run(program, given, environmentOf(made, account), value)
    if (why !== null)
      throw new DiagnosticError(errorOf(failed(program, `${why}; ${madeText(made)} was not taken`)))
    delivered(made, `given to \`${program}\``)
    return { withdraw: async () => false }
  },
})

/** What the program is told besides. */
const environmentOf = ({ what, of, name = '', id = '', recipients }: MadeSecret, account: string) => ({
  IAM_SYNC_SECRET_KIND: what.replaceAll(' ', '-'),
  IAM_SYNC_SECRET_NAME: name,
  IAM_SYNC_SECRET_ID: id,
  IAM_SYNC_SECRET_OF: of,
  IAM_SYNC_SECRET_ACCOUNT: account,
  IAM_SYNC_SECRET_RECIPIENTS: recipients.join(' '),
})

/** @returns why it has not taken the secret; null: it has */
const run = (
  program: string,
  given: readonly string[],
  told: Readonly<Record<string, string>>,
  value: Secret,
): Promise<string | null> =>
  new Promise((resolve) => {
    const [started, ...passed] = withoutCore(program, given)
    const child = spawn(started, passed, {
      env: { ...process.env, ...told },
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: LONGEST_MILLISECONDS,
      killSignal: 'SIGKILL',
    })
    let isCut = false
    child.on('error', (error) => resolve('code' in error ? String(error.code) : 'it could not be started'))
    child.on('close', (code, signal) => {
      if (code !== 0)
        resolve(code === null ? `it was ended by ${signal ?? 'a signal'}` : `it ended with ${code}`)
      else resolve(isCut ? 'it did not read it to the end' : null)
    })
    // A program that has closed its stdin.
    child.stdin.on('error', () => {
      isCut = true
    })
    child.stdin.end(value.reveal())
  })

/**
 * A program that breaks down with the secret in its memory leaves no picture of that on a disk: it can't, and can't allow itself to.
 * Nothing of what it is given is read by the shell.
 */
const withoutCore = (program: string, given: readonly string[]): readonly [string, ...string[]] =>
  process.platform === 'win32'
    ? [program, ...given]
    : ['/bin/sh', '-c', 'ulimit -c 0 && exec "$0" "$@"', program, ...given]

async function isThere(program: string): Promise<boolean> {
  const places = program.includes('/')
    ? [program]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program))
  for (const place of places)
    if (
      await access(place, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return true
  return false
}

const failed = (program: string, why: string): DiagnosticParts & { readonly help: string } => ({
  code: 'secret.program-failed',
  message: `\`${program}\` takes no secret: ${why}`,
  help: 'it is started without a shell, with the secret on its stdin, and has taken it once it ends with 0',
})

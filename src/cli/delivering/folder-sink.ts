import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { type MadeSecret, madeText, type Secret } from '../../model/index.ts'
import type { SecretSink } from '../../reconcile/secret-supply.ts'
import { encrypted } from './encrypted.ts'

/** Is told of each secret where it went: "written to `secrets/production.alice.password.…age`". */
export type Delivered = (made: MadeSecret, where: string) => void

/**
 * A folder with a file for each secret, encrypted for whom it is for. Its name says of which account, whose and when, so that of
 * several the newest counts; no file is ever written over.
 */
export const folderSink = (
  folder: string,
  account: string,
  delivered: Delivered,
  now: () => Date = () => new Date(),
): SecretSink => ({
  objection: async (made) => {
    if (made.recipients.length === 0)
      return {
        code: 'secret.no-recipients',
        message: `nobody could read ${madeText(made)}: \`recipients:\` of \`${made.of}\` names nobody`,
        help: 'declare public keys of age there, one of the user at least: `recipients: [age1…]`',
      }
    const found = await stat(folder).catch(() => null)
    if (found === null) return null
    if (!found.isDirectory()) return cannot(folder, 'it is no folder')
    const isWritable = await access(folder, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    )
    return isWritable ? null : cannot(folder, 'nobody lets you write there')
  },
  take: async (made, value) => {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = await written(folder, nameFor(made, account, now()), await sealed(made, value))
      delivered(made, `encrypted in \`${file}\``)
      return { withdraw: () => rm(file).then(yes, no) }
    } catch (error) {
      throw error instanceof DiagnosticError
        ? error
        : new DiagnosticError(errorOf(cannot(folder, codeOf(error))))
    }
  },
})

const yes = () => true
const no = () => false

async function sealed(made: MadeSecret, value: Secret): Promise<Uint8Array> {
  try {
    return await encrypted(value, made.recipients)
  } catch {
    // What it says may quote what it was given.
    throw new DiagnosticError(
      errorOf({
        code: 'secret.not-encrypted',
        message: `${madeText(made)} can't be encrypted for the \`recipients:\` of \`${made.of}\``,
        help: 'see whether each of them is what `age-keygen -y` prints of an identity',
      }),
    )
  }
}

/** `production.alice.password.2026-11-27T02-15-00Z`, `production.alice.access-key.ci.2026-…` */
const nameFor = ({ of, what, name }: MadeSecret, account: string, now: Date): string =>
  [
    account,
    of.slice(of.indexOf('/') + 1),
    what.replaceAll(' ', '-'),
    ...(name === undefined ? [] : [name]),
    now.toISOString().replace(/\..*$/, 'Z'),
  ]
    .join('.')
    .replaceAll(':', '-')
    .replaceAll('/', '-')

/** Beside it first, and on the disk, so that a file of that name is whole or not there. */
async function written(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const beside = join(folder, `.${name}.${randomBytes(6).toString('hex')}`)
  try {
    const handle = await open(beside, 'wx', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    return await named(beside, folder, name)
  } finally {
    await rm(beside, { force: true })
  }
}

const MOST_OF_A_NAME = 1000

/** A link is made only where there is nothing yet: neither a file nor a link is followed or replaced. */
async function named(beside: string, folder: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const file = join(folder, `${name}${number === 1 ? '' : `.${number}`}.age`)
    try {
      await link(beside, file)
      const handle = await open(folder, 'r')
      await handle.sync().finally(() => handle.close())
      return file
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || number === MOST_OF_A_NAME) throw error
    }
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'it failed'

const cannot = (folder: string, why: string) => ({
  code: 'secret.folder-unwritable',
  message: `no secret can be written to \`${folder}\`: ${why}`,
  help: 'give `--secrets-to` a folder that you may write to; it is made where there is none',
})

import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { SEALING_KEY_BYTES, type Sealer, sealerOf, sealerWhenNeeded } from '../../iam/sealing.ts'

interface MasterKeyParts {
  /** An absolute path; `:memory:`: a key for as long as the process lives. */
  readonly database: string
  readonly shownAs?: string
  /** In hexadecimal, from the environment; null: the file beside the database has it. */
  readonly masterKey: string | null
}

/** Of the environment variable that has the master key. */
export const MASTER_KEY_VARIABLE = 'IAM_SYNC_MASTER_KEY'

/**
 * Seals by an account's master key. It is read, or made, when there is something to seal: an account in which nothing is has none.
 * What it throws then are DiagnosticErrors: `serve.master-key`.
 */
export const localSealer = (parts: MasterKeyParts): Sealer =>
  sealerWhenNeeded(() => sealerOf(masterKeyOf(parts), randomBytes))

/** The same for reading: null where there is no master key, and none is made. */
export const localSealerIfAny = (parts: MasterKeyParts): Sealer | null =>
  parts.masterKey === null && !existsSync(`${parts.database}.key`) ? null : localSealer(parts)

function masterKeyOf({ database, shownAs = database, masterKey }: MasterKeyParts): Uint8Array {
  if (masterKey !== null) return keyIn(masterKey, `the environment variable ${MASTER_KEY_VARIABLE}`)
  if (database === ':memory:') return randomBytes(SEALING_KEY_BYTES)
  const file = `${database}.key`
  const called = `the file \`${shownAs}.key\``
  try {
    if (!existsSync(file)) makeKey(file)
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
      throw problem(`${called} can be read by others`, 'take their rights away: `chmod 600`')
    return keyIn(readFileSync(file, 'utf8'), called)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (error instanceof DiagnosticError || code === undefined) throw error
    throw problem(
      `${called} can't be read or made: ${code}`,
      'make it readable, and its folder writable, for you',
    )
  }
}

/** Of two that make one at once, one is first, and both take that. */
function makeKey(file: string): void {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, `${randomBytes(SEALING_KEY_BYTES).toString('hex')}\n`, { flag: 'wx', mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
}

function keyIn(text: string, called: string): Uint8Array {
  const hex = text.trim()
  if (!/^[0-9a-f]{64}$/i.test(hex))
    throw problem(
      `${called} holds no master key`,
      'a master key is 32 random bytes in hexadecimal, such as `openssl rand -hex 32` writes',
    )
  return Buffer.from(hex, 'hex')
}

const problem = (message: string, help: string) =>
  new DiagnosticError(errorOf({ code: 'serve.master-key', message, help }))

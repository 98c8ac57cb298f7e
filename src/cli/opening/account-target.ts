import { randomBytes } from 'node:crypto'
import { type Pauses, patientReader } from '../../reconcile/retries.ts'
import { kindOf, type TargetedAccount, type TargetPlace } from '../../target/kinds.ts'
import { MASTER_KEY_VARIABLE } from '../../target/local/master-key.ts'
import type { ReadableTarget, WritableTarget } from '../../target/ports.ts'
import { sleep } from './pauses.ts'

/**
 * Opens an account's target so that nothing can be written. What it is asked is asked again while that can help.
 * @throws DiagnosticError `store.…`, `aws.…`
 */
export async function openTargetForReading(
  account: TargetedAccount,
  place: TargetPlace,
): Promise<ReadableTarget> {
  const target = await kindOf(account.target).openReadable(account, place, { environment: awsEnvironment() })
  return { ...target, iam: patientReader(target.iam, UNTIL_IT_ENDS) }
}

/** Of reads nothing is left half done: who interrupts a command ends it. */
const UNTIL_IT_ENDS: Pauses = {
  sleep,
  random: () => Math.random(),
  signal: new AbortController().signal,
}

/** Opens an account's target for an apply; a local one is created if it isn't there. @throws DiagnosticError `store.…`, `aws.…` */
export const openTargetForWriting = (account: TargetedAccount, place: TargetPlace): Promise<WritableTarget> =>
  kindOf(account.target).openWritable(account, place, { ...world(), environment: awsEnvironment() })

/** The clock, chance and environment of this process. */
export const world = () => ({
  clock: () => Date.now(),
  randomBytes,
  masterKey: process.env[MASTER_KEY_VARIABLE] ?? null,
})

/** Read when they are needed, and kept nowhere. */
const awsEnvironment = () => ({
  AWS_ACCESS_KEY_ID: process.env.AWS_ACCESS_KEY_ID ?? null,
  AWS_SECRET_ACCESS_KEY: process.env.AWS_SECRET_ACCESS_KEY ?? null,
  AWS_SESSION_TOKEN: process.env.AWS_SESSION_TOKEN ?? null,
})

/** Opens, uses and closes, whatever happens in between. What fails is explained by the target, if it can. */
export async function using<T extends Pick<ReadableTarget, 'explain' | 'close'>, R>(
  opening: Promise<T>,
  use: (opened: T) => Promise<R>,
): Promise<R> {
  const opened = await opening
  try {
    return await use(opened)
  } catch (error) {
    throw opened.explain(error)
  } finally {
    await opened.close()
  }
}

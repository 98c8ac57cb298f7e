import { randomBytes } from 'node:crypto'
import { kindOf, type TargetedAccount, type TargetPlace } from '../../target/kinds.ts'
import type { ReadableTarget, WritableTarget } from '../../target/ports.ts'

/** Opens an account's target so that nothing can be written. @throws DiagnosticError `store.…` */
export const openTargetForReading = (account: TargetedAccount, place: TargetPlace): Promise<ReadableTarget> =>
  kindOf(account.target).openReadable(account, place)

/** Opens an account's target for an apply; a local one is created if it isn't there. @throws DiagnosticError `store.…` */
export const openTargetForWriting = (account: TargetedAccount, place: TargetPlace): Promise<WritableTarget> =>
  kindOf(account.target).openWritable(account, place, { clock: () => Date.now(), randomBytes })

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

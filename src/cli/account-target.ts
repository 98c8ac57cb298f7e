import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import type { ManagedPolicyFacts } from '../catalog/managed-policies.ts'
import type { Project, ProjectAccount } from '../manifest/desired.ts'
import { prepareStateFolder } from '../source/state-folder.ts'
import { openReadable, openWritable } from '../target/local/open-local-target.ts'
import type { ReadableTarget, WritableTarget } from '../target/ports.ts'

interface TargetPlace {
  /** The IAM folder, absolute. */
  readonly folder: string
  readonly facts: ManagedPolicyFacts
  /** A trust policy may name principals of its other accounts. */
  readonly project: Pick<Project, 'accounts'>
}

/**
 * Opens an account's target so that nothing can be written.
 * @throws DiagnosticError `store.…`
 */
export const openTargetForReading = (
  account: Pick<ProjectAccount, 'account' | 'target'>,
  place: TargetPlace,
): Promise<ReadableTarget> => openReadable(parts(account, place))

/**
 * Opens an account's target for an apply; a local one is created if it isn't there.
 * @throws DiagnosticError `store.…`
 */
export const openTargetForWriting = (
  account: Pick<ProjectAccount, 'account' | 'target'>,
  place: TargetPlace,
): Promise<WritableTarget> => {
  prepareStateFolder(place.folder, account.target.database)
  return openWritable({
    ...parts(account, place),
    clock: () => Date.now(),
    randomBytes: (count) => randomBytes(count),
  })
}

const parts = (
  { account, target }: Pick<ProjectAccount, 'account' | 'target'>,
  { folder, facts, project }: TargetPlace,
) => ({
  database: resolve(folder, target.database),
  shownAs: target.database,
  account,
  facts,
  quotas: target.quotas,
  others: project.accounts
    .filter((other) => other.account.id !== account.id)
    .map((other) => ({
      account: other.account,
      database: resolve(folder, other.target.database),
      shownAs: other.target.database,
    })),
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

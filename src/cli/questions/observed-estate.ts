import type { AccountState, Estate } from '../../model/index.ts'
import type { OpenedProject, ValidAccount } from '../opening/project.ts'

/**
 * What is applied.
 * @param needed the ids of accounts to observe; the others stay unknown
 * @throws DiagnosticError when a target can't be read
 */
export async function observedEstate(
  opened: OpenedProject,
  needed: ReadonlySet<string> | 'all',
): Promise<Estate> {
  const { project } = opened
  const accounts: AccountState[] = []
  const uniqueIds = new Map<string, string>()
  for (const each of project.accounts)
    if (each.desired !== null && (needed === 'all' || needed.has(each.account.id)))
      accounts.push(await observed({ ...each, desired: each.desired }, opened, uniqueIds))
  return {
    accounts,
    organization: project.organization,
    resources: project.resources,
    uniqueIds,
    inventories: new Set(accounts.map(({ account }) => account.id)),
  }
}

/** @param uniqueIds gets those of the account's users and roles, by ARN */
async function observed(
  account: ValidAccount,
  opened: OpenedProject,
  uniqueIds: Map<string, string>,
): Promise<AccountState> {
  // A database driver is no business of a question about the YAML.
  const { openTargetForReading, using } = await import('../opening/account-target.ts')
  const { OBSERVE_KINDS } = await import('../../kinds/observe.ts')
  const { observe } = await import('../../reconcile/observe.ts')
  const { observeUniqueIds } = await import('../../reconcile/observe-unique-ids.ts')
  return using(openTargetForReading(account, opened), async ({ iam }) => {
    for (const [arn, id] of await observeUniqueIds(iam)) uniqueIds.set(arn, id)
    return observe(iam, account.account, OBSERVE_KINDS)
  })
}

import { loadManagedPolicies } from '../../catalog/managed-policies.ts'
import { DiagnosticError } from '../../diagnostics/index.ts'
import type { ProviderKeys } from '../../iam/sts/provider-keys.ts'
import type { Account } from '../../model/index.ts'
import { prepareStateFolder } from '../../source/state-folder.ts'
import { openServedAccount, type ServedAccount } from '../../target/local/open-served-account.ts'
import { FailedWith, type Invocation } from '../command.ts'
import { accountDatabase } from '../opening/account-database.ts'
import { world } from '../opening/account-target.ts'
import { declaredStatements } from './declared-statements.ts'

/** An account to serve, which may be emptied while it is. */
export interface OpenedAccount {
  readonly account: Account
  current(): ServedAccount
  /** Empties it, root key and master key excepted; null: it is kept. */
  readonly reset: (() => Promise<void>) | null
  close(): Promise<void>
}

/**
 * The account of a project, with the organization that the project declares.
 * @throws DiagnosticError; FailedWith when manifests have errors, so that which control policies bind isn't known
 */
export async function openOfProject(
  invocation: Invocation,
  providerKeys: ProviderKeys,
): Promise<OpenedAccount> {
  const { account, database, project, texts } = await accountDatabase(invocation, 'only')
  const errors = project.diagnostics.filter(
    (each) => each.severity === 'error' && !project.refusals.has(each),
  )
  if (errors.length > 0) throw new FailedWith(new DiagnosticError(errors), texts)
  prepareStateFolder(invocation.folder, account.target.database)
  const opened = await openServedAccount({
    ...world(),
    account: account.account,
    database: database.path,
    shownAs: database.shownAs,
    facts: await loadManagedPolicies(),
    quotas: account.target.quotas,
    providerKeys,
    organization: project.organization,
    findStatement: declaredStatements(invocation.folder, { project, account, texts }),
  })
  return {
    account: account.account,
    current: () => opened,
    reset: null,
    close: () => opened.close(),
  }
}

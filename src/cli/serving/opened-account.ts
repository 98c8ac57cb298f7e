import { randomBytes } from 'node:crypto'
import { loadManagedPolicies } from '../../catalog/managed-policies.ts'
import { DiagnosticError } from '../../diagnostics/index.ts'
import { SEALING_KEY_BYTES, sealerOf } from '../../iam/sealing.ts'
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

/** What examples of AWS's documentation have. */
const EPHEMERAL: Account = { id: '123456789012', partition: 'aws' }
/** What was asked of the account before has been answered by then. */
const CLOSED_AFTER = 30_000

/** An account in memory, with a root key. */
export async function openEphemeral(
  providerKeys: ProviderKeys,
  account: Account = EPHEMERAL,
): Promise<OpenedAccount> {
  const facts = await loadManagedPolicies()
  const sealer = sealerOf(randomBytes(SEALING_KEY_BYTES), randomBytes)
  const open = () =>
    openServedAccount({ ...world(), account, database: ':memory:', facts, sealer, providerKeys })
  let current = await open()
  const closing = new Set<NodeJS.Timeout>()
  return {
    account,
    current: () => current,
    reset: async () => {
      const [next, last] = [await open(), current]
      await next.keys.adoptRootKeys(last.keys)
      current = next
      const timer = setTimeout(() => {
        closing.delete(timer)
        void last.close()
      }, CLOSED_AFTER)
      closing.add(timer)
    },
    close: async () => {
      for (const timer of closing) clearTimeout(timer)
      await current.close()
    },
  }
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

import { loadManagedPolicies } from '../../catalog/managed-policies.ts'
import { DiagnosticError } from '../../diagnostics/index.ts'
import type { MemoryAuditRows } from '../../iam/audit/memory-rows.ts'
import type { AuditRows } from '../../iam/store-port.ts'
import type { ProviderKeys } from '../../iam/sts/provider-keys.ts'
import type { Account, Partition } from '../../model/index.ts'
import { prepareStateFolder } from '../../source/state-folder.ts'
import { openWritableAudit } from '../../store/sqlite/audit-log.ts'
import { openServedAccount, type ServedAccount } from '../../target/local/open-served-account.ts'
import { FailedWith, type Invocation } from '../command.ts'
import { accountDatabase } from '../opening/account-database.ts'
import { world } from '../opening/account-target.ts'
import { auditFileOf } from '../opening/audit-file.ts'
import { declaredStatements } from './declared-statements.ts'

/** An account to serve, which may be emptied while it is. */
export interface OpenedAccount {
  readonly account: Account
  current(): ServedAccount
  readonly audit: OpenedAudit
  /** Empties it, root key and master key excepted; null: it is kept. */
  readonly reset: (() => Promise<void>) | null
  /** The account of the same id in another partition, with the same root key; closed and emptied with this one. null: there is none. */
  readonly elsewhere: ((partition: Partition) => Promise<OpenedAccount>) | null
  close(): Promise<void>
}

/** Where the records of calls go. */
interface OpenedAudit {
  readonly rows: AuditRows
  /** The records themselves, oldest first; null: they are in a file, for `iam-sync audit`. */
  readonly inMemory: MemoryAuditRows | null
}

/** How it behaves besides. */
interface Manners {
  /** Whether root access is centralized in the organization. Absent: it isn't. */
  readonly rootSessions?: boolean
  /** For how long what is written isn't seen, in milliseconds. Absent: it is at once. */
  readonly propagationDelay?: number
}

/**
 * The account of a project, with the organization that the project declares.
 * @throws DiagnosticError; FailedWith when manifests have errors, so that which control policies bind isn't known
 */
export async function openOfProject(
  invocation: Invocation,
  providerKeys: ProviderKeys,
  { rootSessions = false, propagationDelay = 0 }: Manners = {},
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
    rootSessions,
    propagationDelay,
    findStatement: declaredStatements(invocation.folder, { project, account, texts }),
  })
  try {
    const rows = await openWritableAudit(auditFileOf(account.account, database))
    return {
      account: account.account,
      current: () => opened,
      audit: { rows, inMemory: null },
      reset: null,
      elsewhere: null,
      close: async () => {
        await rows.close()
        await opened.close()
      },
    }
  } catch (error) {
    await opened.close()
    throw error
  }
}

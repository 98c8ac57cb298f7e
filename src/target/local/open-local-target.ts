import { isQuotaName } from '../../catalog/quotas.ts'
import { DiagnosticError } from '../../diagnostics/index.ts'
import type { AwsManagedPolicies } from '../../iam/context.ts'
import { openIam, openIamReader } from '../../iam/embedded-iam.ts'
import { IAM_KINDS } from '../../kinds/iam.ts'
import { STORE_KINDS } from '../../kinds/store.ts'
import type { Account } from '../../model/index.ts'
import type { Quotas } from '../../model/quotas.ts'
import { openReadableSqlite, openWritableSqlite, type ReadableSqliteStore } from '../../store/sqlite/open.ts'
import type { ReadableTarget, WritableTarget } from '../ports.ts'
import { LocalJournal, LocalJournalReader } from './journal.ts'
import { localSealer } from './master-key.ts'
import { LocalPrincipalDirectory, type OtherDatabase } from './principal-directory.ts'

export interface LocalTargetParts {
  /** An absolute path. */
  readonly database: string
  /** How messages call it: the path as the project file has it. */
  readonly shownAs?: string
  readonly account: Account
  /** What is known of AWS's own managed policies. */
  readonly facts: AwsManagedPolicies
  /** What differs from AWS's default quotas, by the catalogue's names; unknown names are passed over. */
  readonly quotas?: Readonly<Partial<Record<string, number>>>
  /** Other accounts of the project, whose principals a trust policy may name. */
  readonly others?: readonly OtherDatabase[]
  /** How long a call waits for a transaction of another process; by default 5 s. */
  readonly busyMilliseconds?: number
}

/** What writing takes of the world. */
export interface WritableLocalTargetParts extends LocalTargetParts {
  /** In hexadecimal, as the environment has it; absent or null: the file beside the database has it. */
  readonly masterKey?: string | null
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  readonly randomBytes: (count: number) => Uint8Array
}

/**
 * Opens an account's database for reading; nothing is created or changed. A missing one is an empty account, and stays
 * one for this target: open it again to see what an apply has created since.
 * @throws DiagnosticError `store.*`
 */
export async function openReadable(parts: LocalTargetParts): Promise<ReadableTarget> {
  const { account, facts } = parts
  const store = await openReadableSqlite(storeParts(parts))
  const elsewhere = new LocalPrincipalDirectory(parts.others ?? [])
  return {
    iam: openIamReader({
      account,
      kinds: IAM_KINDS,
      awsPolicies: facts,
      quotas: localQuotas(parts),
      store: store.iam,
      elsewhere,
    }),
    journal: new LocalJournalReader(store.journal, parts),
    explain: (error) => explained(error, store),
    caller: async () => null,
    close: async () => {
      await elsewhere.close()
      await store.close()
    },
  }
}

/**
 * Opens an account's database for an apply, and creates or migrates it.
 * @throws DiagnosticError `store.*`
 */
export async function openWritable(parts: WritableLocalTargetParts): Promise<WritableTarget> {
  const { account, facts, clock, randomBytes } = parts
  const store = await openWritableSqlite(storeParts(parts))
  const journal = new LocalJournal(store.journal, parts)
  const elsewhere = new LocalPrincipalDirectory(parts.others ?? [])
  return {
    iam: openIam({
      account,
      kinds: IAM_KINDS,
      awsPolicies: facts,
      quotas: localQuotas(parts),
      store: store.iam,
      elsewhere,
      clock,
      randomBytes,
      sealer: localSealer({ ...parts, masterKey: parts.masterKey ?? null }),
    }),
    journal,
    explain: (error) => explained(error, store),
    caller: async () => null,
    close: async () => {
      await journal.close()
      await elsewhere.close()
      await store.close()
    },
  }
}

/** What somebody was told says itself what it means. What IAM refused may be what the database should not have held. */
const explained = (error: unknown, store: Pick<ReadableSqliteStore, 'damage'>): unknown =>
  error instanceof DiagnosticError ? error : (store.damage() ?? error)

export const storeParts = ({ database, shownAs, account, busyMilliseconds }: LocalTargetParts) => ({
  file: database,
  account,
  kinds: STORE_KINDS,
  ...(shownAs === undefined ? {} : { shownAs }),
  ...(busyMilliseconds === undefined ? {} : { busyMilliseconds }),
})

export const localQuotas = ({ quotas = {} }: LocalTargetParts): Partial<Quotas> =>
  Object.fromEntries(
    Object.entries(quotas).filter(([name, value]) => isQuotaName(name) && value !== undefined),
  )

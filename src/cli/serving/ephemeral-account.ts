import { randomBytes } from 'node:crypto'
import { loadManagedPolicies } from '../../catalog/managed-policies.ts'
import { MemoryAuditRows } from '../../iam/audit/memory-rows.ts'
import { SEALING_KEY_BYTES, sealerOf } from '../../iam/sealing.ts'
import type { ProviderKeys } from '../../iam/sts/provider-keys.ts'
import type { Account, Organization, Partition } from '../../model/index.ts'
import { openServedAccount, type ServedAccount } from '../../target/local/open-served-account.ts'
import type { OpenedAccount } from './opened-account.ts'

interface EphemeralParts {
  readonly providerKeys: ProviderKeys
  /** Absent: the one that examples of AWS's documentation have. */
  readonly account?: Account
  /** Its control policies bind. Absent: none is known. */
  readonly organization?: Organization | null
  /** What differs from AWS's default quotas. */
  readonly quotas?: Readonly<Partial<Record<string, number>>>
  /** For how long what is written isn't seen, in milliseconds. Absent: it is at once. */
  readonly propagationDelay?: number
  /** Puts into an empty account what is to be there from the start, after each reset too. */
  readonly fill?: (empty: ServedAccount) => Promise<void>
}

const OF_EXAMPLES: Account = { id: '123456789012', partition: 'aws' }
/** What was asked of the account before has been answered by then. */
const CLOSED_AFTER = 30_000
/** Records of calls that are kept at least. */
const MOST_RECORDS = 10_000

/** An account in memory. Loads nothing that reads manifests: who serves one for a test waits for it. */
export async function openEphemeral(parts: EphemeralParts): Promise<OpenedAccount> {
  const main = await openOne(parts)
  const others = new Map<Partition, Promise<OpenedAccount>>()
  const all = async () => [main, ...(await Promise.all(others.values()))]
  const openElsewhere = async (partition: Partition): Promise<OpenedAccount> => {
    const { fill: _, ...empty } = parts
    const other = await openOne({ ...empty, account: { ...main.account, partition } })
    await other.current().keys.adoptRootKeys(main.current().keys)
    return other
  }
  return {
    ...main,
    elsewhere: (partition) => {
      const known = others.get(partition)
      if (known !== undefined) return known
      const other = openElsewhere(partition)
      others.set(partition, other)
      // What failed is tried again, and nobody has to close it.
      other.catch(() => others.delete(partition))
      return other
    },
    reset: async () => {
      for (const { reset } of await all()) await reset?.()
    },
    close: async () => {
      for (const { close } of await all()) await close()
    },
  }
}

/** In one partition. */
async function openOne(parts: EphemeralParts): Promise<OpenedAccount> {
  const {
    account = OF_EXAMPLES,
    providerKeys,
    organization = null,
    quotas = {},
    propagationDelay = 0,
    fill,
  } = parts
  const facts = await loadManagedPolicies()
  const sealer = sealerOf(randomBytes(SEALING_KEY_BYTES), randomBytes)
  const open = async (): Promise<ServedAccount> => {
    const opened = await openServedAccount({
      account,
      database: ':memory:',
      facts,
      quotas,
      organization,
      propagationDelay,
      sealer,
      providerKeys,
      clock: () => Date.now(),
      randomBytes,
    })
    try {
      await fill?.(opened)
      return opened
    } catch (error) {
      await opened.close()
      throw error
    }
  }
  let current = await open()
  const rows = new MemoryAuditRows(MOST_RECORDS)
  const leaving = new Map<ServedAccount, NodeJS.Timeout>()
  const replace = async (): Promise<void> => {
    const [next, last] = [await open(), current]
    await next.keys.adoptRootKeys(last.keys)
    current = next
    rows.clear()
    const timer = setTimeout(() => {
      leaving.delete(last)
      void last.close()
    }, CLOSED_AFTER)
    leaving.set(last, timer.unref())
  }
  // One after the other: of two at once each would put another in the place of the same.
  let resets: Promise<void> = Promise.resolve()
  return {
    account,
    current: () => current,
    audit: { rows, inMemory: rows },
    elsewhere: null,
    reset: () => {
      resets = resets.catch(() => {}).then(replace)
      return resets
    },
    close: async () => {
      await resets.catch(() => {})
      for (const [last, timer] of leaving) {
        clearTimeout(timer)
        await last.close()
      }
      await current.close()
    },
  }
}

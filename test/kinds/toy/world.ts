import { openIam } from '../../../src/iam/embedded-iam.ts'
import { IAM_KINDS } from '../../../src/kinds/iam.ts'
import { STORE_KINDS } from '../../../src/kinds/store.ts'
import type { AccountState } from '../../../src/model/index.ts'
import type { ReadOperations, WriteOperations } from '../../../src/model/operations.ts'
import type { Quotas } from '../../../src/model/quotas.ts'
import { observe } from '../../../src/reconcile/observe.ts'
import { allParents } from '../../../src/reconcile/observe-children.ts'
import { openWritableSqlite } from '../../../src/store/sqlite/open.ts'
import { LocalJournal } from '../../../src/target/local/journal.ts'
import type { IamReader, IamWriter, JournalReader, JournalWriter } from '../../../src/target/ports.ts'
import { ACCOUNT } from '../../arbitraries/policy.ts'
import { fixedBytes } from '../../fixed-seed.ts'
import { FACTS } from '../../reconcile/world.ts'
import { tokenVersion as versionOfIam } from '../tokenVersion/iam.ts'
import type { TokenVersionReads, TokenVersionWrites, ToySettings } from '../tokenVersion/kind.ts'
import { tokenVersion as versionOfStore } from '../tokenVersion/store.ts'
import { type ToyReads, type ToyWrites, toy as toyOfIam } from './iam.ts'
import type { Toys } from './kind.ts'
import { TOY_OBSERVE_KINDS } from './kinds.ts'
import { toy as toyOfStore } from './store.ts'

/** A local target whose accounts may hold toys, and have a token version. */
export interface ToyWorld {
  readonly iam: IamReader & IamWriter
  readonly journal: JournalReader & JournalWriter
  observe(): Promise<AccountState>
  close(): Promise<void>
}

/** When it is, and what is drawn by chance. */
interface Surroundings {
  readonly clock: () => number
  readonly randomBytes: (count: number) => Uint8Array
  /** Beside which file the lock of a database in memory is. Absent: nothing takes it. */
  readonly lockedAt?: string
}

const ALWAYS_THE_SAME: Surroundings = { clock: () => Date.UTC(2026, 0, 1), randomBytes: fixedBytes }

/** @param database its path, or `:memory:` */
export async function openToyWorld(
  database: string,
  quotas: Partial<Quotas> = {},
  { clock, randomBytes, lockedAt = database }: Surroundings = ALWAYS_THE_SAME,
): Promise<ToyWorld> {
  const store = await openWritableSqlite<Toys, ToySettings>({
    file: database,
    account: ACCOUNT,
    kinds: { ...STORE_KINDS, toy: toyOfStore, tokenVersion: versionOfStore },
  })
  const iam = openIam<
    ReadOperations & ToyReads & TokenVersionReads,
    WriteOperations & ToyWrites & TokenVersionWrites,
    Toys,
    ToySettings
  >({
    account: ACCOUNT,
    kinds: { ...IAM_KINDS, toy: toyOfIam, tokenVersion: versionOfIam },
    store: store.iam,
    awsPolicies: FACTS,
    quotas,
    clock,
    randomBytes,
    passwordCost: 1,
  })
  const journal = new LocalJournal(store.journal, { database: lockedAt })
  return {
    iam,
    journal,
    observe: () => observe(iam, ACCOUNT, TOY_OBSERVE_KINDS, allParents),
    close: async () => {
      await journal.close()
      await store.close()
    },
  }
}

export async function withToyWorld(database: string, use: (world: ToyWorld) => Promise<void>): Promise<void> {
  const world = await openToyWorld(database)
  try {
    await use(world)
  } finally {
    await world.close()
  }
}

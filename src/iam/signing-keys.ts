import { callingUser } from '../kinds/user/kind.ts'
import type { Account } from '../model/index.ts'
import type { Caller } from './caller.ts'
import type { Sealer } from './sealing.ts'
import type { ReadRows, RootKeyRows, Rows, WritableStore } from './store-port.ts'
import { accessKeyId } from './unique-id.ts'

/** When a key was last used to sign, and for what. */
interface KeyUse {
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly service: string
  readonly region: string
}

/** The keys of users, as their kind keeps them. */
export interface UserKeys {
  /** @returns null: no user has it */
  find(
    rows: ReadRows,
    id: string,
    account: Account,
  ): Promise<{
    readonly user: { readonly id: string; readonly name: string; readonly arn: string }
    /** Sealed, about the id; null: it was made where nobody signs. */
    readonly secret: string | null
    readonly isActive: boolean
  } | null>
  noteUse(rows: Rows, id: string, use: KeyUse): Promise<void>
}

/** Of 30 random bytes, as AWS's: 40 characters of base 64. */
const SECRET_BYTES = 30
/** AWS, too, tells of uses with some delay: a key that signs all the time is noted once in so many milliseconds. */
const NOTED_EVERY = 60_000

interface SigningKeyParts {
  readonly account: Account
  readonly store: WritableStore
  readonly userKeys: UserKeys
  readonly rootKeys: RootKeyRows
  readonly sealer: Sealer
}

/** What a request that is signed with a long-term key is verified by. */
interface SigningKey {
  readonly secret: string
  readonly isActive: boolean
  readonly caller: Caller
}

/** The long-term keys of an account: those of its users, and of its root user. */
export class SigningKeys {
  readonly #parts: SigningKeyParts
  readonly #noted = new Map<string, number>()

  constructor(parts: SigningKeyParts) {
    this.#parts = parts
  }

  /** @returns null: nobody has it, or its secret was never kept, or not under this master key */
  async find(id: string): Promise<SigningKey | null> {
    const { account, store, userKeys, rootKeys, sealer } = this.#parts
    const found = await store.read((rows) => userKeys.find(rows, id, account))
    if (found !== null) {
      const { user, isActive } = found
      const secret = found.secret === null ? null : sealer.open(found.secret, id)
      if (secret === null) return null
      const named = { arn: user.arn, id: user.id }
      const by = { accountId: account.id, accessKeyId: id, userName: user.name, named }
      return { secret, isActive, caller: callingUser(by) }
    }
    const root = (await rootKeys.all()).find((key) => key.id === id)
    const secret = root === undefined ? null : sealer.open(root.secret, id)
    return secret === null
      ? null
      : { secret, isActive: true, caller: { kind: 'root', accountId: account.id, accessKeyId: id } }
  }

  /** Notes that a user's key has signed; more often than a minute it isn't written down for the same service and region. */
  async noteUse(id: string, use: KeyUse): Promise<void> {
    const about = `${id} ${use.service} ${use.region}`
    const last = this.#noted.get(about)
    if (last !== undefined && use.time - last < NOTED_EVERY) return
    if (this.#noted.size > MOST_NOTED) this.#noted.clear()
    this.#noted.set(about, use.time)
    const { store, userKeys } = this.#parts
    await store.write((rows) => userKeys.noteUse(rows, id, use))
  }

  /** Takes on the root keys of the same account elsewhere. */
  async adoptRootKeys(other: SigningKeys): Promise<void> {
    const { rootKeys, sealer } = this.#parts
    for (const row of await other.#parts.rootKeys.all()) {
      const secret = other.#parts.sealer.open(row.secret, row.id)
      if (secret !== null) await rootKeys.replace({ ...row, secret: sealer.seal(secret, row.id) })
    }
  }

  async hasRootKey(): Promise<boolean> {
    return (await this.#parts.rootKeys.all()).length > 0
  }

  /** A new key of the root user, in place of the one before. What is returned can't be asked for again. */
  async makeRootKey(
    now: number,
    randomBytes: (count: number) => Uint8Array,
  ): Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string }> {
    const { account, rootKeys, sealer } = this.#parts
    const id = accessKeyId(account.id, randomBytes)
    const secret = Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')
    await rootKeys.replace({ id, secret: sealer.seal(secret, id), created: now })
    return { accessKeyId: id, secretAccessKey: secret }
  }
}

/** Of what is only a note of when something was last written. */
const MOST_NOTED = 100_000

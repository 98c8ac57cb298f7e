import type { ManagedPolicyFacts } from '../catalog/managed-policies.ts'
import type { StoredEntities, StoredSettings } from '../kinds/kind.ts'
import type { Account } from '../model/index.ts'
import type { Quotas } from '../model/quotas.ts'
import type { Sealer } from './sealing.ts'
import type { ReadRows, Rows } from './store-port.ts'

/** What the embedded IAM needs to know of the policies that AWS itself manages. */
export type AwsManagedPolicies = Pick<ManagedPolicyFacts, 'has' | 'document' | 'versionOf'>

/** Who is who in the accounts that can be asked besides this one: AWS itself knows all of them. */
export interface PrincipalDirectory {
  /** The unique id of another account's user or role; null: there is none of that name and path. */
  idOf(arn: string): Promise<string | null | 'unknown'>
  /** The ARN that the bearer of a unique id has by now; null: it is gone. */
  arnOf(account: string, id: string): Promise<string | null | 'unknown'>
}

/** What an operation that reads has at hand, for one call. */
export interface Reading<E = StoredEntities, S = StoredSettings> {
  readonly account: Account
  readonly awsPolicies: AwsManagedPolicies
  readonly quotas: Quotas
  readonly elsewhere: PrincipalDirectory
  readonly rows: ReadRows<E, S>
  /** Milliseconds since the epoch, whole seconds: AWS's times have no fractions. Of who reads without a clock it is 0. */
  readonly now: number
}

/** What an operation that writes has at hand, for one call: one transaction. */
export interface Writing<E = StoredEntities, S = StoredSettings> extends Reading<E, S> {
  readonly rows: Rows<E, S>
  /** @param prefix the first four characters, which say the kind */
  newId(prefix: string): string
  readonly randomBytes: (count: number) => Uint8Array
  /** Of scrypt, to the base of two. */
  readonly passwordCost: number
  /** Seals the secrets by which signatures are verified; null: nobody signs here, and none is kept. */
  readonly sealer: Sealer | null
  /** The user who calls, by name; null: it is no user. */
  readonly caller: string | null
}

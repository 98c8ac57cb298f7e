import type { ManagedPolicyFacts } from '../catalog/managed-policies.ts'
import type { Quotas } from '../catalog/quotas.ts'
import type { Account } from '../model/index.ts'
import type { ReadRows, Rows } from './store-port.ts'
import type { IdPrefix } from './unique-id.ts'

/** What the embedded IAM needs to know of the policies that AWS itself manages. */
export type AwsManagedPolicies = Pick<ManagedPolicyFacts, 'has' | 'document' | 'versionOf'>

/** What an operation that reads has at hand, for one call. */
export interface Reading {
  readonly account: Account
  readonly awsPolicies: AwsManagedPolicies
  readonly quotas: Quotas
  readonly rows: ReadRows
}

/** What an operation that writes has at hand, for one call: one transaction. */
export interface Writing extends Reading {
  readonly rows: Rows
  /** Milliseconds since the epoch, whole seconds: AWS's times have no fractions. */
  readonly now: number
  newId(prefix: IdPrefix): string
}

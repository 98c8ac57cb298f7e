import type { Account, PolicyDocument } from '../model/index.ts'
import type { Quotas } from './quotas.ts'
import type { ReadRows, Rows } from './store-port.ts'
import type { IdPrefix } from './unique-id.ts'

/** What the embedded IAM needs to know of the policies that AWS itself manages. */
export interface AwsManagedPolicies {
  has(arn: string): boolean
  document(arn: string): PolicyDocument | null
  /** Of the default version: `v3`. */
  versionOf(arn: string): string | null
}

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

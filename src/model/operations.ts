import type * as sdk from '#generated/iam-api'
import type { Kind, Kinds } from '../kinds/kind.ts'
import type { Nothing, Operation } from './operation.ts'

/*
 * The operations of the IAM API that this tool speaks, by AWS's names, with the public types of the AWS SDK: each stands with the
 * kind that it is about (`kinds/<kind>/kind.ts`). Policy documents in outputs are URL-encoded (RFC 3986), as AWS returns them.
 * A field that takes a secret (a password, a private key) is typed `Secret`: the target reveals it at the last moment. A plan's
 * steps have a `SecretSource` there (`model/step.ts`).
 */

/** Of no kind: what says at once what an account has. */
interface AccountReads {
  readonly GetAccountAuthorizationDetails: Operation<
    sdk.GetAccountAuthorizationDetailsRequest,
    sdk.GetAccountAuthorizationDetailsResponse
  >
  readonly GetAccountSummary: Operation<Nothing, sdk.GetAccountSummaryResponse>
}

/** All of several tables: who can be given any of them has them all. */
type AllOf<Table> = (Table extends unknown ? (table: Table) => void : never) extends (all: infer All) => void
  ? All
  : never

export type ReadOperations = AllOf<AccountReads | Kinds[Kind]['reads']>
export type WriteOperations = AllOf<Kinds[Kind]['writes']>

export type ReadOperation = keyof ReadOperations
export type WriteOperation = keyof WriteOperations

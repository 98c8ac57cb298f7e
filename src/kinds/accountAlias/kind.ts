import type * as sdk from '#generated/iam-api'
import type { DesiredSetting } from '../../model/entity.ts'
import type { SettingFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'

/** Stands in the project file, beside the account's id. */
export type DesiredAlias = DesiredSetting<string>

/** The operations of IAM that say what the account alias is. */
export interface AccountAliasReads {
  readonly ListAccountAliases: Operation<sdk.ListAccountAliasesRequest, sdk.ListAccountAliasesResponse>
}

/** Those that change it. */
export interface AccountAliasWrites {
  readonly CreateAccountAlias: Operation<sdk.CreateAccountAliasRequest>
  readonly DeleteAccountAlias: Operation<sdk.DeleteAccountAliasRequest>
}

export const ACCOUNT_ALIAS: SettingFacts = { family: 'setting', section: null, label: 'account alias' }

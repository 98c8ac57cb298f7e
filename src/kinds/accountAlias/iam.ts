import type * as sdk from '@aws-sdk/client-iam'
import type { Reading, Writing } from '../../iam/context.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { readText } from '../../iam/input.ts'
import { refused } from '../../iam/refusals.ts'

export const accountAlias = {
  reads: { ListAccountAliases: listAccountAliases },
  writes: { CreateAccountAlias: createAccountAlias, DeleteAccountAlias: deleteAccountAlias },
} satisfies IamKindOf<'accountAlias'>

/** An account has at most one alias, whatever the plural says. */
async function listAccountAliases({ rows }: Reading): Promise<sdk.ListAccountAliasesResponse> {
  const alias = await rows.setting('accountAlias')
  return { AccountAliases: alias === null ? [] : [alias], IsTruncated: false }
}

/** A new alias takes the place of the old one. @see IAM User Guide, "Creating, deleting, and listing an account alias" */
async function createAccountAlias({ rows }: Writing, input: sdk.CreateAccountAliasRequest): Promise<void> {
  await rows.putSetting('accountAlias', readAlias(input.AccountAlias))
}

async function deleteAccountAlias({ rows }: Writing, input: sdk.DeleteAccountAliasRequest): Promise<void> {
  const alias = readAlias(input.AccountAlias)
  if ((await rows.setting('accountAlias')) !== alias)
    throw refused('NoSuchEntity', `The account alias ${alias} cannot be found.`)
  await rows.putSetting('accountAlias', null)
}

/** Lowercase, digits, single hyphens inside; twelve digits would be an account id. */
const ALIAS = /^(?!\d{12}$)[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]$/

function readAlias(value: unknown): string {
  const alias = readText('accountAlias', value, { least: 3, most: 63 })
  if (!ALIAS.test(alias))
    throw refused(
      'ValidationError',
      'The specified value for accountAlias is invalid. It must contain only lowercase letters, digits and single hyphens, and neither begin nor end with a hyphen.',
    )
  return alias
}

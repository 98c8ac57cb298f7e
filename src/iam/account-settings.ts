import type * as sdk from '@aws-sdk/client-iam'
import { PASSWORD_POLICY_DEFAULTS, type PasswordPolicy } from '../model/index.ts'
import type { Reading, Writing } from './context.ts'
import { readBoolean, readInteger, readText } from './input.ts'
import { refused } from './refusals.ts'

export async function getAccountPasswordPolicy({
  account,
  rows,
}: Reading): Promise<sdk.GetAccountPasswordPolicyResponse> {
  const policy = await rows.setting('passwordPolicy')
  if (policy === null) throw noPasswordPolicy(account.id)
  return {
    PasswordPolicy: {
      MinimumPasswordLength: policy.minimumPasswordLength,
      RequireSymbols: policy.requireSymbols,
      RequireNumbers: policy.requireNumbers,
      RequireUppercaseCharacters: policy.requireUppercaseCharacters,
      RequireLowercaseCharacters: policy.requireLowercaseCharacters,
      AllowUsersToChangePassword: policy.allowUsersToChangePassword,
      ExpirePasswords: policy.maxPasswordAge !== null,
      ...(policy.maxPasswordAge === null ? {} : { MaxPasswordAge: policy.maxPasswordAge }),
      ...(policy.passwordReusePrevention === null
        ? {}
        : { PasswordReusePrevention: policy.passwordReusePrevention }),
      HardExpiry: policy.hardExpiry,
    },
  }
}

/** What is left out takes the API's default, not its value so far. @see IAM API Reference, UpdateAccountPasswordPolicy */
export async function updateAccountPasswordPolicy(
  { rows }: Writing,
  input: sdk.UpdateAccountPasswordPolicyRequest,
): Promise<void> {
  const optional = (field: string, value: unknown, most: number): number | null =>
    value === undefined ? null : readInteger(field, value, { least: 1, most })
  const policy: PasswordPolicy = {
    minimumPasswordLength:
      input.MinimumPasswordLength === undefined
        ? PASSWORD_POLICY_DEFAULTS.minimumPasswordLength
        : readInteger('minimumPasswordLength', input.MinimumPasswordLength, { least: 6, most: 128 }),
    requireSymbols: readBoolean('requireSymbols', input.RequireSymbols),
    requireNumbers: readBoolean('requireNumbers', input.RequireNumbers),
    requireUppercaseCharacters: readBoolean('requireUppercaseCharacters', input.RequireUppercaseCharacters),
    requireLowercaseCharacters: readBoolean('requireLowercaseCharacters', input.RequireLowercaseCharacters),
    allowUsersToChangePassword: readBoolean('allowUsersToChangePassword', input.AllowUsersToChangePassword),
    maxPasswordAge: optional('maxPasswordAge', input.MaxPasswordAge, 1095),
    passwordReusePrevention: optional('passwordReusePrevention', input.PasswordReusePrevention, 24),
    hardExpiry: readBoolean('hardExpiry', input.HardExpiry),
  }
  await rows.putSetting('passwordPolicy', policy)
}

export async function deleteAccountPasswordPolicy({ account, rows }: Writing): Promise<void> {
  if ((await rows.setting('passwordPolicy')) === null) throw noPasswordPolicy(account.id)
  await rows.putSetting('passwordPolicy', null)
}

const noPasswordPolicy = (account: string) =>
  refused('NoSuchEntity', `The Password Policy with domain name ${account} cannot be found.`)

/** An account has at most one alias, whatever the plural says. */
export async function listAccountAliases({ rows }: Reading): Promise<sdk.ListAccountAliasesResponse> {
  const alias = await rows.setting('accountAlias')
  return { AccountAliases: alias === null ? [] : [alias], IsTruncated: false }
}

/** A new alias takes the place of the old one. @see IAM User Guide, "Creating, deleting, and listing an account alias" */
export async function createAccountAlias(
  { rows }: Writing,
  input: sdk.CreateAccountAliasRequest,
): Promise<void> {
  await rows.putSetting('accountAlias', readAlias(input.AccountAlias))
}

export async function deleteAccountAlias(
  { rows }: Writing,
  input: sdk.DeleteAccountAliasRequest,
): Promise<void> {
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

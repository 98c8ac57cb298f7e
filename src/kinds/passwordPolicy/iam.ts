import type * as sdk from '@aws-sdk/client-iam'
import type { Reading, Writing } from '../../iam/context.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { readBoolean, readInteger } from '../../iam/input.ts'
import { refused } from '../../iam/refusals.ts'
import { PASSWORD_POLICY_DEFAULTS, type PasswordPolicy } from './kind.ts'

export const passwordPolicy = {
  reads: { GetAccountPasswordPolicy: getAccountPasswordPolicy },
  writes: {
    UpdateAccountPasswordPolicy: updateAccountPasswordPolicy,
    DeleteAccountPasswordPolicy: deleteAccountPasswordPolicy,
  },
} satisfies IamKindOf<'passwordPolicy'>

/** That of the account; null: AWS's default one is in force. */
export const passwordPolicyIn = ({ rows }: Pick<Reading, 'rows'>): Promise<PasswordPolicy | null> =>
  rows.setting('passwordPolicy')

async function getAccountPasswordPolicy({
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
async function updateAccountPasswordPolicy(
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

async function deleteAccountPasswordPolicy({ account, rows }: Writing): Promise<void> {
  if ((await rows.setting('passwordPolicy')) === null) throw noPasswordPolicy(account.id)
  await rows.putSetting('passwordPolicy', null)
}

const noPasswordPolicy = (account: string) =>
  refused('NoSuchEntity', `The Password Policy with domain name ${account} cannot be found.`)

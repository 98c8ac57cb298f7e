import type * as sdk from '#generated/iam-api'
import type { LocatedMap } from '../../diagnostics/located.ts'
import type { DesiredSetting } from '../../model/entity.ts'
import type { SettingFacts } from '../../model/kind-facts.ts'
import type { Nothing, Operation } from '../../model/operation.ts'

/** The attributes of `UpdateAccountPasswordPolicy`, in camelCase; absent ones take the API's default. */
export interface PasswordPolicy {
  readonly minimumPasswordLength: number
  readonly requireSymbols: boolean
  readonly requireNumbers: boolean
  readonly requireUppercaseCharacters: boolean
  readonly requireLowercaseCharacters: boolean
  readonly allowUsersToChangePassword: boolean
  /** Days, or null: passwords don't expire. */
  readonly maxPasswordAge: number | null
  /** How many earlier passwords are refused, or null: none. */
  readonly passwordReusePrevention: number | null
  readonly hardExpiry: boolean
}

/** What the API takes for each attribute that a call leaves out. @see IAM API Reference, UpdateAccountPasswordPolicy */
export const PASSWORD_POLICY_DEFAULTS: PasswordPolicy = {
  minimumPasswordLength: 6,
  requireSymbols: false,
  requireNumbers: false,
  requireUppercaseCharacters: false,
  requireLowercaseCharacters: false,
  allowUsersToChangePassword: false,
  maxPasswordAge: null,
  passwordReusePrevention: null,
  hardExpiry: false,
}

/** Attributes that YAML leaves out take the API's defaults. */
export interface DesiredPasswordPolicy extends DesiredSetting<PasswordPolicy> {
  readonly node: LocatedMap | null
}

/** How many characters a password has to have, both before and after what is declared is in force. */
export const shortestPassword = (
  observed: { readonly passwordPolicy: PasswordPolicy | null },
  desired: { readonly passwordPolicy?: DesiredPasswordPolicy },
): number =>
  Math.max(
    observed.passwordPolicy?.minimumPasswordLength ?? 0,
    desired.passwordPolicy?.value?.minimumPasswordLength ?? 0,
  )

/** Whether all users may choose another password, where no policy says anything of it. */
export const allowsChanges = ({
  passwordPolicy,
}: {
  readonly passwordPolicy: PasswordPolicy | null
}): boolean => passwordPolicy?.allowUsersToChangePassword === true

/** The operations of IAM that say what the password policy is. */
export interface PasswordPolicyReads {
  readonly GetAccountPasswordPolicy: Operation<Nothing, sdk.GetAccountPasswordPolicyResponse>
}

/** Those that change it. */
export interface PasswordPolicyWrites {
  readonly UpdateAccountPasswordPolicy: Operation<sdk.UpdateAccountPasswordPolicyRequest>
  readonly DeleteAccountPasswordPolicy: Operation<Nothing>
}

export const PASSWORD_POLICY = {
  family: 'setting',
  section: 'passwordPolicy',
  label: 'password policy',
} as const satisfies SettingFacts

import { keysOf } from '../../model/keys-of.ts'
import { step } from '../../model/step.ts'
import type { SettingPlan } from '../../plan/setting-plan.ts'
import { valueDetail } from '../attributes/details.ts'
import { PASSWORD_POLICY_DEFAULTS, type PasswordPolicy, type PasswordPolicyWrites } from './kind.ts'

export const passwordPolicy: SettingPlan<PasswordPolicy> = {
  nameOf: (_, account) => account.id,
  details: (before, after) =>
    FIELDS.flatMap((field) =>
      valueDetail(`passwordPolicy.${field}`, before?.[field] ?? null, after?.[field] ?? null),
    ),
  put: (policy) => step('UpdateAccountPasswordPolicy', inputOf(policy)),
  delete: () => step('DeleteAccountPasswordPolicy', {}),
}

// The defaults have every field.
const FIELDS = keysOf(PASSWORD_POLICY_DEFAULTS)

/** An attribute that a call leaves out takes its default, so that all are given; "none" can only be said by leaving out. */
const inputOf = (policy: PasswordPolicy): PasswordPolicyWrites['UpdateAccountPasswordPolicy']['input'] => ({
  MinimumPasswordLength: policy.minimumPasswordLength,
  RequireSymbols: policy.requireSymbols,
  RequireNumbers: policy.requireNumbers,
  RequireUppercaseCharacters: policy.requireUppercaseCharacters,
  RequireLowercaseCharacters: policy.requireLowercaseCharacters,
  AllowUsersToChangePassword: policy.allowUsersToChangePassword,
  ...(policy.maxPasswordAge === null ? {} : { MaxPasswordAge: policy.maxPasswordAge }),
  ...(policy.passwordReusePrevention === null
    ? {}
    : { PasswordReusePrevention: policy.passwordReusePrevention }),
  HardExpiry: policy.hardExpiry,
})

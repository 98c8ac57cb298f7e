import { orWhenMissing } from '../../reconcile/api-values.ts'
import type { SettingObservation } from '../../reconcile/observe-kind.ts'
import { PASSWORD_POLICY_DEFAULTS, type PasswordPolicy, type PasswordPolicyReads } from './kind.ts'

export const passwordPolicy: SettingObservation<PasswordPolicy> = {
  read: async (reader) => {
    const answer = await orWhenMissing(null, reader.read('GetAccountPasswordPolicy', {}))
    return answer === null ? null : stateOf(answer.PasswordPolicy ?? {})
  },
}

type Detail = NonNullable<PasswordPolicyReads['GetAccountPasswordPolicy']['output']['PasswordPolicy']>

function stateOf(detail: Detail): PasswordPolicy {
  const defaults = PASSWORD_POLICY_DEFAULTS
  return {
    minimumPasswordLength: detail.MinimumPasswordLength ?? defaults.minimumPasswordLength,
    requireSymbols: detail.RequireSymbols ?? defaults.requireSymbols,
    requireNumbers: detail.RequireNumbers ?? defaults.requireNumbers,
    requireUppercaseCharacters: detail.RequireUppercaseCharacters ?? defaults.requireUppercaseCharacters,
    requireLowercaseCharacters: detail.RequireLowercaseCharacters ?? defaults.requireLowercaseCharacters,
    allowUsersToChangePassword: detail.AllowUsersToChangePassword ?? defaults.allowUsersToChangePassword,
    // AWS answers 0 for passwords that don't expire, and for an account without a history of them.
    maxPasswordAge: detail.MaxPasswordAge || null,
    passwordReusePrevention: detail.PasswordReusePrevention || null,
    hardExpiry: detail.HardExpiry ?? defaults.hardExpiry,
  }
}

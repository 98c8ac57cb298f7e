import { fieldsOf, type SettingStore } from '../../store/store-kind.ts'
import type { PasswordPolicy } from './kind.ts'

export const passwordPolicy: SettingStore<PasswordPolicy> = {
  family: 'setting',
  readValue(json) {
    const {
      minimumPasswordLength,
      requireSymbols,
      requireNumbers,
      requireUppercaseCharacters,
      requireLowercaseCharacters,
      allowUsersToChangePassword,
      maxPasswordAge,
      passwordReusePrevention,
      hardExpiry,
    } = fieldsOf(json) ?? {}
    return typeof minimumPasswordLength === 'number' &&
      typeof requireSymbols === 'boolean' &&
      typeof requireNumbers === 'boolean' &&
      typeof requireUppercaseCharacters === 'boolean' &&
      typeof requireLowercaseCharacters === 'boolean' &&
      typeof allowUsersToChangePassword === 'boolean' &&
      isCountOrNone(maxPasswordAge) &&
      isCountOrNone(passwordReusePrevention) &&
      typeof hardExpiry === 'boolean'
      ? {
          minimumPasswordLength,
          requireSymbols,
          requireNumbers,
          requireUppercaseCharacters,
          requireLowercaseCharacters,
          allowUsersToChangePassword,
          maxPasswordAge,
          passwordReusePrevention,
          hardExpiry,
        }
      : null
  },
}

/** A number of days or passwords, or none. */
const isCountOrNone = (found: unknown): found is number | null =>
  found === null || (typeof found === 'number' && Number.isSafeInteger(found))

import { fieldsOf, type SettingStore } from '../../store/store-kind.ts'
import { PASSWORD_POLICY_DEFAULTS, type PasswordPolicy } from './kind.ts'

/** Attributes that are a number of days or passwords, or none. */
const OPTIONAL: readonly string[] = ['maxPasswordAge', 'passwordReusePrevention']

export const passwordPolicy: SettingStore<PasswordPolicy> = {
  family: 'setting',
  readValue(json) {
    const fields = fieldsOf(json)
    if (fields === null) return null
    const isSound = Object.entries(PASSWORD_POLICY_DEFAULTS).every(([name, value]) => {
      const found = fields[name]
      return OPTIONAL.includes(name)
        ? found === null || Number.isSafeInteger(found)
        : typeof found === typeof value
    })
    // Each attribute has just been looked at.
    return isSound ? (fields as unknown as PasswordPolicy) : null
  },
}

import type { SettingObservation } from '../../reconcile/observe-kind.ts'

/** An account has at most one alias, whatever the plural says. @see IAM User Guide, "Account aliases" */
export const accountAlias: SettingObservation<string> = {
  read: async (reader) => {
    const { AccountAliases } = await reader.read('ListAccountAliases', {})
    return AccountAliases?.[0] ?? null
  },
}

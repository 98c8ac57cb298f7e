import type { DesiredSetting } from '../../model/entity.ts'
import type { SettingFacts } from '../../model/kind-facts.ts'

/** Stands in the project file, beside the account's id. */
export type DesiredAlias = DesiredSetting<string>

export const ACCOUNT_ALIAS: SettingFacts = { family: 'setting', section: null, label: 'account alias' }

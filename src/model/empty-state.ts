import { byKind, SETTING_KINDS } from '../kinds/kind.ts'
import type { Account, AccountState } from './account-state.ts'
import { tableOf } from './keys-of.ts'

/** An account that holds nothing. */
export const emptyState = (account: Account): AccountState => ({
  account,
  entities: byKind(() => new Map<string, never>()),
  children: {},
  settings: tableOf(SETTING_KINDS, () => null),
})

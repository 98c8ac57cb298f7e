import type { SettingStore } from '../../../src/store/store-kind.ts'
import type { TokenVersion } from './kind.ts'

export const tokenVersion: SettingStore<TokenVersion> = {
  family: 'setting',
  readValue: (json) => (json === 'v1' || json === 'v2' ? json : null),
}

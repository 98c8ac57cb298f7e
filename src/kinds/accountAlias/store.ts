import type { SettingStore } from '../../store/store-kind.ts'

export const accountAlias: SettingStore<string> = {
  family: 'setting',
  readValue: (json) => (typeof json === 'string' ? json : null),
}

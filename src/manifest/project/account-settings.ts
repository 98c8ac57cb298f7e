import { entryOf, type Located } from '../../diagnostics/index.ts'
import { keysOf } from '../../model/index.ts'
import type { DeclaredSettings } from '../entities/declared-entity.ts'
import type { SettingManifests } from '../manifest-kind.ts'

/** The keys of an account under which its settings stand. */
export const keysOfSettings = (settings: SettingManifests): readonly string[] =>
  Object.values(settings).flatMap(({ place }) => (place.in === 'account' ? [place.key] : []))

/** @param sound the account without the keys that have errors */
export function settingsOf(node: Located, sound: object, settings: SettingManifests): DeclaredSettings {
  const declared = keysOf(settings).flatMap((kind) => {
    const { place } = settings[kind]
    const entry = place.in === 'account' && Object.hasOwn(sound, place.key) ? entryOf(node, place.key) : null
    return entry === null ? [] : [[kind, entry] as const]
  })
  return new Map(declared)
}

import type { Diagnostic } from '../../diagnostics/index.ts'
import { keysOf } from '../../model/index.ts'
import type { DesiredState } from '../desired.ts'
import type { SettingManifests } from '../manifest-kind.ts'
import type { DeclaredSettings } from './declared-entity.ts'

/** @returns without those that have errors, which have been reported */
export function readSettings(
  kinds: SettingManifests,
  declared: DeclaredSettings,
  report: (diagnostics: readonly Diagnostic[]) => void,
): DesiredState['settings'] {
  const read = keysOf(kinds).map((kind) => {
    const entry = declared.get(kind)
    const desired = entry === undefined ? null : kinds[kind].read(entry, report)
    return desired === null ? {} : { [kind]: desired }
  })
  // Each kind reads its own setting, and there is one of each: together they are what is declared.
  return Object.assign({}, ...read)
}

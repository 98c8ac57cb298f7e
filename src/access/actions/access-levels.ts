import type { AccessLevel } from '../../catalog/actions.ts'
import type { AccessLevels } from '../access-entry.ts'
import type { ActionTable } from './action-table.ts'

/** How many actions there are of each level. */
export function levelsOf(actions: readonly string[], table: ActionTable): AccessLevels {
  const levels: Record<AccessLevel, number> = { permissions: 0, write: 0, tagging: 0, read: 0, list: 0 }
  // Of what the catalogue doesn't know no level is; what patterns may come to stand for may well write.
  for (const action of actions)
    if (table.isListed(action) || /[*?]/.test(action)) levels[table.levelOf(action)]++
  return levels
}

import { entryOf, type Located, spanOf } from '../../diagnostics/index.ts'
import type { Resolved } from './resolved.ts'

/**
 * What a mapping has under two keys: a scalar, or a list of scalars.
 * @param keys of the mapping, of the top level, of the second level; null: another form
 * @returns null: it has nothing there
 */
export function findInMap(mappings: Located | null, keys: readonly (string | null)[]): Resolved | null {
  let node: Located | null = mappings
  for (const key of keys) {
    if (key === null) return null
    node = entryOf(node, key)?.value ?? null
  }
  if (node === null || node.kind === 'map') return null
  if (node.kind === 'scalar') return node
  const items = node.items.flatMap((each) => (each.kind === 'scalar' ? [each] : []))
  return items.length === node.items.length ? { kind: 'list', items, ...spanOf(node) } : null
}

import { gitUnreadable } from './git-problems.ts'

export interface TreeEntry {
  /** The name, not the path. Bytes that aren't UTF-8 are U+FFFD. */
  readonly path: string
  readonly oid: string
  /** `commit`: a submodule. */
  readonly type: 'blob' | 'tree' | 'link' | 'commit'
}

/**
 * What a tree object lists. Read here, since isomorphic-git refuses a whole tree for a backslash in a name.
 * @see Git documentation, "gitformat-pack" and git's `tree-walk.c`: mode, space, name, zero, twenty bytes
 * @throws DiagnosticError `git.unreadable`
 */
export function treeEntries(bytes: Buffer): readonly TreeEntry[] {
  const entries: TreeEntry[] = []
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const end = bytes.indexOf(0, space)
    const next = end + 1 + OID_BYTES
    const mode = Number.parseInt(bytes.toString('latin1', at, Math.max(space, at)), 8)
    if (space === -1 || end === -1 || next > bytes.length || Number.isNaN(mode))
      throw gitUnreadable('a tree object is damaged')
    const path = bytes.toString('utf8', space + 1, end)
    if (path === '' || path.includes('/')) throw gitUnreadable('a tree object has a name that none can have')
    entries.push({ path, oid: bytes.toString('hex', end + 1, next), type: TYPES[mode >> 12] ?? 'blob' })
    at = next
  }
  return entries
}

const OID_BYTES = 20

/** By the upper bits of a mode; all others are files. */
const TYPES: Readonly<Record<number, TreeEntry['type']>> = { 4: 'tree', 10: 'link', 14: 'commit' }

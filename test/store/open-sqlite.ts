import type { StoredEntities, StoredSettings } from '../../src/kinds/kind.ts'
import { STORE_KINDS } from '../../src/kinds/store.ts'
import { type OpenParts, openReadableSqlite, openWritableSqlite } from '../../src/store/sqlite/open.ts'

type Parts = Omit<OpenParts<StoredEntities, StoredSettings>, 'kinds'>

/** Stores of the kinds that there are. */
export const openReadable = (parts: Parts) => openReadableSqlite({ ...parts, kinds: STORE_KINDS })
export const openWritable = (parts: Parts) => openWritableSqlite({ ...parts, kinds: STORE_KINDS })

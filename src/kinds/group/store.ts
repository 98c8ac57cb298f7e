import type { NoBody } from '../../model/no-body.ts'
import { type EntityStore, readNoBody } from '../../store/store-kind.ts'
import { GROUP } from './kind.ts'

export const group: EntityStore<NoBody> = {
  family: 'entity',
  longestName: GROUP.longestName,
  parent: null,
  links: { policy: { to: 'policy', most: 'many' } },
  documents: { inline: { names: 'policy' } },
  readBody: readNoBody,
}

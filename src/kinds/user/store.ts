import type { NoBody } from '../../model/no-body.ts'
import { type EntityStore, readNoBody } from '../../store/store-kind.ts'
import { USER } from './kind.ts'

export const user: EntityStore<NoBody> = {
  family: 'entity',
  longestName: USER.longestName,
  parent: null,
  links: {
    policy: { to: 'policy', most: 'many' },
    boundary: { to: 'policy', most: 'one' },
    group: { to: 'entity', kind: 'group' },
  },
  documents: { inline: { names: 'policy' } },
  readBody: readNoBody,
}

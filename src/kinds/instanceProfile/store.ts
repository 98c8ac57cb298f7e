import type { NoBody } from '../../model/no-body.ts'
import { type EntityStore, readNoBody } from '../../store/store-kind.ts'
import { ROLE_BY_NAME } from '../role/kind.ts'
import { INSTANCE_PROFILE } from './kind.ts'

export const instanceProfile: EntityStore<NoBody> = {
  family: 'entity',
  longestName: INSTANCE_PROFILE.longestName,
  parent: null,
  links: { instanceRole: { to: 'entity', kind: ROLE_BY_NAME.kind, most: 'one' } },
  documents: {},
  readBody: readNoBody,
}

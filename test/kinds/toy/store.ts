import { type EntityStore, fieldsOf } from '../../../src/store/store-kind.ts'
import { TOY, type ToyBody } from './kind.ts'

export const toy: EntityStore<ToyBody> = {
  family: 'entity',
  longestName: TOY.longestName,
  parent: null,
  links: { role: { to: 'entity', kind: 'role' } },
  documents: {},
  readBody(json) {
    const { colour } = fieldsOf(json) ?? {}
    return typeof colour === 'string' ? { colour } : null
  },
}

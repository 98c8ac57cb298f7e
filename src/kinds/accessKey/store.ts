import { type EntityStore, fieldsOf } from '../../store/store-kind.ts'
import { ACCESS_KEY, type AccessKeyBody } from './kind.ts'

export const accessKey: EntityStore<AccessKeyBody> = {
  family: 'entity',
  longestName: 128,
  parent: ACCESS_KEY.parent,
  links: {},
  documents: {},
  readBody(json) {
    const { status } = fieldsOf(json) ?? {}
    return status === 'Active' || status === 'Inactive' ? { status } : null
  },
}

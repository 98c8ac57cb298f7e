import { type EntityStore, fieldsOf } from '../../store/store-kind.ts'
import { type DeletionBody, SERVICE_LINKED_ROLE } from './kind.ts'

/** Deletions that were started, by the last part of their ids; the roles are roles. */
export const serviceLinkedRole: EntityStore<DeletionBody> = {
  family: 'entity',
  longestName: SERVICE_LINKED_ROLE.longestName,
  parent: null,
  links: {},
  documents: {},
  readBody(json) {
    const { role } = fieldsOf(json) ?? {}
    return typeof role === 'string' ? { role } : null
  },
}

import { type EntityStore, fieldsOf } from '../../store/store-kind.ts'
import { SERVICE_SPECIFIC_CREDENTIAL, type ServiceSpecificCredentialBody } from './kind.ts'

export const serviceSpecificCredential: EntityStore<ServiceSpecificCredentialBody> = {
  family: 'entity',
  longestName: 128,
  parent: SERVICE_SPECIFIC_CREDENTIAL.parent,
  links: {},
  documents: {},
  readBody(json) {
    const { service, userName, status, expires } = fieldsOf(json) ?? {}
    return typeof service === 'string' &&
      typeof userName === 'string' &&
      (status === 'Active' || status === 'Inactive') &&
      (expires === undefined || typeof expires === 'number')
      ? { service, userName, status, ...(expires === undefined ? {} : { expires }) }
      : null
  },
}

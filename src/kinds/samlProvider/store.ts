import { type EntityStore, fieldsOf, isMoment } from '../../store/store-kind.ts'
import { SAML_PROVIDER, type SamlProviderBody } from './kind.ts'

export const samlProvider: EntityStore<SamlProviderBody> = {
  family: 'entity',
  longestName: SAML_PROVIDER.longestName,
  parent: null,
  links: {},
  documents: {},
  readBody(json) {
    const { metadata, validUntil } = fieldsOf(json) ?? {}
    return typeof metadata === 'string' && isMoment(validUntil) ? { metadata, validUntil } : null
  },
}

import { type EntityStore, fieldsOf, isTexts } from '../../store/store-kind.ts'
import { OIDC_PROVIDER, type OidcProviderBody } from './kind.ts'

export const oidcProvider: EntityStore<OidcProviderBody> = {
  family: 'entity',
  longestName: OIDC_PROVIDER.longestName,
  names: 'printable',
  parent: null,
  links: {},
  documents: {},
  readBody(json) {
    const { clientIds, thumbprints } = fieldsOf(json) ?? {}
    return isTexts(clientIds) && isTexts(thumbprints) ? { clientIds, thumbprints } : null
  },
}

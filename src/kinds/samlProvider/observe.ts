import { given, namedInArn, observedTags, orWhenMissing } from '../../reconcile/api-values.ts'
import { mapAtOnce } from '../../reconcile/map-at-once.ts'
import type { EntityObservation } from '../../reconcile/observe-kind.ts'
import type { SamlProviderState } from './kind.ts'

/** Each is asked for by itself; many more at once than this, and AWS throttles. */
const QUESTIONS_AT_ONCE = 8

export const samlProvider: EntityObservation<SamlProviderState> = {
  filter: null,
  read: async ({ reader }) => {
    const { SAMLProviderList = [] } = await reader.read('ListSAMLProviders', {})
    const states = await mapAtOnce(
      SAMLProviderList,
      QUESTIONS_AT_ONCE,
      async ({ Arn }): Promise<SamlProviderState | null> => {
        const arn = given(Arn)
        const found = await orWhenMissing(null, reader.read('GetSAMLProvider', { SAMLProviderArn: arn }))
        if (found === null) return null
        return {
          kind: 'samlProvider',
          name: namedInArn(arn).name,
          path: '/',
          arn,
          metadata: given(found.SAMLMetadataDocument),
          tags: observedTags(found.Tags),
        }
      },
    )
    return states.filter((state) => state !== null)
  },
}

import { given, namedInArn, observedTags, orWhenMissing } from '../../reconcile/api-values.ts'
import { mapAtOnce } from '../../reconcile/map-at-once.ts'
import type { EntityObservation } from '../../reconcile/observe-kind.ts'
import type { OidcProviderState } from './kind.ts'

/** Each is asked for by itself; many more at once than this, and AWS throttles. */
const QUESTIONS_AT_ONCE = 8

export const oidcProvider: EntityObservation<OidcProviderState> = {
  filter: null,
  read: async ({ reader }) => {
    const { OpenIDConnectProviderList = [] } = await reader.read('ListOpenIDConnectProviders', {})
    const states = await mapAtOnce(
      OpenIDConnectProviderList,
      QUESTIONS_AT_ONCE,
      async ({ Arn }): Promise<OidcProviderState | null> => {
        const arn = given(Arn)
        const found = await orWhenMissing(
          null,
          reader.read('GetOpenIDConnectProvider', { OpenIDConnectProviderArn: arn }),
        )
        if (found === null) return null
        return {
          kind: 'oidcProvider',
          name: namedInArn(arn).name,
          path: '/',
          arn,
          clientIds: found.ClientIDList ?? [],
          thumbprints: (found.ThumbprintList ?? []).map((thumbprint) => thumbprint.toLowerCase()),
          tags: observedTags(found.Tags),
        }
      },
    )
    return states.filter((state) => state !== null)
  },
}

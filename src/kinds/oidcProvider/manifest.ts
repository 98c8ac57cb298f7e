import { z } from 'zod'
import { manifestOf } from '../../manifest/attribute-form.ts'
import { tagsForm } from '../../manifest/entities/forms.ts'
import { described } from '../../manifest/schema/attribute-schemas.ts'
import { ruled } from '../../manifest/schema/rules.ts'
import type { AttributesOf } from '../attributes/attribute.ts'
import { tags } from '../attributes/tags.ts'
import { texts } from '../attributes/texts.ts'
import { type DesiredOidcProvider, OIDC_PROVIDER, type OidcProviderState } from './kind.ts'

/** In the order in which they are read. */
export const OIDC_PROVIDER_ATTRIBUTES = {
  clientIds: texts('clientIds', {
    grant: (id) => `takes tokens for the client ${id}`,
    loss: (id) => `its client id \`${id}\``,
  }),
  thumbprints: texts('thumbprints', { loss: (thumbprint) => `its thumbprint \`${thumbprint}\`` }),
  tags,
} as const satisfies AttributesOf<OidcProviderState, DesiredOidcProvider>

export const OIDC_PROVIDER_MANIFEST = manifestOf<OidcProviderState, DesiredOidcProvider>({
  kind: 'oidcProvider',
  facts: OIDC_PROVIDER,
  told: 'An identity provider by OpenID Connect, named by its URL without `https://`.',
  hasGrants: true,
  attributes: OIDC_PROVIDER_ATTRIBUTES,
  forms: {
    clientIds: {
      schema: z
        .array(
          z.string(ruled('clientId')).min(1, ruled('clientId')).max(255, ruled('clientId')),
          ruled('clientIds'),
        )
        .nullable()
        .optional()
        .meta(described('Exactly these audiences of tokens. `[]` = none; absent = not managed here.')),
      read: (reading) => reading.texts('clientIds', 'clientIdsPerOidcProvider', 'client ids'),
    },
    thumbprints: {
      schema: z
        .array(
          z.string(ruled('thumbprint')).regex(/^[0-9A-Fa-f]{40}$/, ruled('thumbprint')),
          ruled('thumbprints'),
        )
        .nullable()
        .optional()
        .meta(described('Exactly these. Absent = not managed here: AWS finds one by itself, or needs none.')),
      read: (reading) =>
        reading.texts('thumbprints', 'thumbprintsPerOidcProvider', 'thumbprints', (text) =>
          text.toLowerCase(),
        ),
    },
    tags: tagsForm('tagsPerOidcProvider'),
  },
  elsewhere: [
    { keys: ['url', 'path'], help: 'its URL is the key above it, without `https://`: remove this one' },
    { keys: ['clientidlist', 'audiences', 'audience'], help: 'they are called `clientIds` here' },
    { keys: ['thumbprintlist'], help: 'they are called `thumbprints` here' },
  ],
})

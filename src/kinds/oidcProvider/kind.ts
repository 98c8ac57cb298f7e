import type * as sdk from '#generated/iam-api'
import { type DesiredPathless, identityOf, type PathlessState } from '../../model/entity.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'

/** An identity provider by OpenID Connect. Its name is its URL without `https://`. */
export interface OidcProviderState extends PathlessState {
  readonly kind: 'oidcProvider'
  /** Audiences that its tokens are taken for. */
  readonly clientIds: readonly string[]
  /** In lower case. */
  readonly thumbprints: readonly string[]
  readonly tags: ReadonlyMap<string, string>
}

export interface DesiredOidcProvider extends DesiredPathless {
  readonly kind: 'oidcProvider'
  readonly clientIds?: readonly string[]
  readonly thumbprints?: readonly string[]
  readonly tags?: ReadonlyMap<string, string>
}

/** What a store keeps of one beside its name and tags. */
export interface OidcProviderBody {
  readonly clientIds: readonly string[]
  readonly thumbprints: readonly string[]
}

/** The operations of IAM that say what one is. */
export interface OidcProviderReads {
  readonly GetOpenIDConnectProvider: Operation<
    sdk.GetOpenIDConnectProviderRequest,
    sdk.GetOpenIDConnectProviderResponse
  >
  readonly ListOpenIDConnectProviders: Operation<
    sdk.ListOpenIDConnectProvidersRequest,
    sdk.ListOpenIDConnectProvidersResponse
  >
  readonly ListOpenIDConnectProviderTags: Operation<
    sdk.ListOpenIDConnectProviderTagsRequest,
    sdk.ListOpenIDConnectProviderTagsResponse
  >
}

/** Those that change it. */
export interface OidcProviderWrites {
  readonly CreateOpenIDConnectProvider: Operation<
    sdk.CreateOpenIDConnectProviderRequest,
    sdk.CreateOpenIDConnectProviderResponse
  >
  readonly DeleteOpenIDConnectProvider: Operation<sdk.DeleteOpenIDConnectProviderRequest>
  readonly AddClientIDToOpenIDConnectProvider: Operation<sdk.AddClientIDToOpenIDConnectProviderRequest>
  readonly RemoveClientIDFromOpenIDConnectProvider: Operation<sdk.RemoveClientIDFromOpenIDConnectProviderRequest>
  readonly UpdateOpenIDConnectProviderThumbprint: Operation<sdk.UpdateOpenIDConnectProviderThumbprintRequest>
  readonly TagOpenIDConnectProvider: Operation<sdk.TagOpenIDConnectProviderRequest>
  readonly UntagOpenIDConnectProvider: Operation<sdk.UntagOpenIDConnectProviderRequest>
}

/** What stands before its name in its URL. */
export const OIDC_SCHEME = 'https://'

/** @see IAM API Reference, CreateOpenIDConnectProvider: Url has 255 characters; no port, no query */
export const OIDC_PROVIDER: EntityFacts = {
  family: 'entity',
  section: 'oidcProviders',
  label: 'OIDC provider',
  article: 'an',
  title: 'OpenIDConnectProvider',
  nameField: 'Url',
  longestName: 247,
  names: {
    pattern: /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?:\/[A-Za-z0-9._~!$&'()*+,;=:@%-]*)*$/,
    told: 'its URL without `https`, the host and what follows, no port, no query (`idp.example/realm`)',
  },
  isPathless: true,
  placeOf: (name) => ({ arnType: 'oidc-provider', path: '/', name }),
  arnType: 'oidc-provider',
  isIdentityProvider: true,
  idPrefix: 'OIDC',
  identity: null,
  after: [],
  quota: 'oidcProvidersPerAccount',
}

/** One as its declaration alone describes it: what isn't managed counts as nothing. */
export const oidcProviderAsDeclared = (provider: DesiredOidcProvider): OidcProviderState => ({
  kind: provider.kind,
  ...identityOf(provider),
  path: provider.path,
  clientIds: provider.clientIds ?? [],
  thumbprints: provider.thumbprints ?? [],
  tags: provider.tags ?? new Map(),
})

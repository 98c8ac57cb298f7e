import type * as sdk from '#generated/iam-api'
import { type DesiredPathless, identityOf, type PathlessState } from '../../model/entity.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'

/** An identity provider by SAML 2.0. */
export interface SamlProviderState extends PathlessState {
  readonly kind: 'samlProvider'
  /** Its document, as it was uploaded. */
  readonly metadata: string
  readonly tags: ReadonlyMap<string, string>
}

export interface DesiredSamlProvider extends DesiredPathless {
  readonly kind: 'samlProvider'
  readonly metadata: string
  readonly tags?: ReadonlyMap<string, string>
}

/** What a store keeps of one beside its name and tags. */
export interface SamlProviderBody {
  readonly metadata: string
  /** Milliseconds since the epoch. */
  readonly validUntil: number
}

/** The operations of IAM that say what one is. */
export interface SamlProviderReads {
  readonly GetSAMLProvider: Operation<sdk.GetSAMLProviderRequest, sdk.GetSAMLProviderResponse>
  readonly ListSAMLProviders: Operation<sdk.ListSAMLProvidersRequest, sdk.ListSAMLProvidersResponse>
  readonly ListSAMLProviderTags: Operation<sdk.ListSAMLProviderTagsRequest, sdk.ListSAMLProviderTagsResponse>
}

/** Those that change it. */
export interface SamlProviderWrites {
  readonly CreateSAMLProvider: Operation<sdk.CreateSAMLProviderRequest, sdk.CreateSAMLProviderResponse>
  readonly UpdateSAMLProvider: Operation<sdk.UpdateSAMLProviderRequest, sdk.UpdateSAMLProviderResponse>
  readonly DeleteSAMLProvider: Operation<sdk.DeleteSAMLProviderRequest>
  readonly TagSAMLProvider: Operation<sdk.TagSAMLProviderRequest>
  readonly UntagSAMLProvider: Operation<sdk.UntagSAMLProviderRequest>
}

/** @see IAM API Reference, CreateSAMLProvider: the pattern of Name */
export const SAML_PROVIDER: EntityFacts = {
  family: 'entity',
  section: 'samlProviders',
  label: 'SAML provider',
  article: 'a',
  title: 'SAMLProvider',
  nameField: 'Name',
  longestName: 128,
  names: { pattern: /^[\w.-]+$/, told: 'letters, digits and `._-`' },
  isPathless: true,
  placeOf: (name) => ({ arnType: 'saml-provider', path: '/', name }),
  arnType: 'saml-provider',
  isIdentityProvider: true,
  idPrefix: 'SAML',
  identity: null,
  after: [],
  quota: 'samlProvidersPerAccount',
}

/** One as its declaration alone describes it: what isn't managed counts as nothing. */
export const samlProviderAsDeclared = (provider: DesiredSamlProvider): SamlProviderState => ({
  kind: provider.kind,
  ...identityOf(provider),
  path: provider.path,
  metadata: provider.metadata,
  tags: provider.tags ?? new Map(),
})

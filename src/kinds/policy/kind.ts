import type * as sdk from '#generated/iam-api'
import { type DesiredEntity, type EntityState, identityOf } from '../../model/entity.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'
import type { PlacedDocument, StateDocument } from '../../model/policy-document.ts'

/** Customer managed policies only; AWS's own come from the catalogue. */
export interface PolicyState extends EntityState {
  readonly kind: 'policy'
  readonly description: string
  /** The default version's document. */
  readonly document: StateDocument
  /** Oldest first. At most five; the default one can't be deleted. */
  readonly versions: readonly { readonly id: string; readonly isDefault: boolean }[]
  readonly tags: ReadonlyMap<string, string>
}

export interface DesiredPolicy extends DesiredEntity {
  readonly kind: 'policy'
  readonly document: PlacedDocument
  /** Can't be changed once created: another description replaces the policy. */
  readonly description?: string | null
  readonly tags?: ReadonlyMap<string, string>
}

/** What a store keeps of a policy beside its name and path, its versions and tags. */
export interface PolicyBody {
  readonly description: string
  /** Milliseconds since the epoch. */
  readonly updated: number
  /** `3` is version `v3`. */
  readonly defaultVersion: number
  /** The highest number ever given; numbers are not used again. */
  readonly latestVersion: number
}

/** The operations of IAM that say what a policy is. */
export interface PolicyReads {
  readonly ListPolicies: Operation<sdk.ListPoliciesRequest, sdk.ListPoliciesResponse>
  readonly ListEntitiesForPolicy: Operation<
    sdk.ListEntitiesForPolicyRequest,
    sdk.ListEntitiesForPolicyResponse
  >
  /** GetAccountAuthorizationDetails leaves the tags of policies out. */
  readonly ListPolicyTags: Operation<sdk.ListPolicyTagsRequest, sdk.ListPolicyTagsResponse>
  readonly GetPolicy: Operation<sdk.GetPolicyRequest, sdk.GetPolicyResponse>
  readonly GetPolicyVersion: Operation<sdk.GetPolicyVersionRequest, sdk.GetPolicyVersionResponse>
  readonly ListPolicyVersions: Operation<sdk.ListPolicyVersionsRequest, sdk.ListPolicyVersionsResponse>
}

/** Those that change it. */
export interface PolicyWrites {
  readonly CreatePolicy: Operation<sdk.CreatePolicyRequest, sdk.CreatePolicyResponse>
  readonly DeletePolicy: Operation<sdk.DeletePolicyRequest>
  readonly CreatePolicyVersion: Operation<sdk.CreatePolicyVersionRequest, sdk.CreatePolicyVersionResponse>
  readonly DeletePolicyVersion: Operation<sdk.DeletePolicyVersionRequest>
  readonly SetDefaultPolicyVersion: Operation<sdk.SetDefaultPolicyVersionRequest>
  readonly TagPolicy: Operation<sdk.TagPolicyRequest>
  readonly UntagPolicy: Operation<sdk.UntagPolicyRequest>
}

/** As the YAML alone has it: what isn't managed counts as nothing. */
export const policyAsDeclared = (policy: DesiredPolicy): PolicyState => ({
  kind: policy.kind,
  ...identityOf(policy),
  description: policy.description ?? '',
  document: policy.document,
  versions: [{ id: 'v1', isDefault: true }],
  tags: policy.tags ?? new Map(),
})

export const POLICY: EntityFacts = {
  family: 'entity',
  section: 'policies',
  label: 'policy',
  article: 'a',
  title: 'Policy',
  nameField: 'PolicyName',
  longestName: 128,
  arnType: 'policy',
  idPrefix: 'ANPA',
  identity: null,
  after: [],
  quota: 'customerManagedPoliciesPerAccount',
}

import type * as sdk from '#generated/iam-api'
import { entryOf, type Located, type LocatedEntry, spanOf } from '../../diagnostics/located.ts'
import { type DesiredEntity, type EntityState, identityOf } from '../../model/entity.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'
import { ROLE_BY_NAME } from '../role/kind.ts'

export interface InstanceProfileState extends EntityState {
  readonly kind: 'instanceProfile'
  /** The name of the role that an instance gets which has the profile. */
  readonly role: string | null
  readonly tags: ReadonlyMap<string, string>
}

export interface DesiredInstanceProfile extends DesiredEntity {
  readonly kind: 'instanceProfile'
  /** null = none. */
  readonly role?: string | null
  readonly tags?: ReadonlyMap<string, string>
}

/** The operations of IAM that say what an instance profile is. */
export interface InstanceProfileReads {
  readonly GetInstanceProfile: Operation<sdk.GetInstanceProfileRequest, sdk.GetInstanceProfileResponse>
  readonly ListInstanceProfiles: Operation<sdk.ListInstanceProfilesRequest, sdk.ListInstanceProfilesResponse>
  readonly ListInstanceProfilesForRole: Operation<
    sdk.ListInstanceProfilesForRoleRequest,
    sdk.ListInstanceProfilesForRoleResponse
  >
  readonly ListInstanceProfileTags: Operation<
    sdk.ListInstanceProfileTagsRequest,
    sdk.ListInstanceProfileTagsResponse
  >
}

/** Those that change it. */
export interface InstanceProfileWrites {
  readonly CreateInstanceProfile: Operation<
    sdk.CreateInstanceProfileRequest,
    sdk.CreateInstanceProfileResponse
  >
  readonly DeleteInstanceProfile: Operation<sdk.DeleteInstanceProfileRequest>
  readonly AddRoleToInstanceProfile: Operation<sdk.AddRoleToInstanceProfileRequest>
  readonly RemoveRoleFromInstanceProfile: Operation<sdk.RemoveRoleFromInstanceProfileRequest>
  readonly TagInstanceProfile: Operation<sdk.TagInstanceProfileRequest>
  readonly UntagInstanceProfile: Operation<sdk.UntagInstanceProfileRequest>
}

/** As the YAML alone has it: what isn't managed counts as nothing. */
export const instanceProfileAsDeclared = (profile: DesiredInstanceProfile): InstanceProfileState => ({
  kind: profile.kind,
  ...identityOf(profile),
  role: profile.role ?? null,
  tags: profile.tags ?? new Map(),
})

export const INSTANCE_PROFILE: EntityFacts = {
  family: 'entity',
  section: 'instanceProfiles',
  label: 'instance profile',
  article: 'an',
  title: 'InstanceProfile',
  nameField: 'InstanceProfileName',
  longestName: 128,
  arnType: 'instance-profile',
  idPrefix: 'AIPA',
  identity: null,
  after: [ROLE_BY_NAME.kind],
  quota: 'instanceProfilesPerAccount',
}

/**
 * What `ec2: true` of a role stands for: an instance profile of the role's name and path, with the role in it.
 * @param key where that is said
 * @param node the role's own YAML
 */
export const profileBeside = (name: string, { keySpan, value }: LocatedEntry, node: Located) => {
  const path = entryOf(node, 'path')
  const role: LocatedEntry = {
    // The attribute is called as the kind is.
    key: ROLE_BY_NAME.kind,
    keySpan,
    value: { kind: 'scalar', value: name, quoted: true, ...spanOf(value) },
  }
  const profile: Located = {
    kind: 'map',
    entries: path === null ? [role] : [path, role],
    ...spanOf(value),
  }
  return { kind: 'instanceProfile', node: profile } as const
}

import type { DesiredEntity, EntityState } from '../../model/entity.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { PlacedDocument, StateDocument } from '../../model/policy-document.ts'

export interface UserState extends EntityState {
  readonly kind: 'user'
  /** Names of groups. */
  readonly groups: readonly string[]
  /** ARNs. */
  readonly managedPolicies: readonly string[]
  readonly inlinePolicies: ReadonlyMap<string, StateDocument>
  /** An ARN. */
  readonly permissionsBoundary: string | null
  readonly tags: ReadonlyMap<string, string>
}

export interface DesiredUser extends DesiredEntity {
  readonly kind: 'user'
  readonly groups?: readonly string[]
  /** ARNs in the author's order, without duplicates. */
  readonly managedPolicies?: readonly string[]
  readonly inlinePolicies?: ReadonlyMap<string, PlacedDocument>
  readonly permissionsBoundary?: string | null
  readonly tags?: ReadonlyMap<string, string>
}

export const USER: EntityFacts = {
  family: 'entity',
  section: 'users',
  label: 'user',
  article: 'a',
  title: 'User',
  nameField: 'UserName',
  longestName: 64,
  arnType: 'user',
  idPrefix: 'AIDA',
  quota: 'usersPerAccount',
}

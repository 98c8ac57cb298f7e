import type { DesiredEntity, EntityState } from '../../model/entity.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { PlacedDocument, StateDocument } from '../../model/policy-document.ts'

export interface GroupState extends EntityState {
  readonly kind: 'group'
  /** ARNs. */
  readonly managedPolicies: readonly string[]
  readonly inlinePolicies: ReadonlyMap<string, StateDocument>
}

export interface DesiredGroup extends DesiredEntity {
  readonly kind: 'group'
  /** ARNs in the author's order, without duplicates. */
  readonly managedPolicies?: readonly string[]
  readonly inlinePolicies?: ReadonlyMap<string, PlacedDocument>
}

export const GROUP: EntityFacts = {
  family: 'entity',
  section: 'groups',
  label: 'group',
  article: 'a',
  title: 'Group',
  nameField: 'GroupName',
  longestName: 128,
  arnType: 'group',
  idPrefix: 'AGPA',
  quota: 'groupsPerAccount',
}

import type { DesiredEntity, EntityState } from '../../model/entity.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { PlacedDocument, StateDocument } from '../../model/policy-document.ts'

export interface RoleState extends EntityState {
  readonly kind: 'role'
  readonly description: string
  /** Seconds, 3600 to 43200. */
  readonly maxSessionDuration: number
  readonly trustPolicy: StateDocument
  /** ARNs. */
  readonly managedPolicies: readonly string[]
  readonly inlinePolicies: ReadonlyMap<string, StateDocument>
  /** An ARN. */
  readonly permissionsBoundary: string | null
  readonly tags: ReadonlyMap<string, string>
}

export interface DesiredRole extends DesiredEntity {
  readonly kind: 'role'
  readonly trustPolicy: PlacedDocument
  /** null = none (the empty description). */
  readonly description?: string | null
  /** Seconds. */
  readonly maxSessionDuration?: number
  /** ARNs in the author's order, without duplicates. */
  readonly managedPolicies?: readonly string[]
  readonly inlinePolicies?: ReadonlyMap<string, PlacedDocument>
  readonly permissionsBoundary?: string | null
  readonly tags?: ReadonlyMap<string, string>
}

/** What a store keeps of a role beside its name and path, its links, documents and tags. */
export interface RoleBody {
  readonly description: string
  /** Seconds. */
  readonly maxSessionDuration: number
}

export const DEFAULT_MAX_SESSION_DURATION = 3600

export const ROLE: EntityFacts = {
  family: 'entity',
  section: 'roles',
  label: 'role',
  article: 'a',
  title: 'Role',
  nameField: 'RoleName',
  longestName: 64,
  arnType: 'role',
  idPrefix: 'AROA',
  quota: 'rolesPerAccount',
}

import type { StoredEntities } from '../../../src/kinds/kind.ts'
import type { DesiredEntity, EntityState } from '../../../src/model/entity.ts'
import type { EntityFacts } from '../../../src/model/kind-facts.ts'

/** A kind that the source knows nothing of: like IAM's instance profile. */
export interface Toys extends StoredEntities {
  readonly toy: ToyBody
}

export interface ToyBody {
  /** What the toy is called by those who play with it. */
  readonly colour: string
}

export const TOY: EntityFacts = {
  family: 'entity',
  section: 'toys',
  label: 'toy',
  article: 'a',
  title: 'Toy',
  nameField: 'ToyName',
  longestName: 128,
  arnType: 'toy',
  idPrefix: 'ATOY',
  identity: null,
  after: ['role'],
  quota: 'rolesPerAccount',
}

export interface ToyState extends EntityState {
  readonly kind: 'toy'
  /** Names; one at most. */
  readonly roles: readonly string[]
  readonly tags: ReadonlyMap<string, string>
}

export interface DesiredToy extends DesiredEntity {
  readonly kind: 'toy'
  readonly roles?: readonly string[]
  readonly tags?: ReadonlyMap<string, string>
}

import type { StoredEntities } from '../../../src/kinds/kind.ts'
import type { EntityFacts } from '../../../src/model/kind-facts.ts'

/** A kind that the source knows nothing of: IAM's instance profile, under another name. */
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
  title: 'InstanceProfile',
  nameField: 'InstanceProfileName',
  longestName: 128,
  arnType: 'instance-profile',
  idPrefix: 'AIPA',
  quota: 'rolesPerAccount',
}

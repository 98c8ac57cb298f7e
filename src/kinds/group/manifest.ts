import { z } from 'zod'
import * as schemas from '../../manifest/attribute-schemas.ts'
import type { ManifestKind } from '../../manifest/manifest-kind.ts'
import type { AttributesOf } from '../attributes/attribute.ts'
import { inlinePolicies, managedPolicies } from '../attributes/grants.ts'
import type { DesiredGroup, GroupState } from './kind.ts'

/** In the order in which they are read. */
export const GROUP_ATTRIBUTES = {
  managedPolicies,
  inlinePolicies,
} as const satisfies AttributesOf<GroupState, DesiredGroup>

const schema = z
  .strictObject({
    path: schemas.path.optional(),
    managedPolicies: schemas.managedPolicies,
    inlinePolicies: schemas.inlinePolicies,
  })
  .meta(schemas.described('An IAM group. Who is in it stands with the users.'))

export const GROUP_MANIFEST: ManifestKind<'group'> = {
  attributes: Object.values(GROUP_ATTRIBUTES),
  schema,
  read: (reading) => ({
    kind: 'group',
    ...reading.entity(),
    ...reading.managedPolicies('managedPoliciesPerGroup'),
    ...reading.inlinePolicies('groupInline', 'inlinePolicySizePerGroup'),
  }),
}

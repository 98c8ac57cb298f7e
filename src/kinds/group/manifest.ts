import type { AttributesOf } from '../attributes/attribute.ts'
import { inlinePolicies, managedPolicies } from '../attributes/grants.ts'
import type { DesiredGroup, GroupState } from './kind.ts'

/** In the order in which they are read. */
export const GROUP_ATTRIBUTES = {
  managedPolicies,
  inlinePolicies,
} as const satisfies AttributesOf<GroupState, DesiredGroup>

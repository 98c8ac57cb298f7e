import type { AttributesOf } from '../attributes/attribute.ts'
import { document } from '../attributes/document.ts'
import { inlinePolicies, managedPolicies, permissionsBoundary } from '../attributes/grants.ts'
import { scalar } from '../attributes/scalar.ts'
import { tags } from '../attributes/tags.ts'
import { DEFAULT_MAX_SESSION_DURATION, type DesiredRole, type RoleState } from './kind.ts'

/** In the order in which they are read. */
export const ROLE_ATTRIBUTES = {
  description: scalar<'description', string>('description', '', { loss: 'its description', isSilent: true }),
  maxSessionDuration: scalar<'maxSessionDuration', number>(
    'maxSessionDuration',
    DEFAULT_MAX_SESSION_DURATION,
    {
      loss: 'its session length',
    },
  ),
  trustPolicy: document('trustPolicy'),
  managedPolicies,
  permissionsBoundary,
  inlinePolicies,
  tags,
} as const satisfies AttributesOf<RoleState, DesiredRole>

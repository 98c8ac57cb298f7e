import type { AttributesOf } from '../attributes/attribute.ts'
import { document } from '../attributes/document.ts'
import { scalar } from '../attributes/scalar.ts'
import { tags } from '../attributes/tags.ts'
import type { DesiredPolicy, PolicyState } from './kind.ts'

/** In the order in which they are read. */
export const POLICY_ATTRIBUTES = {
  description: scalar<'description', string>('description', '', { loss: 'its description', isSilent: true }),
  document: document('document'),
  tags,
} as const satisfies AttributesOf<PolicyState, DesiredPolicy>

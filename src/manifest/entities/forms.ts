import type { QuotaName } from '../../model/quotas.ts'
import type { SizedUse } from '../../policy/size.ts'
import {
  inlinePoliciesSchema,
  managedPoliciesSchema,
  pathSchema,
  permissionsBoundarySchema,
  policyPathSchema,
  tagsSchema,
} from '../schema/attribute-schemas.ts'
import type { EntityReading } from './entity-reading.ts'

// How attributes are declared that several kinds have.

export const pathForm = placeForm(pathSchema)
export const policyPathForm = placeForm(policyPathSchema)

function placeForm(schema: typeof pathSchema) {
  return { schema: schema.optional(), read: (reading: EntityReading) => reading.place() }
}

export const managedPoliciesForm = (quota: QuotaName) => ({
  schema: managedPoliciesSchema,
  read: (reading: EntityReading) => reading.managedPolicies(quota),
})

export const inlinePoliciesForm = (use: SizedUse, quota: QuotaName) => ({
  schema: inlinePoliciesSchema,
  read: (reading: EntityReading) => reading.inlinePolicies(use, quota),
})

export const permissionsBoundaryForm = {
  schema: permissionsBoundarySchema,
  read: (reading: EntityReading) => reading.permissionsBoundary(),
}

export const tagsForm = (quota: QuotaName) => ({
  schema: tagsSchema,
  read: (reading: EntityReading) => reading.tags(quota),
})

import { documents } from './documents.ts'
import { references } from './references.ts'
import { scalar } from './scalar.ts'

// What users, groups and roles have in common.

export const managedPolicies = references('managedPolicies', {
  to: 'policy',
  by: 'arn',
  grant: (arn) => `holds ${arn}`,
  loss: (arn) => `the policy \`${arn}\``,
})

export const inlinePolicies = documents('inlinePolicies', {
  grant: (name) => `has the inline policy ${name}`,
  loss: (name) => `the inline policy \`${name}\``,
})

export const permissionsBoundary = scalar<'permissionsBoundary', string | null>('permissionsBoundary', null, {
  grant: (arn) => `is bounded by ${arn}`,
  loss: 'its boundary',
  to: { kind: 'policy', by: 'arn' },
  // It stands in while the boundary that was declared is made anew: see `parkBoundary`.
  standsIn: (arn) => /:iam::aws:policy\/AWSDenyAll$/.test(arn),
})

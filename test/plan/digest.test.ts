import { describe, expect, test } from 'vitest'
import { planOf } from './plan-of.ts'

const document = (action: string) =>
  `{ document: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "${action}", Resource: "*" }] } }`

/** Two accounts in which the same steps are planned for ann, and what she is given means something else. */
const planned = (before: string) => (action: string) =>
  planOf({
    before: before.replace('DOCUMENT', document(action)),
    declared: '',
    after: 'users: { ann: { managedPolicies: [PowerUserAccess] } }',
    rules: '',
  }).plan

describe('the digest follows, of a principal that the plan touches,', () => {
  test.each([
    ['its boundary', 'policies: { limit: DOCUMENT }\nusers: { ann: { permissionsBoundary: limit } }'],
    ['its policies', 'policies: { p: DOCUMENT }\nusers: { ann: { managedPolicies: [p] } }'],
    [
      'the policies of its groups',
      'policies: { p: DOCUMENT }\ngroups: { g: { managedPolicies: [p] } }\nusers: { ann: { groups: [g] } }',
    ],
  ])('%s', (_, before) => {
    const plan = planned(before)
    expect(plan('s3:Get*').steps).toEqual(plan('*').steps)
    expect(plan('s3:Get*').digest).not.toBe(plan('*').digest)
  })

  test('and nothing that others hold', () => {
    const plan = planned('policies: { p: DOCUMENT }\nusers: { ann: {}, bob: { permissionsBoundary: p } }')
    expect(plan('s3:Get*').digest).toBe(plan('*').digest)
  })
})

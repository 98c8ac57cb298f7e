// The same plan over two accounts that differ only in what a touched user's boundary says.
import { expect, test } from 'vitest'
import { planOf } from './plan-of.ts'

const DOC = (action: string) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "${action}", Resource: "*" }] }`
test('the digest follows what the boundary of a touched principal says', () => {
  const plan = (action: string) =>
    planOf({
      before: `policies: { limit: { document: ${DOC(action)} } }\nusers: { ann: { permissionsBoundary: limit } }`,
      declared: '',
      after: 'users: { ann: { managedPolicies: [PowerUserAccess] } }',
      rules: '',
    }).plan
  expect(plan('s3:Get*').steps).toEqual(plan('*').steps)
  expect(plan('s3:Get*').digest).not.toBe(plan('*').digest)
})

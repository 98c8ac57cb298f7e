import { describe, expect, test } from 'vitest'
import { jobFunctionTitles, policyOfJobFunction } from '../../src/catalog/job-functions.ts'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import { load, rendered } from './sample.ts'

const VIEW = 'arn:aws:iam::aws:policy/job-function/ViewOnlyAccess'
const policiesOf = (written: string) =>
  load({
    'a.yaml': `users: { ada: { managedPolicies: ["${written}"], permissionsBoundary: "${written}" } }`,
  }).desired?.entities.user.get('ada')

describe('a policy of AWS for a job function', () => {
  test('each title is one of a policy in the catalogue', async () => {
    const facts = await loadManagedPolicies()
    for (const title of jobFunctionTitles())
      expect(facts.arnOf(policyOfJobFunction(title) ?? '', 'aws'), title).not.toBeNull()
  })

  test.each(['View-Only User', 'view-only user', 'View-only user job function', 'ViewOnlyAccess'])(
    '`%s` names it',
    (written) => {
      expect(policiesOf(written)).toMatchObject({ managedPolicies: [VIEW], permissionsBoundary: VIEW })
    },
  )

  test('a title that is mistaken is answered with the one that was meant', () => {
    expect(rendered({ 'a.yaml': 'users: { ada: { managedPolicies: [View-Only Usr] } }' })).toContain(
      'did you mean `View-Only User`?',
    )
  })

  test('a policy of the project goes before a title', () => {
    const document =
      '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:Get*", Resource: "*" }] }'
    const { desired } = load({
      'a.yaml': `users: { ada: { managedPolicies: [Administrator] } }\npolicies: { Administrator: { document: ${document} } }`,
    })
    expect(desired?.entities.user.get('ada')?.managedPolicies).toEqual([
      'arn:aws:iam::111122223333:policy/Administrator',
    ])
  })
})

import { expect, test } from 'vitest'
import { checkPolicySize, POLICY_SIZE_QUOTAS, policySize, type SizedUse } from '../../src/policy/size.ts'

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } as const
/** A document of exactly that size. */
const documentOf = (size: number) => {
  const empty = { Version: '2012-10-17', Id: '', Statement: statement }
  return { ...empty, Id: 'x'.repeat(size - policySize(empty)) }
}

test('white space outside strings does not count, white space inside does', () => {
  const text = '{ "Version" : "2012-10-17",\n  "Id": "a b",\n  "Statement": [ ] }'
  expect(policySize(JSON.parse(text) as { Statement: [] })).toBe(
    '{"Version":"2012-10-17","Id":"a b","Statement":[]}'.length,
  )
})

test('characters count, not bytes', () => {
  const ascii = policySize({ Id: 'e', Statement: statement })
  expect(policySize({ Id: 'é', Statement: statement })).toBe(ascii)
})

for (const use of Object.keys(POLICY_SIZE_QUOTAS) as SizedUse[])
  test(`the quota of ${use} is the last size that fits`, () => {
    const quota = POLICY_SIZE_QUOTAS[use]
    expect(checkPolicySize(use, [documentOf(quota)], null)).toBeNull()
    const diagnostic = checkPolicySize(use, [documentOf(quota + 1)], null)
    expect(diagnostic?.code).toBe('policy.too-large')
    expect(diagnostic?.message).toContain(`${quota} characters without white space, not ${quota + 1}`)
  })

test('inline policies are bound together', () => {
  expect(checkPolicySize('userInline', [documentOf(1024), documentOf(1024)], null)).toBeNull()
  const span = { file: 'a.yaml', start: 3, end: 9 }
  expect(checkPolicySize('userInline', [documentOf(1024), documentOf(1025)], span)).toMatchObject({
    message: 'the inline policies of a user together may have 2048 characters without white space, not 2049',
    help: 'move statements to a managed policy',
    span,
  })
})

test('an adjusted quota takes the place of the default', () => {
  expect(checkPolicySize('trust', [documentOf(3000)], null, 4096)).toBeNull()
  expect(checkPolicySize('trust', [documentOf(3000)], null)).not.toBeNull()
})

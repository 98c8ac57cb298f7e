// What a claim gives of its requests, every request that it finds has.
import { describe, expect, test } from 'vitest'
import { accountOf, allow, document, HOME } from '../../evaluator/estate-world.ts'
import { analysisForTests, one, userArn } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()

const proved = (condition: object, context: Readonly<Record<string, string>>) => {
  const policy = document(allow('s3:GetObject', { Condition: condition }))
  const { holds, violations, unknown } = analysis().analyzer.notGranted(
    one(accountOf(HOME, { al: { policy } })),
    {
      actions: ['s3:GetObject'],
      resources: ['*'],
      context: new Map(Object.entries(context).map(([key, value]) => [key, [value]])),
    },
    [HOME],
  )
  expect(unknown).toEqual([])
  return { holds, witnesses: violations.map(({ principals, witness }) => [principals, witness.context]) }
}

const INSIDE = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }
const BY_ENDPOINT = { StringEquals: { 'aws:SourceVpce': 'vpce-1' } }

describe('nobody may read', () => {
  test('fails where the context that is given is one that a policy asks for', () => {
    expect(proved(INSIDE, { 'aws:SourceIp': '10.0.0.1' })).toEqual({
      holds: false,
      witnesses: [[[userArn('al')], new Map([['aws:SourceIp', ['10.0.0.1']]])]],
    })
  })

  test('holds where it is another one', () => {
    expect(proved(INSIDE, { 'aws:SourceIp': '11.0.0.1' }).holds).toBe(true)
  })

  test('what is found besides stands beside it', () => {
    const both = { ...INSIDE, Bool: { 'aws:SecureTransport': 'true' } }
    const { witnesses } = proved(both, { 'AWS:sourceip': '10.0.0.1' })
    expect(witnesses).toHaveLength(1)
    expect([...(witnesses[0]?.[1] ?? [])].sort()).toEqual([
      ['aws:SecureTransport', ['true']],
      ['aws:SourceIp', ['10.0.0.1']],
    ])
  })

  test.each([
    ['through an endpoint', BY_ENDPOINT, { 'aws:SourceIp': '10.0.0.1' }],
    ['from an address', INSIDE, { 'aws:SourceVpce': 'vpce-1' }],
  ] as const)('holds of who may read %s only, where the other is given', (_, condition, context) => {
    expect(proved(condition, context).holds).toBe(true)
  })
})

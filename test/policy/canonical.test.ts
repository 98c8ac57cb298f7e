import { describe, expect, test } from 'vitest'
import type { PolicyDocument, PolicyStatement } from '../../src/model/index.ts'
import {
  canonicalPolicy,
  canonicalStatement,
  sameDocument,
  statementsOf,
} from '../../src/policy/canonical.ts'
import {
  ACCOUNT,
  mutatedPair,
  mutationsOf,
  policyDocument,
  respell,
  respelledPair,
} from '../arbitraries/policy.ts'
import fc from '../fixed-seed.ts'

const canonical = (document: PolicyDocument) => canonicalPolicy(document, ACCOUNT)
const allow: PolicyStatement = {
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::acme-data/*',
}
const document = (statement: Record<string, unknown>): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ ...allow, ...statement } as PolicyStatement],
})

describe('equal in meaning', () => {
  const same: Readonly<Record<string, readonly [PolicyDocument, PolicyDocument]>> = {
    'one statement or a list of one': [document({}), { Version: '2012-10-17', Statement: allow }],
    'scalar or list of one': [
      document({}),
      document({ Action: ['s3:GetObject'], Resource: [allow.Resource] }),
    ],
    'order of a list': [document({ Action: ['s3:A', 's3:B'] }), document({ Action: ['s3:B', 's3:A'] })],
    'repeated entries': [document({ Action: ['s3:A', 's3:A'] }), document({ Action: 's3:A' })],
    'repeated statements': [document({}), { Version: '2012-10-17', Statement: [allow, allow] }],
    'order of keys': [
      document({}),
      {
        Statement: [{ Resource: allow.Resource ?? '', Action: allow.Action ?? '', Effect: 'Allow' }],
        Version: '2012-10-17',
      },
    ],
    'order of statements': [
      { Version: '2012-10-17', Statement: [allow, { ...allow, Effect: 'Deny' }] },
      { Version: '2012-10-17', Statement: [{ ...allow, Effect: 'Deny' }, allow] },
    ],
    'account id or root ARN': [
      document({ Principal: { AWS: '444455556666' } }),
      document({ Principal: { AWS: ['arn:aws:iam::444455556666:root'] } }),
    ],
    'everyone, two ways': [document({ Principal: '*' }), document({ Principal: { AWS: '*' } })],
    'an empty Sid or none': [document({ Sid: '' }), document({})],
    'case of actions': [document({ Action: 'S3:getobject' }), document({})],
    'every action, two ways': [document({ Action: '*' }), document({ Action: '*:*' })],
    'numbers and booleans or their text': [
      document({
        Condition: { Bool: { 'aws:SecureTransport': true }, NumericEquals: { 's3:max-keys': 10 } },
      }),
      document({
        Condition: { NumericEquals: { 's3:max-keys': '10' }, Bool: { 'aws:SecureTransport': ['true'] } },
      }),
    ],
    'case of operators and condition keys': [
      document({ Condition: { stringequals: { 'AWS:principaltag/Team': 'a' } } }),
      document({ Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } }),
    ],
    'an empty condition block or none': [document({ Condition: {} }), document({})],
    'no version or 2008-10-17': [{ Statement: allow }, { Version: '2008-10-17', Statement: allow }],
  }
  for (const [name, [a, b]] of Object.entries(same))
    test(name, () => {
      expect(canonical(a)).toBe(canonical(b))
      expect(sameDocument(a, b, ACCOUNT)).toBe(true)
    })

  test('an account id stands for the root ARN of its own partition', () => {
    const china = { id: '111122223333', partition: 'aws-cn' } as const
    const byId = document({ Principal: { AWS: '444455556666' } })
    const byArn = document({ Principal: { AWS: 'arn:aws-cn:iam::444455556666:root' } })
    expect(canonicalPolicy(byId, china)).toBe(canonicalPolicy(byArn, china))
    expect(canonical(byId)).not.toBe(canonical(byArn))
  })

  for (const use of ['identity', 'trust'] as const)
    test(`another spelling of ${use} policies`, () => {
      fc.assert(
        fc.property(respelledPair(use), ([a, b]) => {
          expect(canonical(b)).toBe(canonical(a))
        }),
        { numRuns: 500 },
      )
    })
})

describe('different in meaning', () => {
  const different: Readonly<Record<string, readonly [PolicyDocument, PolicyDocument]>> = {
    'no version is not 2012-10-17': [{ Statement: allow }, { Version: '2012-10-17', Statement: allow }],
    'case of resources': [document({ Resource: 'arn:aws:s3:::A' }), document({ Resource: 'arn:aws:s3:::a' })],
    'case of condition values': [
      document({ Condition: { StringEquals: { 'aws:username': 'A' } } }),
      document({ Condition: { StringEquals: { 'aws:username': 'a' } } }),
    ],
    'element and complement': [document({}), document({ Action: undefined, NotAction: 's3:GetObject' })],
    'a list entry and two': [document({ Action: ['s3:A', 's3:B'] }), document({ Action: 's3:A,s3:B' })],
    'kinds of principal': [
      document({ Principal: { Service: 'accounts.google.com' } }),
      document({ Principal: { Federated: 'accounts.google.com' } }),
    ],
    'everyone and every service': [document({ Principal: '*' }), document({ Principal: { Service: '*' } })],
    'two keys of one operator and one key of two': [
      document({ Condition: { StringEquals: { 'a:b': ['x', 'y'] } } }),
      document({ Condition: { StringEquals: { 'a:b': 'x' }, StringLike: { 'a:b': 'y' } } }),
    ],
    'a quantifier': [
      document({ Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } } }),
      document({ Condition: { StringEquals: { 'aws:TagKeys': 'a' } } }),
    ],
    IfExists: [
      document({ Condition: { StringEqualsIfExists: { 'aws:username': 'a' } } }),
      document({ Condition: { StringEquals: { 'aws:username': 'a' } } }),
    ],
    'an empty list and none': [document({ Action: [] }), document({ Action: undefined })],
    'an element that the grammar does not know': [document({ Conditions: { a: 1 } }), document({})],
  }
  for (const [name, [a, b]] of Object.entries(different))
    test(name, () => {
      const clean = (value: PolicyDocument) => JSON.parse(JSON.stringify(value)) as PolicyDocument
      expect(canonical(clean(a))).not.toBe(canonical(clean(b)))
      expect(sameDocument(clean(a), clean(b), ACCOUNT)).toBe(false)
    })

  for (const use of ['identity', 'trust'] as const)
    test(`a mutated ${use} policy, however it is spelled`, () => {
      fc.assert(
        fc.property(mutatedPair(use), fc.integer(), ({ document: a, mutation }, seed) => {
          expect(canonical(respell(mutation.document, seed)), mutation.name).not.toBe(canonical(a))
        }),
        { numRuns: 1000 },
      )
    })

  test('all mutations of a document differ from it', () => {
    fc.assert(
      fc.property(policyDocument(), (a) => {
        for (const { name, document: b } of mutationsOf(a)) expect(canonical(b), name).not.toBe(canonical(a))
      }),
      { numRuns: 50 },
    )
  })
})

test('the canonical text of a statement is one line, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const line = canonicalStatement({ ...allow, Sid: text, Resource: text }, ACCOUNT)
      expect(line).not.toMatch(/[\r\n]/)
    }),
  )
})

test('what a target returns is compared even where it is no policy', () => {
  for (const odd of [
    {},
    { Statement: null },
    { Statement: [null, 1] },
    { Statement: [{ Condition: 'x', Principal: 7 }] },
  ])
    expect(canonical(odd as unknown as PolicyDocument)).toBe(
      canonical(structuredClone(odd) as unknown as PolicyDocument),
    )
  expect(statementsOf({})).toEqual([])
})

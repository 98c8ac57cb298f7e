import { beforeAll, describe, expect, it } from 'vitest'
import { createPolicyEvaluator, type PolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import type { Given } from '../oracle/case.ts'
import { questionOf } from './ask.ts'

let evaluator: PolicyEvaluator
beforeAll(async () => {
  evaluator = await createPolicyEvaluator()
})
const decide = (given: Given) => evaluator.evaluate(questionOf(given)).decision
const document = (...statements: readonly object[]) =>
  ({ Version: '2012-10-17', Statement: statements }) as never

const LOGS = 'logging.s3.amazonaws.com'
const onTheBucket = (principal: string, condition: object | null, deny: object | null = null): Given => ({
  request: {
    principal,
    action: 's3:PutObject',
    resource: 'arn:aws:s3:::logs/x',
    resourceAccount: '111122223333',
  },
  policies: {
    resource: document(
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:PutObject',
        Resource: '*',
        ...(condition && { Condition: condition }),
      },
      ...(deny === null
        ? []
        : [{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: '*', Condition: deny }]),
    ),
  },
})

// AWS global condition context keys: aws:PrincipalServiceName, aws:PrincipalServiceNamesList
describe('a service that calls has its name in the request', () => {
  it.each([
    ['aws:PrincipalServiceName', { StringEquals: { 'aws:PrincipalServiceName': LOGS } }],
    [
      'some of aws:PrincipalServiceNamesList',
      { 'ForAnyValue:StringEquals': { 'aws:PrincipalServiceNamesList': LOGS } },
    ],
    ['a pattern', { StringLike: { 'aws:PrincipalServiceName': '*.s3.amazonaws.com' } }],
    [
      'the key is there',
      { Null: { 'aws:PrincipalServiceName': 'false', 'aws:PrincipalServiceNamesList': 'false' } },
    ],
  ])('an Allow by it: %s', (_, condition) => {
    expect(decide(onTheBucket(LOGS, condition))).toBe('allow')
  })
  it.each([
    ['none of its names', { 'ForAllValues:StringNotEquals': { 'aws:PrincipalServiceNamesList': LOGS } }],
    ['another name', { StringNotEquals: { 'aws:PrincipalServiceName': LOGS } }],
    ['no name', { Null: { 'aws:PrincipalServiceName': 'true' } }],
  ])('a Deny of who has %s spares it', (_, condition) => {
    expect(decide(onTheBucket(LOGS, null, condition))).toBe('allow')
  })
  it('such a Deny strikes another service', () => {
    const other = onTheBucket('sns.amazonaws.com', null, {
      'ForAllValues:StringNotEquals': { 'aws:PrincipalServiceNamesList': LOGS },
    })
    expect(decide(other)).toBe('explicit_deny')
  })
  it('a user, a role and an anonymous caller have none', () => {
    const named = { StringLike: { 'aws:PrincipalServiceName': '*' } }
    const callers = ['arn:aws:iam::111122223333:user/ann', 'arn:aws:sts::111122223333:assumed-role/r/s', '*']
    for (const principal of callers) expect(decide(onTheBucket(principal, named))).toBe('implicit_deny')
  })
  it('a name that is given wins', () => {
    const given = onTheBucket(LOGS, { StringEquals: { 'aws:PrincipalServiceName': 'other.amazonaws.com' } })
    const context = { 'aws:PrincipalServiceName': 'other.amazonaws.com' }
    expect(decide({ ...given, request: { ...given.request, context } })).toBe('allow')
  })
})

// Amazon Resource Names (ARNs): partitions
describe('a principal of another partition is nobody here', () => {
  const china = (principal: unknown, effect = 'Allow', notPrincipal = false): Given => ({
    request: {
      principal: 'arn:aws-cn:iam::444455556666:role/x',
      action: 's3:GetObject',
      resource: 'arn:aws-cn:s3:::data/k',
      resourceAccount: '111122223333',
    },
    policies: {
      identity: [document({ Effect: 'Allow', Action: '*', Resource: '*' })],
      resource: document(
        {
          Effect: 'Allow',
          Principal: effect === 'Allow' ? principal : '*',
          Action: 's3:GetObject',
          Resource: '*',
        },
        ...(effect === 'Deny'
          ? [
              {
                Effect: 'Deny',
                [notPrincipal ? 'NotPrincipal' : 'Principal']: principal,
                Action: 's3:GetObject',
                Resource: '*',
              },
            ]
          : []),
      ),
    },
  })
  it('the root of an account', () => {
    expect(decide(china({ AWS: 'arn:aws:iam::444455556666:root' }))).toBe('implicit_deny')
  })
  it('in a Deny it strikes nobody', () => {
    expect(decide(china({ AWS: 'arn:aws:iam::444455556666:root' }, 'Deny'))).toBe('allow')
  })
  it('a role', () => {
    expect(decide(china({ AWS: 'arn:aws:iam::444455556666:role/x' }))).toBe('implicit_deny')
  })
  it('the namesake of the same partition, and an account by its id', () => {
    expect(decide(china({ AWS: 'arn:aws-cn:iam::444455556666:root' }))).toBe('allow')
    expect(decide(china({ AWS: 'arn:aws-cn:iam::444455556666:role/x' }))).toBe('allow')
    expect(decide(china({ AWS: '444455556666' }))).toBe('allow')
  })
  it('the root of the own account lets in nobody of the other partition', () => {
    const own: Given = {
      request: {
        principal: 'arn:aws-cn:iam::111122223333:user/u',
        action: 'kms:Decrypt',
        resource: 'arn:aws-cn:kms:cn-north-1:111122223333:key/k',
      },
      policies: {
        identity: [document({ Effect: 'Allow', Action: '*', Resource: '*' })],
        resource: document({
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111122223333:root' },
          Action: 'kms:*',
          Resource: '*',
        }),
      },
    }
    expect(decide(own)).toBe('implicit_deny')
  })
})

// Set operators for multivalued context keys, against Condition operators (IfExists): the reading that grants less
describe('ForAnyValue with IfExists and a missing key', () => {
  const tagging = (
    operator: string,
    effect: 'Allow' | 'Deny',
    context: Record<string, readonly string[]> = {},
  ): Given => ({
    request: {
      principal: 'arn:aws:iam::111122223333:user/alice',
      action: 'ec2:CreateTags',
      resource: 'arn:aws:ec2:us-east-1:111122223333:instance/i-1',
      context,
    },
    policies: {
      identity: [
        document(...(effect === 'Deny' ? [{ Effect: 'Allow', Action: '*', Resource: '*' }] : []), {
          Effect: effect,
          Action: '*',
          Resource: '*',
          Condition: { [operator]: { 'aws:TagKeys': ['a'] } },
        }),
      ],
    },
  })
  const operators = [
    'StringEquals',
    'StringLike',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotLike',
  ]
  it.each(operators)('allows nothing: %s', (operator) => {
    expect(decide(tagging(`ForAnyValue:${operator}IfExists`, 'Allow'))).toBe('implicit_deny')
  })
  it.each(operators)('denies: %s', (operator) => {
    expect(decide(tagging(`ForAnyValue:${operator}IfExists`, 'Deny'))).toBe('explicit_deny')
  })
  it.each(operators)('ForAllValues is met: %s', (operator) => {
    expect(decide(tagging(`ForAllValues:${operator}IfExists`, 'Allow'))).toBe('allow')
    expect(decide(tagging(`ForAllValues:${operator}IfExists`, 'Deny'))).toBe('explicit_deny')
  })
  it('compares a key that is there', () => {
    expect(decide(tagging('ForAnyValue:StringEqualsIfExists', 'Allow', { 'aws:TagKeys': ['a', 'b'] }))).toBe(
      'allow',
    )
    expect(decide(tagging('ForAnyValue:StringEqualsIfExists', 'Allow', { 'aws:TagKeys': ['b'] }))).toBe(
      'implicit_deny',
    )
  })
})

// GetFederationToken: Permissions for temporary credentials
describe('what a resource policy gives to a user', () => {
  const PARENT = 'arn:aws:iam::111122223333:user/ann'
  const asked = (principal: string, named: string, base: string | null) => {
    const question = questionOf({
      request: {
        principal,
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::b/x',
        resourceAccount: '111122223333',
      },
      policies: {
        resource: document({
          Effect: 'Allow',
          Principal: { AWS: named },
          Action: 's3:GetObject',
          Resource: '*',
        }),
      },
    })
    return evaluator.evaluate(base === null ? question : { ...question, base }).decision
  }
  it('is not given to a federated user of theirs without a session policy', () => {
    expect(asked(PARENT, PARENT, null)).toBe('allow')
    expect(asked('arn:aws:sts::111122223333:federated-user/fred', PARENT, PARENT)).toBe('implicit_deny')
  })
  it('is given to the federated user that it names', () => {
    const fred = 'arn:aws:sts::111122223333:federated-user/fred'
    expect(asked(fred, fred, PARENT)).toBe('allow')
  })
})

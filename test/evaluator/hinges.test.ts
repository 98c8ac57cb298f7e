import { describe, expect, it } from 'vitest'
import type { EstateQuestion } from '../../src/evaluator/estate/estate-question.ts'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import type { PolicyDocument, PolicyStatement } from '../../src/model/index.ts'
import {
  accountOf,
  allow,
  deny,
  document,
  estateWith,
  FACTS,
  grant,
  HOME,
  resourceOf,
} from './estate-world.ts'

const BUCKET = 'arn:aws:s3:::data'

/** On what the answer to alice's reading an object hangs: `KEY → decision`, `rule N → decision`. */
async function hangsOn(
  policy: PolicyDocument,
  more: Partial<EstateQuestion> = {},
  bucketPolicy: PolicyDocument | null = null,
): Promise<readonly string[]> {
  const evaluator = await createEvaluator(
    estateWith([accountOf(HOME, { alice: { policy } })], null, [resourceOf(BUCKET, HOME, bucketPolicy)]),
    FACTS,
  )
  const question = {
    principal: `arn:aws:iam::${HOME}:user/alice`,
    action: 's3:GetObject',
    resource: `${BUCKET}/x`,
    context: new Map<string, readonly string[]>(),
    ...more,
  }
  const { answer } = evaluator.evaluate(question)
  if (answer === null) throw new TypeError('the question is decided')
  return evaluator
    .hinges(question, answer)
    .map((hinge) => `${hinge.type === 'key' ? hinge.key : `rule ${hinge.doubt.rule}`} → ${hinge.decision}`)
}

const when = (operator: string, key: string, value: string | readonly string[]) => ({
  Condition: { [operator]: { [key]: typeof value === 'string' ? value : [...value] } },
})
const given = (key: string, ...values: readonly string[]) => ({ context: new Map([[key, values]]) })

describe('keys that an answer hung on and that were not given', () => {
  it.each<[string, readonly PolicyStatement[], Partial<EstateQuestion>, readonly string[]]>([
    ['none', [allow('s3:*')], {}, []],
    [
      'of an Allow',
      [allow('s3:*', when('IpAddress', 'aws:SourceIp', '10.0.0.0/8'))],
      {},
      ['aws:SourceIp → allow'],
    ],
    [
      'of a Deny',
      [allow('s3:*'), deny('s3:*', when('Bool', 'aws:SecureTransport', 'false'))],
      {},
      ['aws:SecureTransport → explicit_deny'],
    ],
    [
      'two that must hold together',
      [
        allow('s3:*', {
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' }, StringEquals: { 's3:prefix': 'a' } },
        }),
      ],
      {},
      ['aws:MultiFactorAuthPresent → allow', 's3:prefix → allow'],
    ],
    [
      'not one that is given',
      [allow('s3:*', when('Bool', 'aws:SecureTransport', 'true'))],
      given('aws:SecureTransport', 'false'),
      [],
    ],
    [
      'not of a statement about something else',
      [allow('s3:*'), deny('sqs:*', when('Bool', 'aws:SecureTransport', 'false'))],
      {},
      [],
    ],
    [
      'not where something else decides',
      [allow('s3:*', when('Bool', 'aws:SecureTransport', 'true')), deny('s3:*')],
      {},
      [],
    ],
    [
      'the organization, where none is declared',
      [allow('s3:*', when('StringEquals', 'aws:PrincipalOrgID', 'o-abc1234567'))],
      {},
      ['aws:PrincipalOrgID → allow'],
    ],
  ])('%s', async (_, statements, more, expected) => {
    expect(await hangsOn(document(...statements), more)).toEqual(expected)
  })
})

describe('rules that the documentation leaves open, and that an answer hung on', () => {
  it.each<[string, readonly PolicyStatement[], Partial<EstateQuestion>, readonly string[]]>([
    [
      'several values for a plain operator',
      [allow('s3:*', when('StringEquals', 'aws:TagKeys', 'a'))],
      given('aws:TagKeys', 'a', 'b'),
      ['rule 25 → allow'],
    ],
    [
      'a text that is no ARN',
      [allow('s3:*', when('ArnLike', 'aws:SourceArn', '*'))],
      given('aws:SourceArn', 'arn:aws:s3:::b'),
      ['rule 20 → allow'],
    ],
    [
      'a value that does not parse, negated',
      [allow('s3:*', when('NumericNotEquals', 's3:max-keys', 'ten'))],
      given('s3:max-keys', '10'),
      ['rule 26 → implicit_deny'],
    ],
    [
      'ForAnyValue with IfExists in a Deny',
      [allow('s3:*'), deny('s3:*', when('ForAnyValue:StringEqualsIfExists', 'aws:TagKeys', 'a'))],
      given('aws:TagKeys', ''),
      ['rule 24 → allow'],
    ],
    ['any action of any service', [allow('*:*')], {}, ['rule 1 → implicit_deny']],
    [
      'not a star that matches inside its segment',
      [{ ...allow('sqs:*'), Resource: 'arn:aws:sqs:us-*-1:*:q' }],
      { action: 'sqs:SendMessage', resource: `arn:aws:sqs:us-east-1:${HOME}:q` },
      [],
    ],
    [
      'not where another statement decides',
      [allow('s3:*', when('StringEquals', 'aws:TagKeys', 'a')), allow('s3:*')],
      given('aws:TagKeys', 'a', 'b'),
      [],
    ],
  ])('%s', async (_, statements, more, expected) => {
    expect(await hangsOn(document(...statements), more)).toEqual(expected)
  })

  it('a provider that a bucket names', async () => {
    const bucket = document(grant({ Federated: 'accounts.google.com' }, 's3:GetObject', { Resource: '*' }))
    const asked = { principal: 'accounts.google.com' }
    expect(await hangsOn(document(allow('sqs:*')), asked, bucket)).toEqual(['rule 11 → implicit_deny'])
  })

  it('a star inside a segment that would have to cross a colon', async () => {
    const policy = document({ ...allow('sqs:*'), Resource: 'arn:aws:sqs:us-*x:q' })
    const asked = { action: 'sqs:SendMessage', resource: `arn:aws:sqs:us-east-1:${HOME}:x:q` }
    expect(await hangsOn(policy, asked)).toEqual(['rule 4 → allow'])
  })
})

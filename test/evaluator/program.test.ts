// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { describe, expect, it } from 'vitest'
import { createPolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import type { UseClass } from '../../src/evaluator/program/pieces.ts'
import { ProgramBuilder } from '../../src/evaluator/program/program-builder.ts'
import { UnevaluablePolicyError } from '../../src/evaluator/unevaluable.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import type { ParsedPolicy } from '../../src/policy/parsed.ts'
import type { Document } from '../oracle/case.ts'

function parsed(document: Document): ParsedPolicy {
  const use = JSON.stringify(document).includes('"Principal"') ? 'resource' : 'identity'
  const { policy } = parsePolicy(document, null, use, 'evaluate')
  if (policy === null) throw new Error('the test has a malformed policy')
  return policy
}

const documentOf = (more: object): Document => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more }],
})

const hex = (bytes: Uint8Array): string =>
  Array.from({ length: Math.ceil(bytes.length / 16) }, (_, line) => {
    const part = [...bytes.subarray(line * 16, line * 16 + 16)]
    const text = part.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
    return `${(line * 16).toString(16).padStart(4, '0')}  ${part
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(' ')
      .padEnd(47)}  ${text}`
  }).join('\n')

describe('a program', () => {
  it('has the bytes that the wire format draws', async () => {
    const builder = new ProgramBuilder()
    builder.addPolicy(
      parsed({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '111122223333' },
            NotAction: ['s3:Get*', 'S3:LIST?'],
            Resource: "arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}/*",
            Condition: {
              'ForAnyValue:StringLikeIfExists': { 'aws:TagKeys': 'a*' },
              NumericLessThan: { 's3:max-keys': 10 },
            },
          },
        ],
      }),
      'resource',
    )
    await expect(`${hex(builder.encode())}\n`).toMatchFileSnapshot('golden/program.txt')
  })

  it('holds what is equal once', () => {
    const builder = new ProgramBuilder()
    const first = builder.addPolicy(parsed(documentOf({ Action: ['s3:Get*', 'sqs:*'] })), 'identity')
    const size = builder.encode().length
    expect(
      builder.addPolicy(parsed(documentOf({ Action: ['s3:Get*', 'sqs:*'], Sid: 'Other' })), 'identity'),
    ).toBe(first)
    expect(builder.addPolicy(parsed(documentOf({ Action: ['S3:get*', 'SQS:*'] })), 'identity')).toBe(first)
    expect(builder.encode().length).toBe(size)
  })

  it('keeps apart what only looks equal', () => {
    const builder = new ProgramBuilder()
    const policies: readonly [Document, UseClass][] = [
      [documentOf({}), 'identity'],
      [documentOf({ Resource: '${aws:username}' }), 'identity'],
      [{ ...documentOf({ Resource: '${aws:username}' }), Version: '2008-10-17' }, 'identity'],
      [documentOf({ Effect: 'Deny' }), 'identity'],
      [documentOf({ Principal: '*' }), 'resource'],
      [documentOf({ Principal: { AWS: '111122223333' } }), 'resource'],
      [documentOf({ Condition: { StringLike: { k: 'a*' } } }), 'identity'],
      [documentOf({ Condition: { StringEquals: { k: 'a*' } } }), 'identity'],
      [documentOf({ Condition: { StringEqualsIfExists: { k: 'a*' } } }), 'identity'],
    ]
    const numbers = policies.map(([document, use]) => builder.addPolicy(withResource(document), use))
    expect(new Set(numbers).size).toBe(policies.length)
  })

  it.each([
    ["an SCP with an incomplete ARN that doesn't end in a star", 'arn:aws:s3', 'scp'],
    ['an RCP with an incomplete ARN', 'arn:aws:s3*', 'rcp'],
  ] as const)('refuses %s', (_, resource, use) => {
    expect(() =>
      new ProgramBuilder().addPolicy(withResource(documentOf({ Resource: resource })), use),
    ).toThrow(UnevaluablePolicyError)
  })
})

/** As parsed, but for what a parser may refuse about resources. */
function withResource(document: Document): ParsedPolicy {
  const [statement] = document.Statement as readonly { readonly Resource?: string }[]
  const policy = parsed({ ...document, Statement: [{ ...(statement as object), Resource: '*' } as never] })
  const resource = { negated: false, entries: [statement?.Resource ?? '*'] }
  return { ...policy, statements: policy.statements.map((one) => ({ ...one, resource })) }
}

describe('matching', () => {
  it.each([
    ['many stars', `arn:aws:s3:::${'*a'.repeat(40)}*b`],
    ['many stars and question marks', `arn:aws:s3:::${'*?a'.repeat(30)}*c?`],
    ['stars inside segments', `arn:aws:${'*a'.repeat(20)}*b:${'*a'.repeat(20)}*c:*:x`],
  ])('of %s with a long text comes to an end', async (_, pattern) => {
    const evaluator = await createPolicyEvaluator()
    const { policy } = parsePolicy(documentOf({ Resource: pattern }), null, 'identity', 'evaluate')
    if (policy === null) throw new Error('malformed')
    const layers = { identity: [{ id: 'p', policy }] }
    const resource = `arn:aws:${'a'.repeat(500)}:${'a'.repeat(500)}::${'a'.repeat(4000)}`
    // What goes back exponentially would never end.
    const decision = evaluator.decide({
      layers,
      request: {
        principal: 'arn:aws:iam::111122223333:user/alice',
        action: 's3:GetObject',
        resource,
        context: new Map(),
      },
    })
    expect(decision).toBe('implicit_deny')
  })
})

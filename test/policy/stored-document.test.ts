import { describe, expect, test } from 'vitest'
import { type PolicyParse, parsePolicy } from '../../src/policy/parse.ts'
import type { PolicyUse } from '../../src/policy/parsed.ts'
import { STORAGE_RULES, verdictOn } from '../../src/policy/storage-rules.ts'
import { storedDocumentProblems } from '../../src/policy/stored-document.ts'

const allow = (elements: object) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...elements })

const codes = (kind: 'managed' | 'inline' | 'trust', json: object, partition = 'aws') =>
  storedDocumentProblems(json, null, kind, partition).map(({ code }) => code)

describe('what a document is stored as, and where', () => {
  test('a managed policy is of version 2012-10-17, an inline one may be older', () => {
    const Statement = allow({})
    for (const Version of [undefined, '2008-10-17']) {
      const json = Version === undefined ? { Statement } : { Version, Statement }
      expect(codes('managed', json)).toEqual(['policy.managed-version'])
      expect(codes('inline', json)).toEqual([])
      expect(codes('trust', json)).toEqual([])
    }
    expect(codes('managed', { Version: '2012-10-17', Statement })).toEqual([])
  })

  test('ARNs are of the partition of the account, or of any', () => {
    const json = { Statement: [allow({ Resource: ['arn:aws:s3:::b', 'arn:*:s3:::b', '*'] })] }
    expect(codes('inline', json, 'aws')).toEqual([])
    expect(codes('inline', json, 'aws-cn')).toEqual(['policy.partition'])
    const negated = { Statement: { Effect: 'Allow', Action: '*', NotResource: 'arn:aws-cn:s3:::b' } }
    expect(storedDocumentProblems(negated, null, 'inline', 'aws')[0]?.help).toBe('write `arn:aws:s3:::b`')
  })
})

/** A document that breaks each rule, but for those that are about more than one document. */
const BROKEN: Readonly<Record<string, Readonly<Partial<Record<'identity' | 'trust', object>>>>> = {
  'policy.no-statement': { identity: { Statement: [] }, trust: { Statement: [] } },
  'policy.sid-characters': {
    identity: { Statement: allow({ Sid: 'a b' }) },
    trust: { Statement: trust({ Sid: 'a b' }) },
  },
  'policy.duplicate-sid': {
    identity: { Statement: [allow({ Sid: 'a' }), allow({ Sid: 'a' })] },
    trust: { Statement: [trust({ Sid: 'a' }), trust({ Sid: 'a' })] },
  },
  'policy.element-not-allowed': {
    identity: { Statement: allow({ Principal: '*' }) },
    trust: { Statement: trust({ Resource: '*' }) },
  },
  'policy.characters': {
    identity: { Statement: allow({ Resource: 'arn:aws:s3:::\u540d' }) },
    trust: { Statement: trust({ Condition: { StringEquals: { 'sts:ExternalId': '\u540d' } } }) },
  },
  'policy.condition-key-syntax': {
    identity: { Statement: allow({ Condition: { StringEquals: { prefix: 'x' } } }) },
    trust: { Statement: trust({ Condition: { StringEquals: { prefix: 'x' } } }) },
  },
  'policy.duplicate-operator': {
    identity: { Statement: allow({ Condition: TWICE() }) },
    trust: { Statement: trust({ Condition: TWICE() }) },
  },
  'policy.no-actions': {
    identity: { Statement: allow({ Action: [] }) },
    trust: { Statement: trust({ Action: [] }) },
  },
  'policy.no-resources': { identity: { Statement: allow({ Resource: [] }) } },
  'policy.resource-short-arn': { identity: { Statement: allow({ Resource: 'arn:aws:s3' }) } },
  'policy.partition': { identity: { Statement: allow({ Resource: 'arn:error:s3:::b' }) } },
  'policy.arn-region': {
    identity: { Statement: allow({ Resource: 'arn:aws:iam:us-east-1:111122223333:role/x' }) },
  },
  'policy.iam-resource': { identity: { Statement: allow({ Resource: 'arn:aws:iam:::b' }) } },
  'policy.trust-action': { trust: { Statement: trust({ Action: 's3:GetObject' }) } },
  'policy.principal-kind-of-arn': {
    trust: { Statement: trust({ Principal: { AWS: 'arn:aws:iam::111122223333:group/g' } }) },
  },
  'policy.principal-service': { trust: { Statement: trust({ Principal: { Service: 'lambda' } }) } },
  'policy.principal-federated': { trust: { Statement: trust({ Principal: { Federated: 'example.com' } }) } },
  'policy.principal-canonical-user': {
    trust: { Statement: trust({ Principal: { CanonicalUser: '0'.repeat(64) } }) },
  },
}

function trust(elements: object) {
  return {
    Effect: 'Allow',
    Principal: { Service: 'ec2.amazonaws.com' },
    Action: 'sts:AssumeRole',
    ...elements,
  }
}

function TWICE() {
  return { StringEquals: { 'aws:PrincipalTag/a': 'x' }, stringequals: { 'aws:PrincipalTag/b': 'x' } }
}

const parse = (json: object, use: PolicyUse, mode: 'validate' | 'evaluate'): PolicyParse =>
  parsePolicy(json, null, use, mode)

describe('what IAM refuses to store', () => {
  for (const [code, uses] of Object.entries(BROKEN))
    for (const [use, json] of Object.entries(uses) as readonly ['identity' | 'trust', object][])
      test(`${code} in ${use === 'trust' ? 'a trust' : 'an identity'} policy: refused, and clear what it means`, () => {
        const { policy, refusals } = parse(json, use, 'validate')
        expect(new Set([...refusals].map((refusal) => `${refusal.severity} ${refusal.code}`))).toEqual(
          new Set([`error ${code}`]),
        )
        expect(policy).not.toBeNull()
        const evaluated = parse(json, use, 'evaluate')
        expect(evaluated.diagnostics).toEqual([])
        expect(evaluated.policy).toEqual(policy)
      })

  test('is refused by a rule of the table, each of which has a source', () => {
    const elsewhere = [
      'policy.managed-version',
      'plan.principal-gone',
      'manifest.aws-path',
      'manifest.reserved-name',
    ]
    const listed = new Set(STORAGE_RULES.map(({ code }) => code))
    expect([...listed].filter((code) => !(code in BROKEN) && !elsewhere.includes(code))).toEqual([])
    for (const { source, kinds } of STORAGE_RULES) {
      expect(source).not.toBe('')
      expect(kinds.length).toBeGreaterThan(0)
    }
  })

  test('is no error where another service stores the document', () => {
    for (const { code } of STORAGE_RULES) expect(verdictOn(code, 'resource')).toBe('warn')
    const Statement = [
      { Sid: 'Enable IAM', Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' },
      { Sid: 'Enable IAM', Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' },
    ]
    const { diagnostics } = parse({ Version: '2012-10-17', Id: 'key', Statement }, 'resource', 'validate')
    expect(diagnostics.map(({ severity, code }) => [severity, code])).toEqual([
      ['warning', 'policy.duplicate-sid'],
    ])
  })

  test('is only a warning where that is assumed', () => {
    const assumed = STORAGE_RULES.filter(({ certainty }) => certainty === 'assumed')
    expect(assumed.length).toBeGreaterThan(0)
    for (const { code } of assumed) expect(verdictOn(code, 'identity')).toBe('warn')
  })
})

import { describe, expect, test } from 'vitest'
import type { PolicyDocument, PolicyStatement, PrincipalBlock } from '../../src/model/index.ts'
import { canonicalPolicy } from '../../src/policy/canonical.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import type { ParsedPolicy, ParsedPrincipal, ParsedStatement, PolicyUse } from '../../src/policy/parsed.ts'
import { ACCOUNT, policyDocument, respell } from '../arbitraries/policy.ts'
import fc from '../fixed-seed.ts'
import { locatedJson } from './located-json.ts'

/** The document that a parsed policy came from, written out of its parts. */
function print(policy: ParsedPolicy): PolicyDocument {
  return { Version: policy.version, Statement: policy.statements.map(printStatement) }
}

function printStatement({
  sid,
  effect,
  principal,
  action,
  resource,
  conditions,
}: ParsedStatement): PolicyStatement {
  const Condition: Record<string, Record<string, readonly string[]>> = {}
  for (const { operator, quantifier, ifExists, key, values } of conditions) {
    const name = `${quantifier === null ? '' : `${quantifier}:`}${operator}${ifExists ? 'IfExists' : ''}`
    Condition[name] = { ...Condition[name], [key]: values }
  }
  return {
    ...(sid === null ? {} : { Sid: sid }),
    Effect: effect,
    ...(principal === null
      ? {}
      : { [principal.negated ? 'NotPrincipal' : 'Principal']: printPrincipals(principal.entries) }),
    [action.negated ? 'NotAction' : 'Action']: action.entries,
    ...(resource === null ? {} : { [resource.negated ? 'NotResource' : 'Resource']: resource.entries }),
    Condition,
  }
}

function printPrincipals(principals: readonly ParsedPrincipal[]): PrincipalBlock {
  const block: Record<string, string[]> = {}
  const add = (kind: string, text: string) => {
    block[kind] = [...(block[kind] ?? []), text]
  }
  for (const principal of principals)
    switch (principal.kind) {
      case 'everyone':
        add('AWS', '*')
        break
      case 'account':
        add(
          'AWS',
          principal.partition === null
            ? principal.account
            : `arn:${principal.partition}:iam::${principal.account}:root`,
        )
        break
      case 'arn':
        add('AWS', principal.arn)
        break
      case 'uniqueId':
        add('AWS', principal.id)
        break
      case 'service':
        add('Service', principal.service)
        break
      case 'federated':
        add('Federated', principal.provider)
        break
      case 'canonicalUser':
        add('CanonicalUser', principal.id)
        break
    }
  return block
}

describe('parse and print', () => {
  for (const use of ['identity', 'trust'] as const)
    test(`parsing loses nothing of ${use} policies`, () => {
      fc.assert(
        fc.property(policyDocument(use), fc.integer(), (document, seed) => {
          for (const spelling of [document, respell(document, seed)]) {
            const { policy, diagnostics } = parsePolicy(spelling, null, use, 'validate')
            expect(diagnostics).toEqual([])
            expect(policy && canonicalPolicy(print(policy), ACCOUNT)).toBe(canonicalPolicy(document, ACCOUNT))
          }
        }),
        { numRuns: 300 },
      )
    })

  test('a printed policy parses to the same parts', () => {
    fc.assert(
      fc.property(policyDocument('trust'), (document) => {
        const first = parsePolicy(document, null, 'trust', 'validate').policy
        expect(first).not.toBeNull()
        if (first === null) return
        expect(parsePolicy(print(first), null, 'trust', 'validate').policy).toEqual(grouped(first))
      }),
    )
  })

  test('both modes agree on documents without a fault', () => {
    fc.assert(
      fc.property(policyDocument(), (document) => {
        const evaluated = parsePolicy(document, null, 'identity', 'evaluate')
        expect(evaluated).toEqual(parsePolicy(document, null, 'identity', 'validate'))
      }),
    )
  })

  test('statements know where they stand, and places change nothing else', () => {
    fc.assert(
      fc.property(policyDocument(), (document) => {
        const text = JSON.stringify(document, null, 2)
        const { policy } = parsePolicy(document, locatedJson(text), 'identity', 'validate')
        const plain = parsePolicy(document, null, 'identity', 'validate').policy
        const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement]
        for (const { index, span } of policy?.statements ?? [])
          expect(span && JSON.parse(text.slice(span.start, span.end))).toEqual(statements[index])
        expect(policy?.statements.map((statement) => ({ ...statement, span: null }))).toEqual(
          plain?.statements,
        )
      }),
      { numRuns: 50 },
    )
  })
})

/** Printing puts the principals of one kind together. */
function grouped(policy: ParsedPolicy): ParsedPolicy {
  const rank = ({ kind }: ParsedPrincipal, all: readonly ParsedPrincipal[]) => {
    const family = (other: string) =>
      ['everyone', 'account', 'arn', 'uniqueId'].includes(other) ? 'aws' : other
    return all.findIndex((other) => family(other.kind) === family(kind))
  }
  return {
    ...policy,
    statements: policy.statements.map((statement) => ({
      ...statement,
      principal: statement.principal && {
        ...statement.principal,
        entries: [...statement.principal.entries].sort(
          (a, b) => rank(a, statement.principal?.entries ?? []) - rank(b, statement.principal?.entries ?? []),
        ),
      },
    })),
  }
}

describe('what parsing makes of a document', () => {
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }
  const evaluate = (json: unknown, use: PolicyUse = 'identity') => parsePolicy(json, null, use, 'evaluate')

  test('no version is the one of 2008', () => {
    expect(evaluate({ Statement: statement }).policy?.version).toBe('2008-10-17')
  })

  test('operators are split into operator, quantifier and IfExists, whatever their case', () => {
    const Condition = {
      'forallvalues:stringlikeifexists': { 'aws:TagKeys': 'a' },
      'ForAnyValue:ArnNotEquals': { 'aws:SourceArn': ['arn:aws:sns:*:*:t'] },
      'ForAllValues:Null': { 'aws:TagKeys': true },
      NumericLessThan: { 's3:max-keys': 10 },
    }
    expect(evaluate({ Statement: { ...statement, Condition } }).policy?.statements[0]?.conditions).toEqual([
      {
        operator: 'StringLike',
        quantifier: 'ForAllValues',
        ifExists: true,
        key: 'aws:TagKeys',
        values: ['a'],
      },
      {
        operator: 'ArnNotEquals',
        quantifier: 'ForAnyValue',
        ifExists: false,
        key: 'aws:SourceArn',
        values: ['arn:aws:sns:*:*:t'],
      },
      { operator: 'Null', quantifier: 'ForAllValues', ifExists: false, key: 'aws:TagKeys', values: ['true'] },
      { operator: 'NumericLessThan', quantifier: null, ifExists: false, key: 's3:max-keys', values: ['10'] },
    ])
  })

  test('each spelling of a principal has its kind', () => {
    const Principal = {
      AWS: [
        '*',
        '111122223333',
        'arn:aws-cn:iam::444455556666:root',
        'arn:aws:iam::111122223333:user/eng/alice',
        'arn:aws:sts::111122223333:assumed-role/deploy/ci',
        'arn:aws:sts::111122223333:federated-user/bob',
        'AIDAEXAMPLEEXAMPLE123',
        'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE',
      ],
      Service: 'lambda.amazonaws.com',
      Federated: ['accounts.google.com'],
      CanonicalUser: 'a'.repeat(64),
    }
    const { policy, diagnostics } = parsePolicy(
      { Statement: { ...statement, Principal } },
      null,
      'resource',
      'validate',
    )
    expect(diagnostics).toEqual([])
    expect(policy?.statements[0]?.principal?.entries.map(({ kind }) => kind)).toEqual([
      'everyone',
      'account',
      'account',
      'arn',
      'arn',
      'arn',
      'uniqueId',
      'arn',
      'service',
      'federated',
      'canonicalUser',
    ])
  })

  const decided: Readonly<Record<string, readonly [unknown, PolicyUse]>> = {
    'a Principal in an identity policy is ignored': [
      { Statement: { ...statement, Principal: 'nonsense' } },
      'identity',
    ],
    'a Sid may stand twice': [
      {
        Statement: [
          { ...statement, Sid: 'A' },
          { ...statement, Sid: 'A' },
        ],
      },
      'identity',
    ],
    'a Sid may hold anything': [{ Statement: { ...statement, Sid: 'not alphanumeric!' } }, 'identity'],
    'a Resource in a trust policy is honoured': [{ Statement: { ...statement, Principal: '*' } }, 'trust'],
    'a NotPrincipal in a trust policy is honoured': [
      { Statement: { Effect: 'Deny', Action: 'sts:AssumeRole', NotPrincipal: { AWS: '111122223333' } } },
      'trust',
    ],
    'an action of another service in a trust policy': [
      { Statement: { Effect: 'Allow', Action: 's3:GetObject', Principal: '*' } },
      'trust',
    ],
    'an Id in an identity policy': [{ Id: 'x', Statement: statement }, 'identity'],
    'no statement at all': [{ Statement: [] }, 'identity'],
    'empty lists': [{ Statement: { ...statement, Action: [], Resource: [] } }, 'identity'],
    'values that do not parse': [
      {
        Statement: {
          ...statement,
          Condition: { IpAddress: { 'aws:SourceIp': 'x' }, Bool: { 'a:b': 'maybe' } },
        },
      },
      'identity',
    ],
    'the full-access resource control policy': [
      { Statement: { ...statement, Action: '*', Principal: '*' } },
      'rcp',
    ],
  }
  for (const [name, [json, use]] of Object.entries(decided))
    test(`evaluation takes what it is clear about: ${name}`, () => {
      const { policy, diagnostics } = evaluate(json, use)
      expect(diagnostics).toEqual([])
      expect(policy).not.toBeNull()
    })

  test('a Principal in an identity policy leaves no trace, a Resource in a trust policy stays', () => {
    const json = { Statement: { ...statement, Principal: '*' } }
    expect(evaluate(json).policy?.statements[0]?.principal).toBeNull()
    expect(evaluate(json, 'trust').policy?.statements[0]?.resource).toEqual({
      negated: false,
      entries: ['*'],
    })
  })

  const refused: Readonly<Record<string, readonly [unknown, PolicyUse, string]>> = {
    'an unknown operator': [
      { ...statement, Condition: { Foo: { 'a:b': 'c' } } },
      'identity',
      'policy.unknown-operator',
    ],
    NullIfExists: [
      { ...statement, Condition: { NullIfExists: { 'a:b': 'true' } } },
      'identity',
      'policy.null-if-exists',
    ],
    'a wildcard inside a principal': [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::111122223333:role/*' } },
      'trust',
      'policy.principal-wildcard',
    ],
    'a misspelled element, which might be a condition': [
      { ...statement, Conditions: {} },
      'identity',
      'policy.unknown-element',
    ],
    'no effect': [{ Action: 's3:*', Resource: '*' }, 'identity', 'policy.missing-element'],
    'an action and its complement': [
      { ...statement, NotAction: 's3:*' },
      'identity',
      'policy.exclusive-elements',
    ],
    'a wildcard in a service prefix': [
      { ...statement, Action: '*:Get*' },
      'identity',
      'policy.action-wildcard-prefix',
    ],
    'a second colon in an action': [
      { ...statement, Action: 's3:Get:Object' },
      'identity',
      'policy.action-syntax',
    ],
    'keys that differ in case': [
      { ...statement, Condition: { StringEquals: { 'a:b': '1', 'A:B': '1' } } },
      'identity',
      'policy.duplicate-condition-key',
    ],
    'a short ARN in a service control policy': [
      { ...statement, Resource: 'arn:aws:s3' },
      'scp',
      'policy.resource-short-arn',
    ],
    'no principal in a resource policy': [statement, 'resource', 'policy.missing-element'],
  }
  for (const [name, [json, use, code]] of Object.entries(refused))
    test(`evaluation refuses what has no clear meaning: ${name}`, () => {
      const { policy, diagnostics } = evaluate({ Version: '2012-10-17', Statement: json }, use)
      expect(policy).toBeNull()
      expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code])
    })

  test('a message without a place names the statement', () => {
    const { diagnostics } = evaluate({ Statement: [statement, { ...statement, Effect: 'allow' }] })
    expect(diagnostics[0]?.message).toBe('statement 2: `allow` is not an effect')
  })

  test('no input makes it throw', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.constantFrom<PolicyUse>('identity', 'trust', 'resource', 'rcp'),
        (json, use) => {
          const wrapped = [
            json,
            { Statement: json },
            { Statement: { Effect: 'Allow', Principal: json, Condition: json } },
          ]
          for (const input of wrapped)
            for (const mode of ['validate', 'evaluate'] as const) {
              const { policy, diagnostics, refusals } = parsePolicy(input, null, use, mode)
              const unclear = diagnostics.filter((each) => each.severity === 'error' && !refusals.has(each))
              expect(policy === null).toBe(unclear.length > 0)
            }
        },
      ),
      { numRuns: 500 },
    )
  })
})

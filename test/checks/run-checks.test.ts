import { beforeAll, describe, expect, test } from 'vitest'
import type { AccessEntry } from '../../src/access/access-entry.ts'
import type { Proof } from '../../src/access/analysis.ts'
import { loadManagedPolicies, type ManagedPolicyFacts } from '../../src/catalog/managed-policies.ts'
import { declaredEstate } from '../../src/checks/declared-estate.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import { runChecks } from '../../src/checks/run-checks.ts'
import { DiagnosticError, errorOf } from '../../src/diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import type { Project } from '../../src/manifest/desired.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import type { AccountState } from '../../src/model/index.ts'

let facts: ManagedPolicyFacts
beforeAll(async () => {
  facts = await loadManagedPolicies()
})

const PROJECT = `version: 1
accounts:
  production:
    id: "111122223333"
    target: { kind: local, database: x.db }
`

function projectOf(manifest: string): Project {
  const { project } = loadProject({
    kinds: MANIFEST_KINDS,
    files: new Map([
      ['iam-sync.yaml', PROJECT],
      ['a.yaml', manifest],
    ]),
    facts,
  })
  if (project.diagnostics.length > 0)
    throw new Error(project.diagnostics.map(({ message }) => message).join('\n'))
  return project
}

function stateOf(manifest: string): AccountState {
  const desired = projectOf(manifest).accounts[0]?.desired
  if (desired == null) throw new Error('no account')
  return declaredState(desired)
}

const run = async (tests: string) => {
  const project = projectOf(`
users:
  alice: { groups: [developers], permissionsBoundary: cap, tags: { team: web } }
  bob: { managedPolicies: [ReadOnlyAccess] }
groups:
  developers:
    inlinePolicies:
      data:
        Version: "2012-10-17"
        Statement:
          - { Effect: Allow, Action: "s3:*", Resource: "*" }
          - { Effect: Deny, Action: s3:DeleteObject, Resource: "*", Condition: { NumericLessThan: { aws:MultiFactorAuthAge: "0" } } }
          - { Effect: Deny, Action: s3:PutBucketPolicy, Resource: "*" }
roles:
  app:
    trustPolicy:
      Version: "2012-10-17"
      Statement: { Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }
policies:
  cap:
    document:
      Version: "2012-10-17"
      Statement: { Effect: Allow, Action: ["s3:Get*", "s3:Put*"], Resource: "*" }
tests:
${tests}`)
  return runChecks(project, { documentOf: facts.document, now: new Date('2026-01-01T00:00:00Z') })
}

describe('a test', () => {
  test('passes when every combination of its actions and resources is as expected', async () => {
    const results = await run(`
  - { name: reads, principal: user/alice, action: [s3:GetObject, s3:PutObject], resource: ["arn:aws:s3:::a/x", "arn:aws:s3:::b/x"], expect: allow }
  - { name: capped, principal: user/alice, action: s3:ListBucket, resource: "arn:aws:s3:::a", expect: deny }
  - { name: denied, principal: user/alice, action: s3:PutBucketPolicy, resource: "arn:aws:s3:::a", expect: deny }
  - { name: by AWS's own policy, principal: user/bob, action: s3:GetObject, resource: "arn:aws:s3:::a/x", expect: allow }`)
    expect(results.map(({ name, result, actual, witness }) => [name, result, actual, witness])).toEqual([
      ['reads', 'pass', 'allow', null],
      ['capped', 'pass', 'implicit_deny', null],
      ['denied', 'pass', 'explicit_deny', null],
      ["by AWS's own policy", 'pass', 'allow', null],
    ])
  })

  test('fails with the first request that is not as expected, its principal as an ARN', async () => {
    const [result] = await run(`
  - { name: reads, principal: user/alice, action: [s3:GetObject, s3:ListBucket], resource: "arn:aws:s3:::a", expect: allow, context: { aws:SourceIp: 10.0.0.1 } }`)
    expect(result).toMatchObject({
      result: 'fail',
      expected: 'allow',
      actual: 'implicit_deny',
      witness: {
        principal: 'arn:aws:iam::111122223333:user/alice',
        action: 's3:ListBucket',
        resource: 'arn:aws:s3:::a',
        context: new Map([['aws:SourceIp', ['10.0.0.1']]]),
      },
      span: { file: 'a.yaml' },
    })
  })

  test('that could not be decided is unknown, and says why', async () => {
    const results = await run(`
  - { name: service, principal: lambda.amazonaws.com, action: s3:GetObject, resource: "arn:aws:s3:::data/x", expect: deny }
  - { name: key, principal: user/alice, action: kms:Decrypt, resource: "arn:aws:kms:eu-west-1:111122223333:key/k", expect: deny }`)
    expect(results.map(({ result, actual, why }) => [result, actual, why?.slice(0, 30)])).toEqual([
      ['unknown', null, "only a resource's own policy a"],
      ['unknown', null, '`kms:Decrypt` on `arn:aws:kms:'],
    ])
  })

  test('none at all costs nothing', async () => {
    expect(await run(' []')).toEqual([])
  })
})

describe('an invariant', () => {
  const manifest = `
roles: {}
tests:
  - { name: denied, principal: root, action: s3:GetObject, resource: "arn:aws:s3:::a/x", expect: allow }
invariants:
  - { name: first, action: "s3:*", expect: deny }
  - { name: second, action: "kms:*", expect: deny }`
  const proof = (over: Partial<Proof>): Proof => ({ holds: true, violations: [], unknown: [], ...over })
  const violation = (principal: string): AccessEntry => ({
    kind: 'action',
    principals: [principal],
    actions: ['s3:GetObject'],
    levels: { permissions: 0, write: 0, tagging: 0, read: 1, list: 0 },
    resources: ['*'],
    notResources: [],
    conditions: {},
    witness: { principal, action: 's3:GetObject', resource: '*', context: new Map() },
    via: [],
    tier: 'typed',
    source: null,
    policy: 'inline:own',
    sid: null,
    because: null,
    isPotential: false,
  })
  const unknown = {
    principals: ['arn:aws:iam::111122223333:role/x'],
    direction: 'gained',
    reason: 'budget',
    policy: 'inline:own',
    sid: 'Odd',
    source: null,
  } as const
  const accountFacts = () => ({ documentOf: facts.document, now: new Date(0) })
  const prove = async (found: Proof | DiagnosticError, opened: string[] = []) =>
    runChecks(projectOf(manifest), accountFacts(), async ({ accounts }) => {
      opened.push(...accounts.map(({ account }) => account.id))
      return {
        prove: ({ name }) => {
          if (found instanceof DiagnosticError) throw found
          return name === 'first' ? found : Promise.resolve(proof({}))
        },
      }
    })

  test('stands after the tests; the prover is opened once', async () => {
    const opened: string[] = []
    const results = await prove(proof({}), opened)
    expect(results.map(({ kind, name, result }) => [kind, name, result])).toEqual([
      ['test', 'denied', 'pass'],
      ['invariant', 'first', 'pass'],
      ['invariant', 'second', 'pass'],
    ])
    expect(results[1]).toMatchObject({ expected: 'deny', actual: null, witness: null, why: null })
    expect(opened).toEqual(['111122223333'])
  })

  test('is broken by the first violation, though other things are unknown', async () => {
    const [, result] = await prove(
      proof({ holds: false, violations: [violation('a'), violation('b')], unknown: [unknown] }),
    )
    expect(result).toMatchObject({
      result: 'fail',
      expected: 'deny',
      actual: 'allow',
      witness: { principal: 'a' },
      why: null,
      span: { file: 'a.yaml' },
    })
    expect(result?.violations).toHaveLength(2)
  })

  test('of which something is unknown is never passed', async () => {
    for (const holds of [true, 'unknown'] as const) {
      const [, result] = await prove(proof({ holds, unknown: [unknown] }))
      expect(result).toMatchObject({ result: 'unknown', actual: null, witness: null })
      expect(result?.why).toBe(
        'arn:aws:iam::111122223333:role/x: it would take too long to decide (inline:own, statement Odd)',
      )
    }
    const [, claimed] = await prove(proof({ holds: false }))
    expect(claimed?.result).toBe('unknown')
  })

  test('that depends on what can not be evaluated is unknown', async () => {
    const [, result] = await prove(new DiagnosticError(errorOf({ code: 'a.b', message: 'no such policy' })))
    expect(result).toMatchObject({ result: 'unknown', why: 'no such policy' })
  })

  test('without a prover is unknown, and without invariants none is opened', async () => {
    const results = await runChecks(projectOf(manifest), accountFacts())
    expect(results.map(({ result }) => result)).toEqual(['pass', 'unknown', 'unknown'])
    const none = await runChecks(projectOf('roles: {}'), accountFacts(), () => {
      throw new Error('opened')
    })
    expect(none).toEqual([])
  })
})

test('a declaration is the same object in every state that it is part of', () => {
  const project = projectOf('users: { alice: {}, bob: {} }')
  const [first, second] = [declaredEstate(project), declaredEstate(project)]
  expect(first.accounts[0]?.entities.user.get('alice')).toBe(second.accounts[0]?.entities.user.get('alice'))
})

test('what the project does not manage counts as having nothing', () => {
  const state = stateOf('users: { alice: {} }\nroles: {}')
  expect(state.entities.user.get('alice')).toEqual({
    kind: 'user',
    name: 'alice',
    path: '/',
    arn: 'arn:aws:iam::111122223333:user/alice',
    groups: [],
    managedPolicies: [],
    inlinePolicies: new Map(),
    permissionsBoundary: null,
    tags: new Map(),
  })
  expect([state.settings.accountAlias, state.settings.passwordPolicy]).toEqual([null, null])
})

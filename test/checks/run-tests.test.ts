import { beforeAll, describe, expect, test } from 'vitest'
import { loadManagedPolicies, type ManagedPolicyFacts } from '../../src/catalog/managed-policies.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import { runTests } from '../../src/checks/run-tests.ts'
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
  return runTests(project, { documentOf: facts.document, now: new Date('2026-01-01T00:00:00Z') })
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

test('what the project does not manage counts as having nothing', () => {
  const state = stateOf('users: { alice: {} }\nroles: {}')
  expect(state.users.get('alice')).toEqual({
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
  expect([state.alias, state.passwordPolicy]).toEqual([null, null])
})

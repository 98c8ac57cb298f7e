import { describe, expect, test } from 'vitest'
import { load, rendered } from './sample.ts'

const TRUST = `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }] }`
const READ = `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "*" }] }`

describe('a project', () => {
  const FILES = {
    'iam-sync.yaml': `version: 1
accounts:
  production:
    id: "111122223333"
    alias: acme
    target: { kind: local, database: .iam-sync/production.db }
    manifests: [shared, production]
    variables: { region: eu-west-1 }
scope:
  users: all
  policies: { path: /managed/ }
  roles: { tag: { managed-by: iam-sync } }
guard: { maxDeletePercent: 20, protect: [role/break-glass, user/ci] }
`,
    'shared/groups.yaml': 'groups:\n  developers: { managedPolicies: [PowerUserAccess] }\n  idle:\n',
    'production/payments.yaml': `users:
  alice:
    path: /engineering/
    groups: [developers, "arn:aws:iam::111122223333:group/elsewhere"]
    managedPolicies: [ReadOnlyAccess, payments-deploy, ReadOnlyAccess]
    permissionsBoundary: payments-deploy
    tags: { team: payments }
  bob: { groups: [], managedPolicies: null, permissionsBoundary: null, tags: {} }
  carol:
roles:
  deploy:
    trustPolicy: ${TRUST}
    maxSessionDuration: 7200
    description: ""
    inlinePolicies: { write-logs: { file: policies/write-logs.json } }
policies:
  payments-deploy:
    path: /managed/
    description: deploys of the payments service
    document: ${READ}
passwordPolicy: { minimumPasswordLength: 14, maxPasswordAge: 90 }
tests:
  - name: alice reads
    principal: user/alice
    action: s3:GetObject
    context: { aws:MultiFactorAuthPresent: true, "aws:TagKeys": [a, 2] }
    expect: allow
`,
    'production/policies/write-logs.json': `{
	"Version": "2012-10-17",
	"Statement": { "Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:{{ variables.region }}:{{ account.id }}:*" }
}`,
  }
  const { project, desired } = load(FILES)

  test('has no diagnostics', () => {
    expect(rendered(FILES)).toBe('')
  })

  test('resolves names to ARNs and drops repeated ones', () => {
    expect(desired?.users.get('alice')).toMatchObject({
      arn: 'arn:aws:iam::111122223333:user/engineering/alice',
      groups: ['developers', 'elsewhere'],
      managedPolicies: [
        'arn:aws:iam::aws:policy/ReadOnlyAccess',
        'arn:aws:iam::111122223333:policy/managed/payments-deploy',
      ],
      permissionsBoundary: 'arn:aws:iam::111122223333:policy/managed/payments-deploy',
      tags: new Map([['team', 'payments']]),
    })
  })

  test('an absent attribute is not managed, an empty list or null is none', () => {
    expect(desired?.users.get('bob')).toMatchObject({
      groups: [],
      managedPolicies: [],
      permissionsBoundary: null,
      tags: new Map(),
    })
    expect(desired?.users.get('bob')).not.toHaveProperty('inlinePolicies')
    expect(Object.keys(desired?.users.get('carol') ?? {})).toEqual([
      'kind',
      'name',
      'path',
      'arn',
      'span',
      'node',
    ])
    expect(desired?.groups.get('idle')).not.toHaveProperty('managedPolicies')
    expect(desired?.roles.get('deploy')).toMatchObject({ description: null, maxSessionDuration: 7200 })
  })

  test('reads a document from a file beside the manifest and substitutes variables in it', () => {
    const document = desired?.roles.get('deploy')?.inlinePolicies?.get('write-logs')
    expect(document?.json.Statement).toMatchObject({ Resource: 'arn:aws:logs:eu-west-1:111122223333:*' })
    expect(document?.located?.file).toBe('production/policies/write-logs.json')
  })

  test('fills what a password policy leaves out with the defaults of the API', () => {
    expect(desired?.passwordPolicy?.value).toMatchObject({
      minimumPasswordLength: 14,
      requireSymbols: false,
      maxPasswordAge: 90,
      passwordReusePrevention: null,
    })
  })

  test('has scopes, a guard, an alias and tests', () => {
    expect(project.scopes).toEqual({
      user: { type: 'all' },
      group: { type: 'declared' },
      role: { type: 'tag', tags: new Map([['managed-by', 'iam-sync']]) },
      policy: { type: 'path', path: '/managed/' },
    })
    expect(project.guard).toMatchObject({
      maxDeletePercent: 20,
      minimumExisting: 10,
      protect: [
        { kind: 'role', name: 'break-glass' },
        { kind: 'user', name: 'ci' },
      ],
    })
    expect(desired?.alias?.value).toBe('acme')
    expect(desired?.tests).toMatchObject([
      {
        name: 'alice reads',
        actions: ['s3:GetObject'],
        resources: ['*'],
        context: new Map([
          ['aws:MultiFactorAuthPresent', ['true']],
          ['aws:TagKeys', ['a', '2']],
        ]),
        expect: 'allow',
      },
    ])
  })
})

import { describe, expect, test } from 'vitest'
import { byKind } from '../../src/model/index.ts'
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
    expect(desired?.entities.user.get('alice')).toMatchObject({
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
    expect(desired?.entities.user.get('bob')).toMatchObject({
      groups: [],
      managedPolicies: [],
      permissionsBoundary: null,
      tags: new Map(),
    })
    expect(desired?.entities.user.get('bob')).not.toHaveProperty('inlinePolicies')
    expect(Object.keys(desired?.entities.user.get('carol') ?? {})).toEqual([
      'kind',
      'name',
      'arn',
      'span',
      'node',
      'path',
    ])
    expect(desired?.entities.group.get('idle')).not.toHaveProperty('managedPolicies')
    expect(desired?.entities.role.get('deploy')).toMatchObject({
      description: null,
      maxSessionDuration: 7200,
    })
  })

  test('reads a document from a file beside the manifest and substitutes variables in it', () => {
    const document = desired?.entities.role.get('deploy')?.inlinePolicies?.get('write-logs')
    expect(document?.json.Statement).toMatchObject({ Resource: 'arn:aws:logs:eu-west-1:111122223333:*' })
    expect(document?.located?.file).toBe('production/policies/write-logs.json')
  })

  test('fills what a password policy leaves out with the defaults of the API', () => {
    expect(desired?.settings.passwordPolicy?.value).toMatchObject({
      minimumPasswordLength: 14,
      requireSymbols: false,
      maxPasswordAge: 90,
      passwordReusePrevention: null,
    })
  })

  test('has scopes, a guard, an alias and tests', () => {
    expect(project.scopes).toEqual({
      ...byKind(() => ({ type: 'declared' })),
      user: { type: 'all' },
      group: { type: 'declared' },
      role: { type: 'tag', tags: new Map([['managed-by', 'iam-sync']]) },
      policy: { type: 'path', path: '/managed/' },
      oidcProvider: { type: 'declared' },
      samlProvider: { type: 'declared' },
      serverCertificate: { type: 'declared' },
    })
    expect(project.guard).toMatchObject({
      maxDeletePercent: 20,
      minimumExisting: 10,
      protect: [
        { kind: 'role', name: 'break-glass' },
        { kind: 'user', name: 'ci' },
      ],
    })
    expect(desired?.settings.accountAlias?.value).toBe('acme')
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

describe('invariants', () => {
  const { desired } = load({
    'main.yaml': `users: { alice: { path: /team/ } }
groups: { admins: {} }
roles: { ci: { path: "/{{ account.name }}/", trustPolicy: ${TRUST} } }
invariants:
  - name: only admins pass roles
    action: iam:PassRole
    resource: "arn:aws:iam::{{ account.id }}:role/prod-*"
    onlyPrincipals:
      - group/admins
      - user/alice
      - role/ci
      - root
      - lambda.amazonaws.com
      - service:lambda.amazonaws.com
      - federated:accounts.google.com
      - canonical:00f1e2d3c4
      - id:AROAEXAMPLEID1234567
      - arn:aws:iam::444455556666:user/bob
      - arn:aws:iam::111122223333:oidc-provider/ci.example.com
      - arn:aws:sts::111122223333:assumed-role/ci/nightly
      - arn:aws:iam::111122223333:user/team/alice
  - name: outsiders read nothing
    action: [s3:Get*, "kms:?ecrypt"]
    context: { aws:SourceIp: 10.0.0.1, aws:TagKeys: [a, 2] }
    neverPrincipals: ["*", "account:*", account:444455556666]
  - { name: the trail stays, action: "cloudtrail:*", resource: ["*"], expect: deny }
`,
  })

  test('have lists of patterns, a context, and a place', () => {
    expect(desired?.invariants).toMatchObject([
      { actions: ['iam:PassRole'], resources: ['arn:aws:iam::111122223333:role/prod-*'], context: new Map() },
      {
        actions: ['s3:Get*', 'kms:?ecrypt'],
        resources: ['*'],
        context: new Map([
          ['aws:SourceIp', ['10.0.0.1']],
          ['aws:TagKeys', ['a', '2']],
        ]),
      },
      { name: 'the trail stays', resources: ['*'], rule: { type: 'nobody' } },
    ])
    expect(desired?.invariants[0]?.span.file).toBe('main.yaml')
  })

  test('name principals by what they are; who is named twice is there once', () => {
    const said = desired?.invariants.map(({ rule }) =>
      rule.type === 'nobody'
        ? rule.type
        : [rule.type, ...rule.principals.map(({ kind, id }) => `${kind} ${id}`)],
    )
    expect(said).toEqual([
      [
        'only',
        'group arn:aws:iam::111122223333:group/admins',
        'user arn:aws:iam::111122223333:user/team/alice',
        'role arn:aws:iam::111122223333:role/production/ci',
        'root arn:aws:iam::111122223333:root',
        'service lambda.amazonaws.com',
        'federated accounts.google.com',
        'canonicalUser canonical:00f1e2d3c4',
        'uniqueId id:AROAEXAMPLEID1234567',
        'user arn:aws:iam::444455556666:user/bob',
        'federated arn:aws:iam::111122223333:oidc-provider/ci.example.com',
        'session arn:aws:sts::111122223333:assumed-role/ci/nightly',
      ],
      ['never', 'anonymous *', 'account *', 'account 444455556666'],
      'nobody',
    ])
  })
})

describe('several accounts', () => {
  const FILES = {
    'iam-sync.yaml': `version: 1
accounts:
  zeta: { id: "111122223333", manifests: [shared, ./zeta/] }
  alpha: { id: "012345678901", partition: aws-us-gov, manifests: [shared/groups.yaml] }
`,
    'shared/groups.yaml': 'groups:\n  all: { managedPolicies: [ReadOnlyAccess] }\n',
    'shared/more.yml': 'groups:\n  more: {}\n',
    'zeta/users.yaml': 'users:\n  alice: { groups: [all, more] }\n',
    'zeta-other/users.yaml': 'users:\n  mallory: {}\n',
  }
  const { project } = load(FILES)

  test('stand in the order of the project file', () => {
    expect(project.accounts.map(({ name }) => name)).toEqual(['zeta', 'alpha'])
  })

  test('each takes the folders and files that it names, and no folder that only begins alike', () => {
    const [zeta, alpha] = project.accounts
    expect([...(zeta?.desired?.entities.group.keys() ?? [])]).toEqual(['all', 'more'])
    expect([...(zeta?.desired?.entities.user.keys() ?? [])]).toEqual(['alice'])
    expect([...(alpha?.desired?.entities.group.keys() ?? [])]).toEqual(['all'])
    expect(project.diagnostics.map(({ code, span }) => [code, span?.file])).toEqual([
      ['manifest.unused-file', 'zeta-other/users.yaml'],
    ])
  })

  test('names of AWS are ARNs of the partition of the account', () => {
    expect(project.accounts[1]?.desired?.entities.group.get('all')?.managedPolicies).toEqual([
      'arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess',
    ])
  })

  test('a target may be left out', () => {
    expect(project.accounts.map(({ target }) => target)).toEqual([
      { kind: 'local', database: '.iam-sync/zeta.db', quotas: {} },
      { kind: 'local', database: '.iam-sync/alpha.db', quotas: {} },
    ])
  })

  test('one with errors leaves the other its desired state, and a shared problem is said once', () => {
    const broken = load({ ...FILES, 'zeta/users.yaml': 'users:\n  alice: { groups: [nowhere] }\n' }).project
    expect(broken.accounts.map(({ desired }) => desired === null)).toEqual([true, false])
    const shared = load({ ...FILES, 'shared/groups.yaml': 'groups:\n  all: { nonsense: 1 }\n' }).project
    expect(shared.diagnostics.filter(({ code }) => code === 'manifest.unknown-key')).toHaveLength(1)
    expect(shared.accounts.map(({ desired }) => desired)).toEqual([null, null])
  })
})

describe('documents in files of their own', () => {
  test('may be YAML, beside the manifest or below the IAM folder, and are no manifests', () => {
    const files = {
      'a/main.yaml': `policies:
  one: { document: { file: docs/one.yaml } }
  two: { document: { file: shared/two.json } }
  three: { document: { file: ../shared/two.json } }
`,
      'a/docs/one.yaml': `Version: "2012-10-17"\nStatement: { Effect: Allow, Action: s3:GetObject, Resource: "*" }\n`,
      'shared/two.json': '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}',
    }
    expect(rendered(files)).toBe('')
    const { desired } = load(files)
    expect(desired?.entities.policy.get('one')?.document.located?.file).toBe('a/docs/one.yaml')
    expect(desired?.entities.policy.get('two')?.document.json.Statement).toMatchObject({ Effect: 'Deny' })
    expect(desired?.entities.policy.get('three')?.document.located?.file).toBe('shared/two.json')
  })

  test('a document that two policies share is read once and checked for both', () => {
    const files = {
      'main.yaml':
        'policies:\n  one: { document: { file: bad.json } }\n  two: { document: { file: bad.json } }\n',
      'bad.json': '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3Get","Resource":"*"}}',
    }
    expect(load(files).project.diagnostics).toMatchObject([{ code: 'policy.action-syntax' }])
  })
})

test('a manifest may be shared by anchors, merged and split into documents', () => {
  const files = {
    'main.yaml': `users:
  alice: &staff
    path: /staff/
    tags: { team: payments }
  bob: *staff
  carol: { <<: *staff, path: /other/ }
---
users:
  dave: {}
`,
  }
  expect(rendered(files)).toBe('')
  const { desired } = load(files)
  expect([...(desired?.entities.user.values() ?? [])].map(({ arn, tags }) => [arn, tags?.size])).toEqual([
    ['arn:aws:iam::111122223333:user/staff/alice', 1],
    ['arn:aws:iam::111122223333:user/staff/bob', 1],
    ['arn:aws:iam::111122223333:user/other/carol', 1],
    ['arn:aws:iam::111122223333:user/dave', undefined],
  ])
})

test('a name in the account that is declared nowhere may be written as its ARN', () => {
  const files = {
    'main.yaml':
      'users:\n  alice: { managedPolicies: ["arn:aws:iam::111122223333:policy/x/elsewhere"], permissionsBoundary: "arn:aws:iam::111122223333:policy/limit" }\n',
  }
  expect(rendered(files)).toBe('')
  expect(load(files).desired?.entities.user.get('alice')).toMatchObject({
    managedPolicies: ['arn:aws:iam::111122223333:policy/x/elsewhere'],
    permissionsBoundary: 'arn:aws:iam::111122223333:policy/limit',
  })
})

test('names that are special to JavaScript are names like any other, but for the one that objects lose', () => {
  const files = {
    'main.yaml':
      'users:\n  constructor: { tags: { prototype: x, constructor: y } }\n  hasOwnProperty: { groups: [toString] }\ngroups: { toString: {} }\n',
  }
  expect(rendered(files)).toBe('')
  const { desired } = load(files)
  expect([...(desired?.entities.user.keys() ?? [])]).toEqual(['constructor', 'hasOwnProperty'])
  expect(desired?.entities.user.get('constructor')?.tags).toEqual(
    new Map([
      ['prototype', 'x'],
      ['constructor', 'y'],
    ]),
  )
  expect(rendered({ 'main.yaml': 'users: { __proto__: {} }\n' })).toContain('error[manifest.unknown-key]')
})

test('thousands of unknown names are reported at once, and not searched for one by one', () => {
  const users = Array.from(
    { length: 3000 },
    (_, index) => `  user-${index}: { groups: [team-nmae-${index}] }\n`,
  )
  const groups = Array.from({ length: 1000 }, (_, index) => `  team-name-${index}:\n`)
  const { diagnostics } = load({
    'main.yaml': `users:\n${users.join('')}groups:\n${groups.join('')}`,
  }).project
  expect(diagnostics).toHaveLength(3000)
  expect(diagnostics[0]?.help).toMatch(/^did you mean/)
  expect(diagnostics[2999]?.help).toMatch(/^declare it/)
})

test('a backslash in a path is a character, and parts no folders', () => {
  const document =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
  const files = {
    'main.yaml': String.raw`policies: { p: { document: { file: 'x\y.json' } } }`,
    'x/y.json': document.replace('GetObject', 'PutObject'),
  }
  expect(rendered(files)).toContain('error[manifest.no-such-file]')
  expect(rendered({ ...files, 'x\\y.json': document })).toBe('')
})

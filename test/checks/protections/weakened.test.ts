import { beforeAll, describe, expect, test } from 'vitest'
import { loadManagedPolicies, type ManagedPolicyFacts } from '../../../src/catalog/managed-policies.ts'
import { weakenedProtections } from '../../../src/checks/protections/weakened.ts'
import { MANIFEST_KINDS } from '../../../src/kinds/manifest.ts'
import { loadProject } from '../../../src/manifest/load-project.ts'

let facts: ManagedPolicyFacts
beforeAll(async () => {
  facts = await loadManagedPolicies()
})

const ACCOUNTS = 'version: 1\naccounts:\n  one: { id: "111122223333" }\n  two: { id: "444455556666" }\n'
const PEOPLE = `users: { alice: {}, eve: {} }
groups: { admins: {} }
roles:
  deploy: { trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }] } }
`

function projectOf(checks: string, top = '') {
  const { project } = loadProject({
    kinds: MANIFEST_KINDS,
    files: new Map([
      ['iam-sync.yaml', ACCOUNTS + top],
      ['a.yaml', PEOPLE + checks],
    ]),
    facts,
  })
  expect(project.diagnostics).toEqual([])
  return project
}

const invariant = (...lines: readonly string[]) =>
  `invariants:\n${lines.map((line) => `  - { ${line} }\n`).join('')}`
const tests = (...lines: readonly string[]) => `tests:\n${lines.map((line) => `  - { ${line} }\n`).join('')}`

const weakened = (before: string, now: string) =>
  weakenedProtections(projectOf(before), projectOf(now)).map(({ kind, name, change, accounts }) =>
    [change, kind, name, ...accounts.map((each) => each.name)].join(' '),
  )

const PASS = 'name: p, action: "iam:PassRole", resource: "arn:aws:iam::111122223333:role/prod-*"'
const ONLY = `${PASS}, onlyPrincipals: [group/admins]`
const NEVER = 'name: n, action: ["s3:Delete*", "s3:PutObject"], neverPrincipals: [user/alice, user/eve]'
const NOBODY = 'name: x, action: "s3:*", resource: "arn:aws:s3:::audit/*", expect: deny'
const GIVEN = 'name: c, action: "s3:*", context: { "aws:SecureTransport": "false" }, expect: deny'

describe('an invariant no longer protects', () => {
  test.each([
    ['when it is gone', ONLY, '', 'removed'],
    ['when more may', ONLY, `${PASS}, onlyPrincipals: [group/admins, user/eve]`, 'changed'],
    ['when others may', ONLY, `${PASS}, onlyPrincipals: [user/eve]`, 'changed'],
    ['when it is about some of those who may not', ONLY, `${PASS}, neverPrincipals: [user/eve]`, 'changed'],
    ['when fewer of its actions are named', NEVER, NEVER.replace(', "s3:PutObject"', ''), 'changed'],
    ['when an action is narrower', NOBODY, NOBODY.replace('s3:*', 's3:Delete*'), 'changed'],
    ['when a resource is narrower', NOBODY, NOBODY.replace('audit/*', 'audit/logs/*'), 'changed'],
    ['when it is about another bucket', NOBODY, NOBODY.replace('audit', 'audits'), 'changed'],
    [
      'when a wildcard of one character stands for many',
      NOBODY,
      NOBODY.replace('audit/*', 'audit/?'),
      'changed',
    ],
    ['when it is about anything that has a name', GIVEN, `${GIVEN}, resource: "arn:aws:s3:::*"`, 'changed'],
    ['when fewer must not', NEVER, NEVER.replace(', user/eve', ''), 'changed'],
    ['when some may', NOBODY, NOBODY.replace('expect: deny', 'onlyPrincipals: [user/alice]'), 'changed'],
    [
      'when a request must have more',
      NOBODY,
      `${NOBODY}, context: { "aws:SecureTransport": "false" }`,
      'changed',
    ],
    ['when a request must have something else', GIVEN, GIVEN.replace('false', 'true'), 'changed'],
    [
      'when nobody may, but root was named',
      `${PASS}, neverPrincipals: [root]`,
      `${PASS}, expect: deny`,
      'changed',
    ],
  ])('%s', (_, before, now, change) => {
    const name = /name: (\w)/.exec(before)?.[1]
    expect(weakened(invariant(before), now === '' ? '' : invariant(now))).toEqual([
      `${change} invariant ${name} one two`,
    ])
    expect(weakened(invariant(before), invariant(before))).toEqual([])
  })

  test.each([
    ['when it has another name', ONLY, ONLY.replace('name: p', 'name: q')],
    ['when fewer may', `${PASS}, onlyPrincipals: [group/admins, user/eve]`, ONLY],
    ['when nobody may', ONLY, `${PASS}, expect: deny`],
    ['when nobody may where some had not to', NEVER, NEVER.replace(/neverPrincipals.*/, 'expect: deny')],
    ['when more must not', NEVER.replace(', user/eve', ''), NEVER],
    ['when an action is wider', NEVER, NEVER.replace('"s3:Delete*"', '"S3:*"')],
    ['when a resource is wider', NOBODY, NOBODY.replace('audit/*', '*')],
    ['when it is about any resource', NOBODY, NOBODY.replace('"arn:aws:s3:::audit/*"', '"*"')],
    ['when a request must have less', `${NOBODY}, context: { "aws:SecureTransport": "false" }`, NOBODY],
    ['when a key is spelt otherwise', GIVEN, GIVEN.replace('aws:Secure', 'AWS:secure')],
  ])('but not %s', (_, before, now) => {
    expect(weakened(invariant(before), invariant(now))).toEqual([])
  })

  test('but not when two say together what one said', () => {
    const [a, b] = [
      NEVER.replace(', "s3:PutObject"', ''),
      NEVER.replace('"s3:Delete*", ', '').replace('name: n', 'name: o'),
    ]
    expect(weakened(invariant(NEVER), invariant(a, b))).toEqual([])
    expect(weakened(invariant(NEVER), invariant(b))).toEqual(['removed invariant n one two'])
  })

  test('but not when somebody named in it moves to another path', () => {
    const moved = projectOf(invariant(`${PASS}, neverPrincipals: [user/alice]`))
    const before = loadProject({
      kinds: MANIFEST_KINDS,
      facts,
      files: new Map([
        ['iam-sync.yaml', ACCOUNTS],
        [
          'a.yaml',
          PEOPLE.replace('alice: {}', 'alice: { path: /staff/ }') +
            invariant(`${PASS}, neverPrincipals: [user/alice]`),
        ],
      ]),
    }).project
    expect(weakenedProtections(before, moved)).toEqual([])
  })
})

const DENY =
  'name: t, principal: user/alice, action: "s3:GetObject", resource: "arn:aws:s3:::a/b", expect: deny'

describe('a test no longer protects', () => {
  test.each([
    ['when it is gone', DENY, '', 'removed'],
    ['when the opposite is expected', DENY, DENY.replace('expect: deny', 'expect: allow'), 'changed'],
    ['when what is allowed need not be', DENY.replace('deny', 'allow'), '', 'removed'],
    ['when it is about somebody else', DENY, DENY.replace('alice', 'eve'), 'changed'],
    ['when it is about another resource', DENY, DENY.replace('a/b', 'a/c'), 'changed'],
    ['when it asks in another context', DENY, `${DENY}, context: { "aws:SourceIp": "10.0.0.1" }`, 'changed'],
    ['when it asks in less context', `${DENY}, context: { "aws:SourceIp": "10.0.0.1" }`, DENY, 'changed'],
  ])('%s', (_, before, now, change) => {
    expect(weakened(tests(before), now === '' ? '' : tests(now))).toEqual([`${change} test t one two`])
  })

  test('but not when it is renamed, asks for more, or stands in two', () => {
    const two = DENY.replace('"s3:GetObject"', '["s3:GetObject", "s3:PutObject"]')
    expect(weakened(tests(DENY), tests(two.replace('name: t', 'name: u')))).toEqual([])
    expect(weakened(tests(two), tests(DENY, DENY.replace('s3:Get', 's3:Put')))).toEqual([])
    expect(weakened(tests(two), tests(DENY))).toEqual(['changed test t one two'])
  })
})

describe('the guard and the scope', () => {
  const limits = (before: string, now: string) =>
    weakenedProtections(projectOf('', before), projectOf('', now)).map(({ name, change, details }) => [
      `${change} ${name}`,
      ...details,
    ])

  test('a larger share, a later start and a name that goes are weaker; the opposite is not', () => {
    const [strong, weak] = [
      'guard: { maxDeletePercent: 10, minimumExisting: 5, protect: [user/alice, role/deploy] }\n',
      'guard: { maxDeletePercent: 90, minimumExisting: 500, protect: [role/deploy] }\n',
    ]
    expect(limits(strong, weak)).toEqual([
      ['removed guard.protect', { type: 'list', path: 'protect', added: [], removed: ['user/alice'] }],
      ['changed guard.maxDeletePercent', { type: 'value', path: 'maxDeletePercent', before: 10, after: 90 }],
      ['changed guard.minimumExisting', { type: 'value', path: 'minimumExisting', before: 5, after: 500 }],
    ])
    expect(limits(weak, strong)).toEqual([])
    // The defaults count: 30 of 10.
    expect(limits(strong, '').map(([name]) => name)).toEqual([
      'removed guard.protect',
      'changed guard.maxDeletePercent',
      'changed guard.minimumExisting',
    ])
  })

  test('another scope lets something else be deleted, and leaves something else', () => {
    expect(limits('', 'scope: { users: all }\n')).toEqual([
      ['changed scope.users', { type: 'value', path: 'users', before: 'declared', after: 'all' }],
    ])
    expect(
      limits('scope: { roles: { path: /a/ } }\n', 'scope: { roles: { tag: { b: c, a: d } } }\n'),
    ).toEqual([
      ['changed scope.roles', { type: 'value', path: 'roles', before: 'path /a/', after: 'tags a=d, b=c' }],
    ])
    expect(limits('scope: { users: all }\n', 'scope: { users: all, groups: declared }\n')).toEqual([])
  })
})

test('what one account keeps and another one loses is said of the one', () => {
  const project = (manifests: string) =>
    loadProject({
      kinds: MANIFEST_KINDS,
      facts,
      files: new Map([
        [
          'iam-sync.yaml',
          `version: 1\naccounts:\n  one: { id: "111122223333", manifests: [a.yaml, i.yaml] }\n  two: { id: "444455556666", manifests: ${manifests} }\n`,
        ],
        ['a.yaml', PEOPLE],
        ['i.yaml', invariant(NOBODY)],
      ]),
    }).project
  expect(weakenedProtections(project('[a.yaml, i.yaml]'), project('[a.yaml]'))).toMatchObject([
    { name: 'x', change: 'removed', accounts: [{ id: '444455556666', name: 'two' }] },
  ])
})

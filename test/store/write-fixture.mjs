// Writes the fixture of today's schema: what the built version keeps of some calls and applies, as a dump, and what it reads of
// it. Run it once, when a schema is shipped; those of earlier ones stay as their versions wrote them.
// npm run build && node test/store/write-fixture.mjs
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { openIam } from '../../dist/src/iam/embedded-iam.js'
import { IAM_KINDS } from '../../dist/src/kinds/iam.js'
import { STORE_KINDS } from '../../dist/src/kinds/store.js'
import { openWritableSqlite } from '../../dist/src/store/sqlite/open.js'
import { MIGRATIONS } from '../../dist/src/store/sqlite/schema/migrations.js'

const version = MIGRATIONS.length
const folder = mkdtempSync(join(tmpdir(), 'iam-sync-fixture-'))
const file = join(folder, 'a.db')
const account = { id: '111122223333', partition: 'aws' }
const store = await openWritableSqlite({ file, account, kinds: STORE_KINDS })

let now = Date.UTC(2026, 0, 1)
let seed = version
const randomBytes = (count) =>
  Uint8Array.from({ length: count }, () => {
    seed = (seed * 1103515245 + 12345) >>> 0
    return (seed >>> 16) & 255
  })
const document = (action) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] })
const spaced = (action) =>
  JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: { Sid: 'Own', Effect: 'Deny', Action: [action], Resource: 'arn:aws:s3:::é/*' },
    },
    null,
    2,
  )
const trusting = (principal) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
  })
const arn = (resource) => `arn:aws:iam::111122223333:${resource}`
const BILLING = 'arn:aws:iam::aws:policy/job-function/Billing'
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const ofAws = JSON.parse(document('s3:Get*'))
const has = (policy) => [BILLING, READ_ONLY].includes(policy)

const iam = openIam({
  account,
  kinds: IAM_KINDS,
  store: store.iam,
  awsPolicies: {
    has,
    document: (policy) => (has(policy) ? ofAws : null),
    versionOf: (policy) => (has(policy) ? 'v7' : null),
  },
  clock: () => {
    now += 1500
    return now
  },
  randomBytes,
})
const reader = arn('policy/team/a/reader')
const tags = [
  { Key: 'team', Value: 'a' },
  { Key: 'Team', Value: 'ü' },
]
const calls = [
  ['CreatePolicy', { PolicyName: 'Edge', PolicyDocument: document('s3:*'), Tags: tags }],
  [
    'CreatePolicy',
    {
      PolicyName: 'reader',
      Path: '/team/a/',
      Description: `it's “read”\n"only" \\ 😀`,
      PolicyDocument: document('s3:*'),
      Tags: tags,
    },
  ],
  ['CreatePolicy', { PolicyName: 'Zeta', Description: 'z', PolicyDocument: document('s3:*') }],
  ...[2, 3, 4, 5].map((number) => [
    'CreatePolicyVersion',
    { PolicyArn: reader, PolicyDocument: spaced(`s3:Put${number}`), SetAsDefault: number === 4 },
  ]),
  ...[6, 7, 8, 9, 10, 11].flatMap((number) => [
    ['DeletePolicyVersion', { PolicyArn: reader, VersionId: `v${number === 6 ? 2 : number - 1}` }],
    ['CreatePolicyVersion', { PolicyArn: reader, PolicyDocument: spaced(`s3:Put${number}`) }],
  ]),
  ['CreateGroup', { GroupName: 'Developers' }],
  ['CreateGroup', { GroupName: 'admins', Path: '/eng/' }],
  ['CreateGroup', { GroupName: 'empty' }],
  [
    'CreateUser',
    {
      UserName: 'Alice',
      Path: '/engineering/eu/',
      Tags: [
        { Key: 'team', Value: 'payments' },
        { Key: 'a', Value: '' },
      ],
      PermissionsBoundary: arn('policy/Edge'),
    },
  ],
  ...['bob', 'carol', 'dave', 'erin'].map((UserName) => ['CreateUser', { UserName }]),
  ['AddUserToGroup', { UserName: 'Alice', GroupName: 'Developers' }],
  ['AddUserToGroup', { UserName: 'Alice', GroupName: 'admins' }],
  ['AddUserToGroup', { UserName: 'bob', GroupName: 'Developers' }],
  ['AttachUserPolicy', { UserName: 'Alice', PolicyArn: reader }],
  ['AttachUserPolicy', { UserName: 'Alice', PolicyArn: READ_ONLY }],
  ['AttachGroupPolicy', { GroupName: 'admins', PolicyArn: BILLING }],
  ['PutUserPolicy', { UserName: 'Alice', PolicyName: 'own', PolicyDocument: spaced('sqs:*') }],
  ['PutUserPolicy', { UserName: 'Alice', PolicyName: 'Another', PolicyDocument: document('sns:*') }],
  ['PutGroupPolicy', { GroupName: 'Developers', PolicyName: 'logs', PolicyDocument: document('logs:*') }],
  [
    'CreateRole',
    {
      RoleName: 'deploy',
      Path: '/ci/',
      Description: 'déploie "tout"',
      MaxSessionDuration: 7200,
      AssumeRolePolicyDocument: trusting({
        AWS: ['bob', 'carol', 'dave'].map((name) => arn(`user/${name}`)),
      }),
      Tags: [{ Key: 'k', Value: 'v' }],
      PermissionsBoundary: READ_ONLY,
    },
  ],
  [
    'CreateRole',
    { RoleName: 'service', AssumeRolePolicyDocument: trusting({ Service: 'lambda.amazonaws.com' }) },
  ],
  [
    'UpdateAssumeRolePolicy',
    { RoleName: 'service', PolicyDocument: trusting({ AWS: [arn('role/ci/deploy'), '444455556666'] }) },
  ],
  ['AttachRolePolicy', { RoleName: 'deploy', PolicyArn: reader }],
  ['PutRolePolicy', { RoleName: 'deploy', PolicyName: 'write-logs', PolicyDocument: document('logs:Put*') }],
  // One whom the trust policy names has another name by now, one is gone and another has his name.
  ['UpdateUser', { UserName: 'carol', NewUserName: 'Caroline', NewPath: '/x/' }],
  ['DeleteUser', { UserName: 'dave' }],
  ['CreateUser', { UserName: 'dave' }],
  ['UpdateAccountPasswordPolicy', { MinimumPasswordLength: 14, RequireSymbols: true, MaxPasswordAge: 90 }],
  ['CreateAccountAlias', { AccountAlias: 'acme' }],
]
for (const [operation, input] of calls) await iam.write(operation, input)

const { journal } = store
await journal.putHolder({
  pid: 4242,
  host: 'laptop',
  start: '2026-01-01T00:00:00Z',
  commit: null,
  entryId: null,
})
for (const [id, outcome] of [
  ['1', 'complete'],
  ['2', 'complete'],
  ['3', 'partial'],
  ['4', null],
]) {
  await journal.insert(
    {
      id,
      time: `2026-01-0${id}T00:00:00.000Z`,
      commit: id === '1' ? null : 'c0ffee',
      dirty: id === '1' ? null : id === '2',
      actor: 'alice@laptop',
      digest: `sha256:0${id}`,
    },
    JSON.stringify({ [`user/u${id}`]: { tags: ['team'] } }),
    JSON.stringify({ organization: null, resources: [] }),
  )
  if (outcome === null) continue
  const isPartial = outcome === 'partial'
  const reason = isPartial ? 'store.disk-full' : null
  await journal.finish(id, { outcome, done: 3, failed: Number(isPartial), skipped: 0, reason })
}

/** As `earlier-schemas.test.ts` reads it. */
const policyTags = {}
for (const name of ['Edge', 'team/a/reader', 'Zeta'])
  policyTags[`policy/${name}`] = (await iam.read('ListPolicyTags', { PolicyArn: arn(`policy/${name}`) })).Tags
const groups = {}
for (const name of ['Developers', 'admins', 'empty'])
  groups[name] = (await iam.read('GetGroup', { GroupName: name })).Users
const read = {
  details: await iam.read('GetAccountAuthorizationDetails', { MaxItems: 1000 }),
  roles: (await iam.read('ListRoles', {})).Roles,
  policyTags,
  groups,
  passwordPolicy: (await iam.read('GetAccountPasswordPolicy', {})).PasswordPolicy,
  aliases: (await iam.read('ListAccountAliases', {})).AccountAliases,
  entries: await journal.entries(),
  declarations: await journal.declarations(),
  facts: await journal.facts(),
  holder: await journal.holder(),
}
await store.close()

const database = new Database(file)
const all = (sql) => database.prepare(sql).all([])
const dump = []
for (const { type, name, sql } of all(
  'SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid',
)) {
  dump.push(`${sql};`)
  if (type !== 'table') continue
  const columns = all(`SELECT name FROM pragma_table_info('${name}')`).map(
    (column) => `quote("${column.name}")`,
  )
  for (const row of all(`SELECT ${columns.join(" || ', ' || ")} AS row FROM "${name}"`))
    dump.push(`INSERT INTO "${name}" VALUES (${row.row});`)
}
database.close()
rmSync(folder, { recursive: true })
const write = (kind, text) =>
  writeFileSync(new URL(`fixtures/schema-${version}.${kind}`, import.meta.url), `${text}\n`)
write('sql', dump.join('\n'))
write('json', JSON.stringify(read, null, 2))

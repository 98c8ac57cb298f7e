import { describe, expect, test } from 'vitest'
import { commitAll, temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere, runIn } from './in-process.ts'
import { jsonOf } from './run.ts'

const PROJECT = `version: 1
accounts:
  production: { id: "111122223333", target: { kind: local, database: .iam-sync/production.db } }
`
const policy = (statement: string) => `users:
  ada: { managedPolicies: [data] }
policies:
  data:
    document:
      Version: "2012-10-17"
      Statement:
${statement}`
const READ = `        - Sid: Read
          Effect: Allow
          Action: s3:GetObject
          Resource: arn:aws:s3:::data/*
`
const READ_AND_WRITE = READ.replace('s3:GetObject', '[s3:GetObject, s3:PutObject]')
const PUBLIC_ROLE = `roles:
  open:
    trustPolicy:
      Version: "2012-10-17"
      Statement: { Effect: Allow, Principal: { AWS: "*" }, Action: sts:AssumeRole }
`

async function committed(manifest: string): Promise<string> {
  const folder = temporaryFolder({ 'iam-sync.yaml': PROJECT, 'access.yaml': manifest })
  await commitAll(folder, 'first')
  return folder
}

const access = (folder: string, ...args: readonly string[]) => runHere('access', ...args, '--dir', folder)

describe('access check', () => {
  test('no new access since a commit: less is none, more is shown with its proof', async () => {
    const folder = await committed(policy(READ))
    const same = await access(folder, 'check', '--no-new-access', 'main')
    expect([same.code, same.out]).toEqual([0, 'holds    no new access since `main`\n'])
    writeFiles(folder, { 'access.yaml': policy(READ_AND_WRITE) })
    const more = await access(folder, 'check', '--no-new-access', 'main')
    expect([more.code, more.out]).toEqual([
      4,
      `FAIL     no new access since \`main\`
  + user/ada
      s3  write 1 (PutObject)
        on arn:aws:s3:::data/*  from access.yaml:8
        e.g. s3:PutObject arn:aws:s3:::data/example  [verified]
`,
    ])
    await commitAll(folder, 'second')
    writeFiles(folder, { 'access.yaml': policy(READ) })
    expect((await access(folder, 'check', '--no-new-access', 'main')).code).toBe(0)
  })

  test('not granted: by action and resource, and what a condition keeps out', async () => {
    const folder = await committed(policy(READ))
    expect((await access(folder, 'check', '--not-granted', 's3:Put*,s3:Delete*')).code).toBe(0)
    const found = await access(folder, 'check', '--not-granted', 's3:Get*', '--json')
    expect(found.code).toBe(4)
    expect(jsonOf(found)).toMatchObject({
      holds: false,
      violations: [
        {
          principals: ['arn:aws:iam::111122223333:user/ada'],
          actions: ['s3:GetObject'],
          witness: { action: 's3:GetObject', resource: 'arn:aws:s3:::data/example' },
          source: { file: 'access.yaml', line: 8 },
        },
      ],
      unknown: [],
    })
    const elsewhere = ['--not-granted', 's3:Get*', '--resource', 'arn:aws:s3:::other/*']
    expect((await access(folder, 'check', ...elsewhere)).code).toBe(0)
  })

  test('no public access: a role that anybody may assume', async () => {
    const folder = await committed(`${policy(READ)}${PUBLIC_ROLE}`)
    const ran = await access(folder, 'check', '--no-public-access')
    expect(ran.code).toBe(4)
    expect(ran.out).toContain('may assume role/open')
    writeFiles(folder, { 'access.yaml': `${policy(READ)}${PUBLIC_ROLE.replace('"*"', '"444455556666"')}` })
    expect((await access(folder, 'check', '--no-public-access')).code).toBe(0)
  })

  test('what can not be decided is said, and does not pass', async () => {
    // A name that holds all of these words is hard to find, or to rule out.
    const words = Array.from({ length: 16 }, (_, index) => `w${index}x${index * 7}y`)
    const hard = words.map(
      (word) =>
        `        - { Effect: Deny, Action: s3:GetObject, NotResource: "arn:aws:s3:::data/*${word}*" }\n`,
    )
    const folder = await committed(policy(`${READ}${hard.join('')}`))
    const ran = await access(folder, 'check', '--not-granted', 's3:GetObject')
    expect([ran.code, ran.out]).toEqual([
      4,
      `unknown  nobody may s3:GetObject
  ? user/ada  unknown, so it counts as gained: it would take too long to decide  (policy/data, statement Read, access.yaml:8)
`,
    ])
    expect(jsonOf(await access(folder, 'check', '--not-granted', 's3:GetObject', '--json')).holds).toBe(
      'unknown',
    )
  })

  test('errors are 1', async () => {
    const folder = await committed(policy(READ))
    for (const args of [
      [],
      ['--no-new-access', 'nowhere'],
      ['--not-granted', 'nonsense'],
      ['--resource', 'arn:aws:s3:::a'],
      ['--no-public-access', '--account', 'nobody'],
    ]) {
      const ran = await access(folder, 'check', ...args)
      expect([args, ran.code, ran.out]).toEqual([args, 1, ''])
      expect(ran.err).toMatch(/^error\[/)
    }
  })
})

describe('access diff', () => {
  test('of a commit and the working tree', async () => {
    const folder = await committed(policy(READ))
    const none = await access(folder, 'diff', 'git:main', 'desired', '--exit-code')
    expect([none.code, none.out]).toEqual([
      0,
      'production (111122223333)\n\naccess: no changes  (resource policies that are not declared here are not looked at)\n',
    ])
    writeFiles(folder, { 'access.yaml': policy(READ.replace('data/*', 'data/public/*')) })
    const less = await access(folder, 'diff', 'git:main', 'desired', '--exit-code', '--json')
    expect(less.code).toBe(2)
    const [{ access: found }] = jsonOf(less).accounts
    expect(found).toMatchObject({
      verdict: 'lost',
      gained: [],
      lost: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::data/*'] }],
    })
  })

  test('of what is applied and what is declared', async () => {
    const folder = await committed(policy(READ))
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    expect((await access(folder, 'diff', 'observed', 'desired', '--exit-code')).code).toBe(0)
    writeFiles(folder, { 'access.yaml': policy(READ_AND_WRITE) })
    const ran = await access(folder, 'diff', 'observed', 'desired', '--exit-code')
    expect([ran.code, ran.out]).toEqual([
      2,
      expect.stringContaining('+ user/ada\n    s3  write 1 (PutObject)'),
    ])
  })

  test('of two policy files, whoever holds them', async () => {
    const document = (action: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: action, Resource: 'arn:aws:s3:::data/*' },
      })
    const folder = temporaryFolder({ 'old.json': document('s3:Get*'), 'new.json': document('s3:GetObject') })
    const ran = await runIn(folder, 'access', 'diff', 'old.json', 'new.json', '--exit-code', '--json')
    expect(ran.code).toBe(2)
    const { accounts } = jsonOf(ran)
    expect(accounts).toMatchObject([{ account: null, access: { verdict: 'lost', gained: [] } }])
    expect(accounts[0].access.lost[0]).toMatchObject({
      principals: [],
      witness: { principal: 'arn:aws:iam::123456789012:user/example' },
    })
    expect((await runIn(folder, 'access', 'diff', 'old.json', 'old.json', '--exit-code')).code).toBe(0)
  })
})

describe('session tags', () => {
  const role = (action: string, condition = '') => `roles:
  app:
    tags: {}
    trustPolicy:
      Version: "2012-10-17"
      Statement: { Effect: Allow, Principal: { AWS: "444455556666" }, Action: ${action}${condition} }
    inlinePolicies:
      abac:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Action: secretsmanager:GetSecretValue
          Resource: "*"
          Condition: { StringEquals: { aws:PrincipalTag/team: payments } }
`
  const check = async (manifest: string, ...args: readonly string[]) => {
    const folder = temporaryFolder({ 'iam-sync.yaml': PROJECT, 'access.yaml': manifest })
    return access(folder, 'check', '--not-granted', 'secretsmanager:GetSecretValue', ...args)
  }
  const OPEN = '[sts:AssumeRole, sts:TagSession]'

  test('fail a check where a trust policy lets them in, and are named', async () => {
    const { code, out } = await check(role(OPEN))
    expect(code).toBe(4)
    expect(out).toContain('when session tag team = payments')
    const [violation] = jsonOf(await check(role(OPEN), '--json')).violations
    expect(violation).toMatchObject({
      sessionTags: { team: 'payments' },
      witness: { context: { 'aws:PrincipalTag/team': 'payments' } },
    })
  })

  test.each([
    ['there is no sts:TagSession', 'sts:AssumeRole', ''],
    ['another value is asked for', OPEN, ', Condition: { StringEquals: { aws:RequestTag/team: search } }'],
    [
      'the key is not among the keys',
      OPEN,
      ', Condition: { "ForAllValues:StringEquals": { aws:TagKeys: [cost] } }',
    ],
  ])('hold a check where %s', async (_, action, condition) => {
    expect((await check(role(action, condition))).code).toBe(0)
  })

  test('are a gain of a plan that lets them in', async () => {
    const folder = await committed(role('sts:AssumeRole'))
    writeFiles(folder, { 'access.yaml': role(OPEN) })
    const { code, out } = await access(folder, 'check', '--no-new-access', 'main')
    expect(code).toBe(4)
    expect(out).toContain('when session tag team = payments')
  })
})

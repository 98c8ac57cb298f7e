import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import { COMMANDS } from '../../src/cli/arguments/command-table.ts'
import { EXIT, type ExitCode } from '../../src/cli/exit-code.ts'
import { lastLine } from '../../src/cli/output/last-line.ts'
import { errorOf, SourceTexts } from '../../src/diagnostics/index.ts'
import { openWritableAudit } from '../../src/store/sqlite/audit-log.ts'
import { openWritable } from '../../src/target/local/open-local-target.ts'
import { commitAll, temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { sandbox } from './projects.ts'

/** What each command may end with beside 0. Signals, which need a process, are in apply.test.ts and watch.test.ts. */
const EXITS: Readonly<Record<string, readonly ExitCode[]>> = {
  init: [1],
  validate: [1],
  plan: [1, 2, 3, 4],
  apply: [1, 3, 4, 5],
  adopt: [1],
  watch: [1],
  history: [1],
  // What comes after the commit is found is `apply`'s.
  rollback: [1],
  backup: [1],
  restore: [1, 5],
  evaluate: [1, 2],
  'who-can': [1],
  'access diff': [1, 2],
  'access check': [1, 4],
  'access escalations': [1, 4],
  test: [1, 4],
  comment: [1, 2, 4],
  completion: [1],
  revoke: [1, 5],
  // What comes on a terminal is in mfa-enroll.test.ts.
  'mfa enroll': [1],
  serve: [1],
  'audit list': [1],
  'audit verify': [1, 4],
  'audit export': [1],
}

/** A project whose audit log has a record that was changed. */
async function tamperedLog(): Promise<string> {
  const folder = sandbox()
  const account = { id: '111122223333', partition: 'aws' } as const
  const file = { file: join(folder, '.iam-sync/sandbox.db.audit'), shownAs: 'x', account }
  const log = await openWritableAudit(file)
  const { previous, hash } = { previous: '0'.repeat(64), hash: '1'.repeat(64) }
  const row = { sequence: 1, previous, hash, text: '{}' }
  await log.append(() => ({ added: [row], head: { sequence: 1, hash, seal: '' } }))
  await log.close()
  return folder
}

const READ =
  '{ Version: "2012-10-17", Statement: [{ Sid: Read, Effect: Allow, Action: sqs:ReceiveMessage, Resource: "*" }] }'

const READ_BY_ROOT = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' }],
})

const PEOPLE = `users:
  alice: { managedPolicies: [read] }
policies: { read: { document: ${READ} } }
`

const FAILING = `${PEOPLE}tests:
  - name: reads
    principal: user/alice
    action: sqs:ReceiveMessage
    resource: arn:aws:sqs:eu-west-1:111122223333:q
    expect: allow
  - name: deletes
    principal: user/alice
    action: sqs:DeleteQueue
    resource: arn:aws:sqs:eu-west-1:111122223333:q
    expect: allow
invariants:
  - { name: nobody reads, action: sqs:ReceiveMessage, expect: deny }
`

/** No request of a stranger is about another partition. */
const CALLED_PUBLIC = `resources:
  arn:aws:s3:::data:
    policy:
      { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: "arn:aws-cn:s3:::data/*" }] }
`

/** Nobody says whom the role of an account outside of the project trusts. */
const UNDECIDED = `users:
  alice: { managedPolicies: [assume] }
policies: { assume: { document: ${READ.replace('sqs:ReceiveMessage', 'sts:AssumeRole')} } }
tests:
  - { name: elsewhere, principal: user/alice, action: sts:AssumeRole, resource: "arn:aws:iam::999988887777:role/x", expect: allow }
`

const TWO = `version: 1
accounts:
  first: { id: "111122223333", manifests: [first.yaml] }
  second: { id: "444455556666", manifests: [second.yaml] }
`

const BROKEN = 'users: { alice: { groups: [nobody], pth: /x/ } }\n'

const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

/** A project whose database another apply is at. */
async function locked(): Promise<string> {
  const folder = sandbox(PEOPLE)
  const target = await openWritable({
    database: join(folder, '.iam-sync/sandbox.db'),
    account: { id: '111122223333', partition: 'aws' },
    facts: await loadManagedPolicies(),
    clock: () => 0,
    randomBytes: (count) => new Uint8Array(count),
  })
  await target.iam.write('CreateRole', {
    RoleName: 'held',
    AssumeRolePolicyDocument: READ_BY_ROOT,
  })
  const held = await target.journal.tryLock({
    pid: process.pid,
    host: 'build-7',
    start: '2026-01-01T00:00:00.000Z',
    commit: null,
  })
  if (!('lock' in held)) throw new Error('the lock is not free')
  closing.push(async () => {
    await held.lock.release()
    await target.close()
  })
  return folder
}

/** What a restore is asked for while an apply is under way. */
async function lockedBackup(): Promise<readonly string[]> {
  const folder = await locked()
  const file = join(temporaryFolder(), 'a.backup')
  expect((await runHere('backup', file, '--dir', folder)).code).toBe(0)
  return [file, '--dir', folder, '--account', 'sandbox', '--yes']
}

/** A project of which an apply would delete somebody who is protected. */
async function guarded(more = ''): Promise<string> {
  const folder = sandbox(`${PEOPLE}`.replace('alice:', 'keeper: {}\n  alice:'))
  expect((await runHere('apply', folder, '--yes')).code).toBe(0)
  writeFiles(folder, { 'people.yaml': `${PEOPLE}${more}` })
  return folder
}

const atTwo = (first: string, second: string) =>
  temporaryFolder({ 'iam-sync.yaml': TWO, 'first.yaml': first, 'second.yaml': second })

/** A repository in which somebody gets a policy after the commit `main`. */
async function repository(): Promise<string> {
  const folder = sandbox(PEOPLE)
  await commitAll(folder, 'first')
  writeFiles(folder, { 'people.yaml': PEOPLE.replace('[read]', '[read, ReadOnlyAccess]') })
  return folder
}

const policies = () =>
  temporaryFolder({
    'a.json':
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}',
    'b.json': '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
    'broken.json': '{"Version":"2012-10-17" "Statement":[]}',
    'asked.jsonl':
      '\n{"id":"1","request":{"principal":"arn:aws:iam::111122223333:user/a","action":"s3:GetObject","resource":"*"}}\n{"id":"2"}\nnonsense\n',
  })

const ESCALATING = `users:
  alice: { inlinePolicies: { i: ${READ.replace('sqs:ReceiveMessage', 'iam:CreateAccessKey')} } }
  boss: { managedPolicies: [AdministratorAccess] }
`

type Row = readonly [
  command: string,
  code: ExitCode,
  name: string,
  args: () => readonly string[] | Promise<readonly string[]>,
  says: string | RegExp,
]

const nowhere = () => join(temporaryFolder(), 'nowhere')
const ask = (action: string) => [
  '--principal',
  'user/alice',
  '--action',
  action,
  '--resource',
  'arn:aws:s3:::b/x',
]

const ROWS: readonly Row[] = [
  [
    'comment',
    1,
    'no repository',
    () => [sandbox(PEOPLE), '--dry-run', '--against', 'git:main'],
    /is not in a git repository$/,
  ],
  [
    'comment',
    2,
    'changes',
    async () => [await repository(), '--dry-run', '--against', 'git:main', '--exit-code'],
    /^changes in sandbox: 1 to update/,
  ],
  [
    'comment',
    4,
    'a gate',
    async () => [
      ...[await repository(), '--dry-run', '--against', 'git:main'],
      ...['--not-granted', 's3:ListAllMyBuckets'],
    ],
    /does not hold/,
  ],
  ...['validate', 'plan', 'apply', 'history', 'test'].flatMap((command): readonly Row[] => [
    [command, 1, 'an unknown flag', () => ['--nonsense'], 'unknown flag `--nonsense`'],
    [command, 1, 'no such folder', () => [nowhere()], /is not there|no folder|nowhere/],
    [command, 1, 'two errors of a file', () => [sandbox(BROKEN)], '2 errors (people.yaml:1)'],
    [
      command,
      1,
      'one error of a file',
      () => [sandbox('users: { alice: { groups: [nobody] } }\n')],
      'no group `nobody` is declared (people.yaml:1)',
    ],
  ]),
  ['init', 1, 'a project that is there', () => [sandbox()], '`iam-sync.yaml` is there already'],
  ['backup', 1, 'nothing to copy', () => ['x', '--dir', sandbox()], /^there is no database `/],
  [
    'restore',
    1,
    'no such file',
    () => [join(temporaryFolder(), 'x'), '--dir', sandbox(), '--account', 'sandbox'],
    /can't be found/,
  ],
  ['restore', 5, 'the lock', () => lockedBackup(), /^the lock is held by an apply; nothing was restored$/],
  ['rollback', 1, 'no place to go to', () => [sandbox(PEOPLE)], 'nothing says what to roll back to'],
  ['adopt', 1, 'nobody', () => ['--dir', sandbox()], 'nobody is named'],
  [
    'adopt',
    1,
    'somebody unknown',
    () => ['user/bob', '--dir', sandbox()],
    'nothing is declared as `user/bob`',
  ],
  [
    'mfa enroll',
    1,
    'no terminal',
    () => ['alice', '--dir', sandbox()],
    /^nothing was made: there is no terminal/,
  ],
  ['revoke', 1, 'nobody', () => ['--dir', sandbox()], 'no role is named'],
  [
    'revoke',
    5,
    'the lock',
    async () => ['role/held', '--yes', '--dir', await locked()],
    /^the lock of `sandbox` is held by an apply .*; nothing was written$/,
  ],
  ['watch', 1, 'no such folder', () => [nowhere()], /nowhere/],
  ['completion', 1, 'an unknown shell', () => ['zhs'], 'there is no completion for `zhs`'],
  ['serve', 1, 'a port that is none', () => ['--ephemeral', '--port', 'x'], '`--port x` is no port'],
  ['audit list', 1, 'no number', () => ['--limit', 'x', '--dir', sandbox()], '`--limit x` is no number'],
  ['audit export', 1, 'no time', () => ['--since', 'x', '--dir', sandbox()], '`--since x` is not a time'],
  ['audit verify', 1, 'no end', () => ['--expect', 'x', '--dir', sandbox()], '`--expect x` is no end'],
  [
    'audit verify',
    4,
    'a record that was changed',
    async () => ['--dir', await tamperedLog()],
    /^record 1 of `\.iam-sync\/sandbox\.db\.audit` was changed after it was written$/,
  ],
  [
    'plan',
    2,
    'changes, where that was asked for',
    () => [sandbox(PEOPLE), '--exit-code'],
    'changes in sandbox: 2 to create',
  ],
  [
    'plan',
    2,
    'changes of two accounts',
    () => [atTwo(PEOPLE, 'users: { bob: {} }\n'), '--exit-code'],
    'changes in first: 2 to create; changes in second: 1 to create',
  ],
  ['plan', 3, 'the guard', async () => [await guarded()], /^the guard refused: .*protect.* in sandbox/],
  [
    'plan',
    3,
    'the guard, and a test that fails too',
    async () => [await guarded(FAILING.slice(PEOPLE.length))],
    /^the guard refused: .* in sandbox.*; 1 test failed, 1 invariant is broken in sandbox \(people\.yaml:\d+, people\.yaml:\d+\)$/,
  ],
  [
    'apply',
    3,
    'the guard',
    async () => [await guarded(), '--yes'],
    /^the guard refused: .*; nothing was applied$/,
  ],
  ...['plan', 'apply', 'test'].flatMap((command): readonly Row[] => [
    [
      command,
      4,
      'a test and an invariant',
      () => [sandbox(FAILING)],
      /^1 test failed, 1 invariant is broken in sandbox \(people\.yaml:10, people\.yaml:16\)/,
    ],
    [
      command,
      4,
      'what could not be decided',
      () => [sandbox(UNDECIDED)],
      /^1 test could not be decided in sandbox \(people\.yaml:5\)/,
    ],
    [
      command,
      4,
      'each account',
      () => [atTwo(FAILING, UNDECIDED)],
      /^1 test failed, 1 invariant is broken in first \(first\.yaml:10, first\.yaml:16\); 1 test could not be decided in second \(second\.yaml:5\)/,
    ],
  ]),
  [
    'apply',
    1,
    'nobody to ask',
    () => [sandbox(PEOPLE)],
    'nothing was applied: there is no terminal to ask on',
  ],
  [
    'apply',
    5,
    'the lock',
    async () => [await locked(), '--yes'],
    /^the lock is held by another apply \(process \d+ on build-7/,
  ],
  ['evaluate', 1, 'no principal', () => [sandbox(PEOPLE)], '`--principal` is missing'],
  [
    'evaluate',
    1,
    'lines of a batch',
    () => ['--batch', join(policies(), 'asked.jsonl')],
    /^2 of 3 requests could not be decided \(the first: .*asked\.jsonl:3\)$/,
  ],
  [
    'evaluate',
    2,
    'nothing allows it',
    () => [sandbox(PEOPLE), ...ask('sqs:DeleteQueue')],
    'denied: arn:aws:iam::111122223333:user/alice may not sqs:DeleteQueue: nothing allows it',
  ],
  [
    'evaluate',
    2,
    'a statement denies it',
    () => [sandbox(PEOPLE.replace('Effect: Allow', 'Effect: Deny')), ...ask('sqs:ReceiveMessage')],
    /^denied: .* may not sqs:ReceiveMessage: `Read` of .*policy\/read denies it \(people\.yaml:3\)$/,
  ],
  ['who-can', 1, 'a missing argument', () => ['s3:GetObject'], 'the argument `resource` is missing'],
  [
    'who-can',
    1,
    'errors of files',
    () => ['s3:GetObject', 'arn:aws:s3:::b/x', '--dir', sandbox(BROKEN)],
    '2 errors (people.yaml:1)',
  ],
  [
    'who-can',
    1,
    'nobody says which account owns the resource',
    () => [
      's3:DeleteObject',
      'arn:aws:s3:::data/*',
      '--dir',
      atTwo('users: { ada: {} }\n', 'users: { bob: {} }\n'),
    ],
    /^of 2 principals it is not known whether they may; to settle it, declare the resource under `resources:` .*`--resource-account`$/,
  ],
  [
    'access diff',
    1,
    'a file that is none',
    () => {
      const folder = policies()
      return [join(folder, 'a.json'), join(folder, 'broken.json')]
    },
    /^a comma is missing here \(.*broken\.json:1\)$/,
  ],
  [
    'access diff',
    2,
    'two policies',
    () => {
      const folder = policies()
      return [join(folder, 'a.json'), join(folder, 'b.json'), '--exit-code']
    },
    'access is gained',
  ],
  [
    'access diff',
    2,
    'an account',
    async () => ['git:main', 'desired', '--exit-code', '--dir', await repository()],
    'access is gained in sandbox',
  ],
  ['access check', 1, 'nothing to check', () => ['--dir', sandbox(PEOPLE)], 'nothing is to be checked'],
  [
    'access check',
    4,
    'a claim that does not hold',
    () => ['--not-granted', 'sqs:ReceiveMessage', '--no-public-access', '--dir', sandbox(PEOPLE)],
    /^"nobody may sqs:ReceiveMessage" does not hold: 1 finding \(people\.yaml:3\)$/,
  ],
  [
    'access check',
    4,
    'what S3 alone calls public',
    () => ['--no-public-access', '--dir', sandbox(CALLED_PUBLIC)],
    '"no public access" does not hold: 1 policy that S3 calls public (people.yaml:4)',
  ],
  [
    'access check',
    4,
    'new access',
    async () => ['--no-new-access', 'main', '--dir', await repository()],
    /^"no new access since `main`" does not hold: \d+ findings/,
  ],
  ['access escalations', 1, 'errors of files', () => ['--dir', sandbox(BROKEN)], '2 errors (people.yaml:1)'],
  [
    'access escalations',
    4,
    'any, where that was asked for',
    () => ['--exit-code', '--dir', sandbox(ESCALATING)],
    /\d+ escalations? in sandbox \(people\.yaml:\d\)/,
  ],
]

/** The words of a table's row: the command's name, and what follows it. */
async function run([command, , , args]: Row, ...more: readonly string[]) {
  return runHere(...command.split(' '), ...(await args()), ...more)
}

describe('the last line on stderr says why the exit code is not 0', () => {
  test.each(ROWS)('%s, %i: %s', async (...row) => {
    const [, code, , , says] = row
    const ran = await run(row)
    const last = ran.err.trimEnd().split('\n').at(-1) ?? ''
    expect([ran.code, last.slice(0, 8)]).toEqual([code, `exit ${code}: `])
    const why = last.slice('exit 1: '.length)
    if (typeof says === 'string') expect(why).toContain(says)
    else expect(why).toMatch(says)
    expect(ran.err.endsWith('\n')).toBe(true)
  })

  test('and with --json too, beside one document on stdout', async () => {
    for (const name of ['a test and an invariant', 'nothing allows it', 'two errors of a file']) {
      const row = ROWS.find((each) => each[2] === name)
      if (row === undefined) throw new Error(name)
      const ran = await run(row, '--json')
      expect(ran.err).toMatch(new RegExp(`^exit ${row[1]}: .+\n$`))
      expect(JSON.parse(ran.out).formatVersion).toBe('1.0')
    }
  })

  test('of every command and every code that it may end with', () => {
    const asked = new Set(ROWS.map(([command, code]) => `${command} ${code}`))
    const names = COMMANDS.map(({ name }) => name)
    expect(names.filter((name) => EXITS[name] === undefined)).toEqual([])
    expect(
      names.flatMap((name) =>
        (EXITS[name] ?? []).flatMap((code) => (asked.has(`${name} ${code}`) ? [] : [`${name} ${code}`])),
      ),
    ).toEqual([])
  })

  test('of a call without a command, and of one that there is not', async () => {
    expect((await runHere()).err).toMatch(/\nexit 1: no command is named.*\n$/)
    expect((await runHere('pln')).err).toMatch(/\nexit 1: unknown command `pln`\n$/)
    expect((await runHere('access')).err).toMatch(/\nexit 1: `access` alone is no command\n$/)
  })

  test('0 says nothing', async () => {
    const ran = await runHere('validate', sandbox(PEOPLE))
    expect([ran.code, ran.err]).toEqual([0, ''])
  })

  test('a code without more is said in general; a signal comes first', () => {
    const none = { diagnostics: [], texts: new SourceTexts() }
    for (const code of new Set(Object.values(EXIT)))
      if (code !== 0) expect(lastLine({ exitCode: code, ...none })).toMatch(new RegExp(`^exit ${code}: \\w`))
    const interrupted = errorOf({ code: 'apply.interrupted', message: 'the apply was stopped by a signal' })
    expect(
      lastLine({ exitCode: 130, why: ['sandbox: 3 steps done'], ...none, diagnostics: [interrupted] }),
    ).toBe('exit 130: stopped by SIGINT (Ctrl-C); the apply was stopped by a signal; sandbox: 3 steps done')
  })
})

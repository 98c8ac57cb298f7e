import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const ACCOUNT = '111122223333'
const arn = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`
const policy = (...statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements })
const allow = (Action: string, more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more })
const trusting = (principal: object) =>
  policy({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' })

interface Parts {
  readonly reads?: unknown
  readonly deploys?: unknown
}

/** An account of a person, a group, a role and a policy. */
const exported = ({
  reads = policy(allow('s3:GetObject', { Sid: 'Read' })),
  deploys = policy(allow('lambda:UpdateFunctionCode')),
}: Parts = {}) =>
  JSON.stringify({
    UserDetailList: [
      {
        Path: '/',
        UserName: 'ada',
        UserId: 'AIDAADA',
        Arn: arn('user/ada'),
        GroupList: ['readers'],
        AttachedManagedPolicies: [],
        Tags: [],
      },
    ],
    GroupDetailList: [
      {
        Path: '/',
        GroupName: 'readers',
        GroupId: 'AGPAREADERS',
        Arn: arn('group/readers'),
        GroupPolicyList: [],
        AttachedManagedPolicies: [{ PolicyName: 'read', PolicyArn: arn('policy/read') }],
      },
    ],
    RoleDetailList: [
      {
        Path: '/',
        RoleName: 'deploy',
        RoleId: 'AROADEPLOY',
        Arn: arn('role/deploy'),
        AssumeRolePolicyDocument: trusting({ AWS: arn('user/ada') }),
        InstanceProfileList: [],
        RolePolicyList: [{ PolicyName: 'own', PolicyDocument: deploys }],
        AttachedManagedPolicies: [],
        Tags: [],
      },
    ],
    Policies: [
      {
        PolicyName: 'read',
        Arn: arn('policy/read'),
        Path: '/',
        DefaultVersionId: 'v1',
        PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: reads }],
      },
    ],
  })

const PROJECT = `version: 1
accounts:
  production: { id: "${ACCOUNT}", manifests: [tests.yaml] }
  other: { id: "444455556666", manifests: [other.yaml] }
`
const TESTS = `tests:
  - { name: ada reads, principal: user/ada, action: "s3:GetObject", resource: "arn:aws:s3:::x/y", expect: allow }
  - { name: ada writes, principal: user/ada, action: "s3:PutObject", resource: "arn:aws:s3:::x/y", expect: allow }
invariants:
  - { name: nobody makes users, action: "iam:CreateUser", resource: "*", expect: deny }
users: { ada: {} }
`

let folder = ''
beforeAll(() => {
  folder = temporaryFolder({
    'account.json': exported(),
    'later.json': exported({
      reads: policy(allow('s3:GetObject', { Sid: 'Read' }), allow('s3:DeleteObject')),
    }),
    'unclear.json': exported({ reads: '%7Bnot json', deploys: policy({ ...allow('*'), Action: undefined }) }),
    'empty.json': '',
    'nobody.json': '{"UserDetailList":[],"GroupDetailList":[],"RoleDetailList":[],"Policies":[]}',
    'project/iam-sync.yaml': PROJECT,
    'project/tests.yaml': TESTS,
    'bare/iam-sync.yaml': `version: 1\naccounts: { production: { id: "${ACCOUNT}" } }\n`,
    'bare/tests.yaml': TESTS.replace('users: { ada: {} }\n', '').replace(
      'iam:CreateUser", resource: "*", expect: deny',
      's3:GetObject", resource: "*", onlyPrincipals: [group/readers]',
    ),
    'project/other.yaml': 'users: { bob: {} }\n',
    'elsewhere/iam-sync.yaml': 'version: 1\naccounts: { other: { id: "444455556666" } }\n',
  })
})
const file = (name: string) => `gaad:${join(folder, name)}`
/** Without where the folder is. */
const shown = (text: string) => text.replaceAll(`${folder}/`, '')
const ask = async (name: string, ...words: readonly string[]) => {
  const { code, out, err } = await runHere(...words, '--as-of', file(name))
  expect(`${out}${err}`).not.toContain('error[internal]')
  return { code, out: shown(out), err: shown(err) }
}

describe('an export, asked as a project is', () => {
  it.each([
    [
      'evaluate',
      ['evaluate', '--principal', 'user/ada', '--action', 's3:GetObject', '--resource', 'arn:aws:s3:::x/y'],
      0,
    ],
    ['who-can', ['who-can', 's3:GetObject', 'arn:aws:s3:::x/y'], 0],
    ['who-can-pattern', ['who-can', 's3:Get*', 'arn:aws:s3:::x/*'], 0],
    ['escalations', ['access', 'escalations'], 0],
    [
      'check',
      [
        'access',
        'check',
        '--not-granted',
        'iam:CreateUser',
        '--not-granted',
        's3:GetObject',
        '--no-public-access',
        '--no-outside-access',
      ],
      4,
    ],
  ] as const)('%s', async (name, words, exitCode) => {
    const { code, out, err } = await ask('account.json', ...words)
    expect(code).toBe(exitCode)
    await expect(`${out}--- stderr\n${err}`).toMatchFileSnapshot(`golden/gaad-${name}.txt`)
  })

  it('access diff', async () => {
    const { code, out } = await runHere(
      'access',
      'diff',
      file('account.json'),
      file('later.json'),
      '--exit-code',
    )
    expect(code).toBe(2)
    await expect(shown(out)).toMatchFileSnapshot('golden/gaad-diff.txt')
  })

  it('is compared with what a project says of the account, by its name', async () => {
    const dir = join(folder, 'project')
    const { accounts } = jsonOf(
      await runHere('access', 'diff', 'desired', file('account.json'), '--dir', dir, '--json'),
    )
    expect(accounts.map(({ account }: { account: object }) => account)).toEqual([
      { id: ACCOUNT, name: 'production' },
      { id: '444455556666', name: 'other' },
    ])
    expect(accounts[0].access.verdict).toBe('gained')
  })

  it('is what gates compare with', async () => {
    const gates = (since: string) => [
      'access',
      'check',
      '--no-new-access',
      file(since),
      '--no-new-escalation',
      file(since),
    ]
    expect(await ask('account.json', ...gates('account.json'))).toMatchObject({ code: 0 })
    expect(await ask('account.json', ...gates('later.json'))).toMatchObject({ code: 0 })
    const { code, out } = await ask('later.json', ...gates('account.json'))
    expect([code, out]).toEqual([4, expect.stringContaining('DeleteObject')])
  })

  it('takes a credential report for what it has', async () => {
    const report = join(folder, 'report.json')
    const csv = `user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated
<root_account>,${arn('root')},not_supported,true,false,N/A,false,N/A
ada,${arn('user/ada')},true,true,false,N/A,false,N/A
`
    writeFileSync(report, JSON.stringify({ Content: Buffer.from(csv).toString('base64') }))
    const { code, err } = await ask('account.json', 'access', 'escalations', '--credential-report', report)
    expect(code).toBe(0)
    expect(err).toContain('control policies and identity providers: answers')
    expect(err).toContain('report.json`: 1 of 1 users has a password; access keys: 0 active, 0 inactive')
  })

  it('runs the tests and invariants of a folder', async () => {
    const { code, out, err } = await ask('account.json', 'test', '--dir', join(folder, 'project'))
    expect(code).toBe(4)
    expect(out).toMatch(/ada reads/)
    const { tests } = jsonOf(
      await runHere('test', '--dir', join(folder, 'project'), '--as-of', file('account.json'), '--json'),
    )
    expect(tests.map(({ name, result }: { name: string; result: string }) => [name, result])).toEqual([
      ['ada reads', 'pass'],
      ['ada writes', 'fail'],
      ['nobody makes users', 'pass'],
    ])
    expect(err).toContain('info[cli.accounts-not-in-state]: not run: the tests of `other`')
  })

  it('may be asked about by whom it has, though no manifest declares them', async () => {
    const dir = join(folder, 'bare')
    const { tests } = jsonOf(await runHere('test', '--dir', dir, '--as-of', file('account.json'), '--json'))
    expect(tests.map(({ name, result }: { name: string; result: string }) => [name, result])).toEqual([
      ['ada reads', 'pass'],
      ['ada writes', 'fail'],
      ['nobody makes users', 'unknown'],
    ])
    expect((await runHere('test', '--dir', dir)).err).toContain('error[manifest.unknown-principal]')
  })

  it('may not be asked about by whom neither it nor a manifest has', async () => {
    const asking = (principal: string) =>
      `tests: [{ name: t, principal: ${principal}, action: s3:GetObject, resource: "arn:aws:s3:::b/x", expect: deny }]`
    const helpFor = async (principal: string) => {
      const project = `version: 1\naccounts: { main: { id: "${ACCOUNT}" } }\n`
      const dir = temporaryFolder({ 'iam-sync.yaml': project, 'tests.yaml': asking(principal) })
      const { code, err } = await runHere('test', '--dir', dir, '--as-of', file('account.json'))
      expect(code).toBe(1)
      return [/^error\[.*$/m.exec(err)?.[0], /^ {2}help: (.*)$/m.exec(err)?.[1]]
    }
    expect(await helpFor('role/dploy')).toEqual([
      'error[manifest.unknown-principal]: there is no role `dploy`',
      'did you mean `deploy`?',
    ])
    expect(await helpFor('role/elsewhere')).toEqual([
      'error[manifest.unknown-principal]: there is no role `elsewhere`',
      'what `--as-of` names has none of that name, nor is one declared under `roles`',
    ])
  })

  it('lines of a batch name as the project', async () => {
    const line = {
      id: '1',
      request: { principal: 'user/ada', action: 's3:GetObject', resource: 'arn:aws:s3:::x/y' },
      policies: 'project',
    }
    const lines = temporaryFolder({ 'lines.jsonl': `${JSON.stringify(line)}\n` })
    const { code, out } = await ask('account.json', 'evaluate', '--batch', join(lines, 'lines.jsonl'))
    expect([code, JSON.parse(out)]).toEqual([0, { id: '1', decision: 'allow' }])
  })

  it('needs no IAM folder, and is the same in any', async () => {
    const words = ['access', 'escalations', '--json'] as const
    const here = await ask('account.json', ...words)
    expect(await ask('account.json', ...words, '--dir', join(folder, 'elsewhere'))).toEqual(here)
    expect(await ask('account.json', ...words, '--dir', folder)).toEqual(here)
  })
})

describe('what an export does not tell', () => {
  it('of a document that nobody can read is unknown for whoever holds it, with its address', async () => {
    const { code, out, err } = await ask(
      'unclear.json',
      'access',
      'check',
      '--not-granted',
      'iam:CreateUser',
      '--json',
    )
    expect([code, err.match(/intake\.[a-z-]+/g) ?? []]).toEqual([4, []])
    const { holds, unknown, diagnostics } = JSON.parse(out)
    expect(holds).toBe('unknown')
    expect(
      unknown.map(
        ({ principals, reason, source }: { principals: object; reason: string; source: object }) => ({
          principals,
          reason,
          source,
        }),
      ),
    ).toEqual([
      {
        principals: [arn('user/ada')],
        reason: 'document',
        source: {
          file: 'account.json#Policies[0].PolicyVersionList[0]'.replace('account', 'unclear'),
          line: 1,
        },
      },
      {
        principals: [arn('role/deploy')],
        reason: 'document',
        source: { file: 'unclear.json#RoleDetailList[0].RolePolicyList[0]', line: 1 },
      },
    ])
    expect(diagnostics.map(({ code: each }: { code: string }) => each)).toEqual([
      'intake.not-held',
      'intake.unclear-document',
      'intake.unreadable-document',
    ])
  })

  it('stops no question', async () => {
    for (const words of [
      ['who-can', 's3:GetObject', 'arn:aws:s3:::x/y'],
      ['who-can', 's3:Get*', '*'],
      ['access', 'escalations'],
      ['evaluate', '--principal', 'user/ada', '--action', 's3:GetObject', '--resource', '*'],
    ]) {
      const { code, out, err } = await ask('unclear.json', ...words)
      expect([words[0], code === 0 && !/unknown|not known/.test(out + err)]).toEqual([words[0], false])
    }
    const { out } = await runHere('access', 'diff', file('account.json'), file('unclear.json'))
    expect(out).toContain('unknown')
  })

  it.each(['s3:GetObject', 's3:Get*'])(
    'leaves it unknown whether those whom it concerns may %s, and the others as they are',
    async (action) => {
      const { code, out } = await ask('unclear.json', 'who-can', action, 'arn:aws:s3:::x/y', '--json')
      const { grants, diagnostics } = JSON.parse(out)
      expect(code).toBe(0)
      expect(
        grants.map(({ principal, decision }: Record<string, string>) => `${principal} ${decision}`),
      ).toEqual([`${arn('role/deploy')} unknown`, `${arn('root')} allow`, `${arn('user/ada')} unknown`])
      expect(new Set(diagnostics.map(({ severity }: { severity: string }) => severity))).toEqual(
        new Set(['info', 'warning']),
      )
    },
  )

  it('is in the words of a comparison', async () => {
    const { out } = await runHere('access', 'diff', file('account.json'), file('account.json'))
    expect(out).toContain('access: no changes  (trust policies only: other resource policies are not known)')
  })
})

describe('whose an export is', () => {
  const holds = ['access', 'check', '--not-granted', 'iam:CreateUser']
  it('has to be told of one of nobody', async () => {
    const { code, err } = await ask('nobody.json', ...holds)
    expect([code, err]).toEqual([1, expect.stringContaining('error[intake.no-account]')])
    expect(await ask('nobody.json', ...holds, '--account-id', ACCOUNT)).toMatchObject({ code: 0 })
    const china = await ask(
      'nobody.json',
      'access',
      'escalations',
      '--account-id',
      ACCOUNT,
      '--partition',
      'aws-cn',
      '--json',
    )
    expect(JSON.parse(china.out).accounts).toMatchObject([{ account: { id: ACCOUNT } }])
  })

  it('is not what somebody else says', async () => {
    for (const other of [
      ['--account-id', '444455556666'],
      ['--partition', 'aws-cn'],
    ]) {
      const { code, err } = await ask('account.json', ...holds, ...other)
      expect([code, err]).toEqual([1, expect.stringContaining('error[intake.wrong-account]')])
    }
    expect(await ask('account.json', ...holds, '--account-id', ACCOUNT, '--partition', 'aws')).toMatchObject({
      code: 0,
    })
  })
})

describe('policies of resources in a folder', () => {
  const bucket = 'arn:aws:s3:::reports'
  const open = policy({ ...allow('s3:GetObject'), Principal: '*', Resource: `${bucket}/*` })
  const closed = policy({ ...allow('s3:GetObject'), Principal: { AWS: ACCOUNT }, Resource: `${bucket}/*` })
  const gate = async (files: Readonly<Record<string, unknown>>, ...claim: readonly string[]) => {
    const policies = temporaryFolder(
      Object.fromEntries(
        Object.entries(files).map(([name, value]) => [
          name,
          typeof value === 'string' ? value : JSON.stringify(value),
        ]),
      ),
    )
    const flags = ['--as-of', file('account.json'), '--resource-policies', policies, '--json']
    const { out } = await runHere('access', 'check', ...claim, ...flags)
    const { holds, unknown, diagnostics } = JSON.parse(out)
    return {
      holds,
      unknown: unknown.map(({ reason, policy: id }: { reason: string; policy: string }) => [reason, id]),
      codes: diagnostics
        .map(({ code }: { code: string }) => code)
        .filter((code: string) => code !== 'intake.not-held'),
    }
  }

  it.each([
    ['a map of ARNs', (document: object) => ({ 'all.json': { [bucket]: document } })],
    ['a file named by the ARN', (document: object) => ({ [`${bucket}.json`]: document })],
    [
      'what get-bucket-policy prints',
      (document: object) => ({ [`${bucket}.json`]: { Policy: JSON.stringify(document) } }),
    ],
    [
      'what secretsmanager prints',
      (document: object) => ({ 'x/y.json': { ARN: bucket, ResourcePolicy: JSON.stringify(document) } }),
    ],
    [
      'what sns prints',
      (document: object) => ({
        'y.json': { Attributes: { TopicArn: bucket, Policy: JSON.stringify(document) } },
      }),
    ],
  ])('settle what an export alone does not: %s', async (_, files) => {
    const nothing = { unknown: [], codes: [] }
    expect(await gate(files(open), '--no-public-access')).toEqual({ holds: false, ...nothing })
    expect(await gate(files(closed), '--no-public-access', '--no-outside-access')).toEqual({
      holds: true,
      ...nothing,
    })
  })

  it('of a file that nobody can place, or read, stay unknown', async () => {
    const undeclared = [['undeclared', '']]
    for (const files of [
      { 'policy.json': closed },
      { [`${bucket}.json`]: '{"Version":' },
      { 'x.json': { 'arn:aws:s3:::b': null }, 'y.json': '7' },
    ])
      expect(await gate(files, '--no-public-access')).toEqual({
        holds: 'unknown',
        unknown: undeclared,
        codes: ['intake.unread-policy'],
      })
  })

  it('of which one can not be read is unknown to everybody, and to no other resource', async () => {
    const files = { 'all.json': { [bucket]: '%7Bno', 'arn:aws:s3:::other': closed } }
    for (const claim of [
      ['--no-public-access'],
      ['--no-outside-access'],
      ['--not-granted', 's3:PutObject', '--resource', `${bucket}/*`],
    ]) {
      const { holds, unknown, codes } = await gate(files, ...claim)
      expect([claim, holds, codes]).toEqual([claim, 'unknown', ['intake.unreadable-document']])
      expect([claim, unknown.length > 0, new Set(unknown.map(String))]).toEqual([
        claim,
        true,
        new Set([`document,${bucket}`]),
      ])
    }
    expect(
      await gate(files, '--not-granted', 's3:PutObject', '--resource', 'arn:aws:s3:::other/*'),
    ).toMatchObject({ holds: true })
    const policies = temporaryFolder({ 'all.json': JSON.stringify(files['all.json']) })
    const flags = ['--resource-policies', policies]
    for (const words of [
      ['evaluate', '--principal', 'user/ada', '--action', 's3:GetObject', '--resource', `${bucket}/x`],
      ['who-can', 's3:GetObject', `${bucket}/x`],
      ['access', 'escalations', '--exit-code'],
    ]) {
      const { code, err } = await ask('account.json', ...words, ...flags)
      expect([words[0], code, err]).toEqual([
        words[0],
        words[0] === 'access' ? 4 : 1,
        expect.stringMatching(/not known/),
      ])
    }
    const since = [
      'access',
      'check',
      '--no-new-access',
      file('account.json'),
      '--no-new-escalation',
      file('account.json'),
    ]
    expect(await ask('account.json', ...since, ...flags)).toMatchObject({ code: 0 })
  })
})

describe('service control policies beside an export', () => {
  const FULL = policy(allow('*'))
  const deny = (Action: string, Sid: string) => policy({ Effect: 'Deny', Action, Resource: '*', Sid })
  const written = (files: Readonly<Record<string, unknown>>) =>
    temporaryFolder(
      Object.fromEntries(Object.entries(files).map(([name, value]) => [name, JSON.stringify(value)])),
    )
  const mayRead = async (scps: string) => {
    const words = [
      'evaluate',
      '--principal',
      'user/ada',
      '--action',
      's3:GetObject',
      '--resource',
      'arn:aws:s3:::x/y',
    ]
    const { out } = await runHere(...words, '--as-of', file('account.json'), '--scps', scps, '--json')
    const { decision, diagnostics } = JSON.parse(out)
    return [
      decision,
      ...diagnostics
        .map(({ code }: { code: string }) => code)
        .filter((code: string) => code !== 'intake.not-held'),
    ]
  }

  it('bind everybody, level by level: a folder each, or a list each', async () => {
    const described = {
      Policy: { PolicySummary: { Name: 'NoReads' }, Content: JSON.stringify(deny('s3:Get*', 'NoReads')) },
    }
    for (const [files, expected] of [
      [{ 'root/full.json': FULL, 'unit/full.json': FULL, 'unit/no.json': deny('s3:Put*', 'No') }, ['allow']],
      [{ 'root/full.json': FULL, 'unit/full.json': FULL, 'unit/no.json': described }, ['explicit_deny']],
      [{ 'root/full.json': FULL, 'unit/only.json': policy(allow('ec2:*')) }, ['implicit_deny']],
      [{ 'full.json': FULL, 'only.json': policy(allow('ec2:*')) }, ['allow']],
      [{ 'all.json': [[FULL], [policy(allow('ec2:*'))]] }, ['implicit_deny']],
      [{ 'all.json': [FULL, policy(allow('ec2:*'))] }, ['allow']],
      [{ 'no.json': deny('ec2:*', 'No') }, ['allow', 'intake.no-full-access']],
      [
        { 'full.json': FULL, 'no.json': { Statement: 7 } },
        ['allow', 'intake.unreadable-document', 'intake.unread-policy'],
      ],
    ] as const)
      expect([files, await mayRead(written(files))]).toEqual([files, expected])
    const one = written({ 'scp.json': [[FULL, deny('s3:Get*', 'NoReads')]] })
    expect(await mayRead(join(one, 'scp.json'))).toEqual(['explicit_deny'])
  })

  it('are known then, and change what is proved', async () => {
    const scps = written({ 'scp.json': [[FULL, deny('iam:*', 'NoIam')]] })
    const asked = ['access', 'check', '--not-granted', 'iam:CreateUser', '--scps', scps]
    const { code, err } = await ask('account.json', ...asked)
    expect(code).toBe(0)
    expect(err).toContain('does not hold resource policies other than trust policies, identity providers')
    const open = await runHere(
      'who-can',
      's3:GetObject',
      'arn:aws:s3:::x/y',
      '--as-of',
      file('account.json'),
      '--scps',
      written({ 'a.json': [[FULL, deny('s3:*', 'No')]] }),
    )
    expect(open.out).not.toContain('user/ada')
  })

  it('that can not be read are said', async () => {
    const folder = written({})
    for (const [path, why] of [
      [folder, 'there is no `.json` file in it'],
      [join(folder, 'nowhere'), 'there is no such file'],
    ] as const) {
      const { code, err } = await ask('account.json', 'access', 'escalations', '--scps', path)
      expect([code, err]).toEqual([1, expect.stringContaining('error[cli.input-file]')])
      expect(err).toContain(why)
    }
  })
})

describe('a state that can not be asked', () => {
  it.each([
    [['who-can', 's3:GetObject', '*', '--as-of', 'gaad:'], 'cli.invalid-value', '`gaad:` names no file'],
    [
      ['who-can', 's3:GetObject', '*', '--as-of', 'gaad:nowhere.json'],
      'cli.input-file',
      'there is no such file',
    ],
    [['who-can', 's3:GetObject', '*', '--as-of', 'gaad:/'], 'cli.input-file', 'it is a folder'],
    [
      ['who-can', 's3:GetObject', '*', '--as-of', 'gad:x.json'],
      'cli.invalid-value',
      '`--as-of gad:x.json` is no state',
    ],
    [
      ['who-can', 's3:GetObject', '*', '--as-of', 'FILE(account.json)', '--ref', 'main'],
      'cli.conflicting-flags',
      'name two states',
    ],
    [['who-can', 's3:GetObject', '*', '--account-id', ACCOUNT], 'cli.missing-flag', 'no such input is named'],
    [
      ['who-can', 's3:GetObject', '*', '--as-of', 'FILE(account.json)', '--account-id', '12'],
      'cli.invalid-value',
      'is not an account id',
    ],
    [
      ['who-can', 's3:GetObject', '*', '--as-of', 'FILE(account.json)', '--partition', 'moon'],
      'cli.invalid-value',
      'moon',
    ],
    [
      ['who-can', 's3:GetObject', '*', '--as-of', 'FILE(account.json)', '--account', 'production'],
      'cli.unknown-account',
      'there is no account `production`',
    ],
    [['who-can', 's3:GetObject', '*', '--as-of', 'FILE(empty.json)'], 'intake.empty', 'is empty'],
    [
      ['who-can', 's3:GetObject', '*', '--resource-policies', 'x'],
      'cli.missing-flag',
      'no such input is named',
    ],
    [
      ['who-can', 's3:GetObject', '*', '--as-of', 'FILE(account.json)', '--resource-policies', 'nowhere'],
      'cli.input-file',
      'there is no such file',
    ],
    [
      [
        'who-can',
        's3:GetObject',
        '*',
        '--as-of',
        'FILE(account.json)',
        '--resource-policies',
        'DIR(account.json)',
      ],
      'cli.input-file',
      'it is no folder',
    ],
    [['access', 'diff', 'FILE(account.json)'], 'cli.missing-argument', 'the argument `new` is missing'],
    [['access', 'diff', 'FILE(account.json)', 'policy.json'], 'cli.mixed-comparison', 'is a state'],
    [
      ['access', 'escalations', '--as-of', 'cfn:t.yaml', '--credential-report', 'r.csv'],
      'cli.missing-flag',
      '`--credential-report` is about an exported account',
    ],
    [
      ['access', 'escalations', '--as-of', 'FILE(account.json)', '--credential-report', 'nowhere.csv'],
      'cli.input-file',
      'there is no such file',
    ],
    [
      ['access', 'diff', 'desired', 'observed', '--partition', 'aws'],
      'cli.missing-flag',
      'no such input is named',
    ],
    [
      ['test', '--dir', 'DIR(elsewhere)', '--as-of', 'FILE(account.json)'],
      'cli.other-accounts',
      'the tests are about',
    ],
  ])('%j: %s', async (words, code, said) => {
    const placed = words.map((word) =>
      word
        .replace(/^FILE\((.*)\)$/, (_, name) => file(name))
        .replace(/^DIR\((.*)\)$/, (_, name) => join(folder, name)),
    )
    const { code: exitCode, err } = await runHere(...placed)
    expect([exitCode, err]).toEqual([1, expect.stringContaining(`error[${code}]`)])
    expect(err).toContain(said)
    expect(err).toContain('  help: ')
  })

  it('says what is wrong with a file without showing it', async () => {
    const secret = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY'
    const broken = temporaryFolder({
      'broken.json': `${readFileSync(join(folder, 'account.json'), 'utf8').slice(0, -1)}, "Secret": "${secret}\n`,
    })
    const { code, out, err } = await runHere(
      'access',
      'escalations',
      '--as-of',
      `gaad:${join(broken, 'broken.json')}`,
    )
    expect([code, `${out}${err}`.includes(secret)]).toEqual([1, false])
    expect(err).toContain('error[intake.')
  })
})

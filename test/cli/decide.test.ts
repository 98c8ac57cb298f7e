import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const PROJECT = `version: 1
accounts:
  production: { id: "111122223333", target: { kind: local, database: .iam-sync/p.db }, manifests: [production] }
  staging: { id: "444455556666", target: { kind: local, database: .iam-sync/s.db }, manifests: [staging] }
`
const USERS = `users:
  alice: { groups: [developers], permissionsBoundary: cap }
groups:
  developers:
    inlinePolicies:
      data:
        Version: "2012-10-17"
        Statement:
          - Sid: ReadData
            Effect: Allow
            Action: s3:*
            Resource: "*"
          - Sid: NoDeletes
            Effect: Deny
            Action: s3:DeleteObject
            Resource: "*"
            Condition: { IpAddress: { aws:SourceIp: 10.0.0.0/8 } }
policies:
  cap:
    document: { file: cap.json }
tests:
  - { name: reads, principal: user/alice, action: s3:GetObject, resource: "arn:aws:s3:::a/x", expect: allow }
resources:
  arn:aws:s3:::a: {}
`
const CAP = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:Get*", "s3:DeleteObject"],
      "Resource": "*"
    }
  ]
}
`

let folder: string
beforeAll(() => {
  folder = temporaryFolder({
    'iam-sync.yaml': PROJECT,
    'production/users.yaml': USERS,
    'production/cap.json': CAP,
    'staging/users.yaml': 'users: { alice: {} }\n',
  })
})

const evaluate = (...args: string[]) => runHere('evaluate', folder, '--account', 'production', ...args)
const RESOURCE = ['--resource', 'arn:aws:s3:::a/x']

describe('evaluate', () => {
  test('allowed: exit 0, and every statement that allows it with its place', async () => {
    const { code, out, err } = await evaluate(
      '--principal',
      'user/alice',
      '--action',
      's3:GetObject',
      ...RESOURCE,
    )
    expect([code, err]).toEqual([0, ''])
    await expect(out).toMatchFileSnapshot('golden/evaluate-allowed.txt')
  })

  test('denied: exit 2', async () => {
    const denied = await evaluate(
      '--principal',
      'user/alice',
      '--action',
      's3:DeleteObject',
      ...RESOURCE,
      '--source-ip',
      '10.1.2.3',
    )
    expect(denied.code).toBe(2)
    await expect(denied.out).toMatchFileSnapshot('golden/evaluate-denied.txt')
    const elsewhere = await evaluate(
      '--principal',
      'user/alice',
      '--action',
      's3:DeleteObject',
      ...RESOURCE,
      '--context',
      'AWS:sourceip=192.0.2.1',
    )
    expect(elsewhere.code).toBe(0)
  })

  test('the boundary that did not allow it is named', async () => {
    const ran = await evaluate('--principal', 'user/alice', '--action', 's3:PutObject', ...RESOURCE, '--json')
    expect(ran.code).toBe(2)
    expect(jsonOf(ran)).toEqual({
      formatVersion: '1.0',
      decision: 'implicit_deny',
      reasons: [
        {
          layer: 'boundary',
          policy: 'arn:aws:iam::111122223333:policy/cap',
          sid: null,
          effect: 'Allow',
          file: 'production/cap.json',
          line: 1,
        },
      ],
      diagnostics: [],
    })
  })

  test('JSON has file and line of each reason, in a document of its own too', async () => {
    const { reasons, decision } = jsonOf(
      await evaluate('--principal', 'user/alice', '--action', 's3:GetObject', ...RESOURCE, '--json'),
    )
    expect(decision).toBe('allow')
    expect(reasons).toEqual([
      {
        layer: 'identity',
        policy: 'inline:data',
        sid: 'ReadData',
        effect: 'Allow',
        file: 'production/users.yaml',
        line: 9,
      },
      {
        layer: 'boundary',
        policy: 'arn:aws:iam::111122223333:policy/cap',
        sid: null,
        effect: 'Allow',
        file: 'production/cap.json',
        line: 4,
      },
    ])
  })

  test('an ARN picks its account; a name in several accounts does not', async () => {
    const byArn = await runHere(
      'evaluate',
      folder,
      '--principal',
      'arn:aws:iam::111122223333:user/alice',
      '--action',
      's3:GetObject',
    )
    expect(byArn.code).toBe(0)
    const which = await runHere('evaluate', folder, '--principal', 'user/alice', '--action', 's3:GetObject')
    expect(which.code).toBe(1)
    expect(which.err).toContain('error[evaluate.which-account]')
    const foreign = await runHere(
      'evaluate',
      folder,
      '--principal',
      'arn:aws:iam::999988887777:user/x',
      '--action',
      's3:GetObject',
    )
    expect(foreign.err).toContain('error[evaluate.foreign-principal]')
  })

  const bad: readonly (readonly [args: readonly string[], code: string])[] = [
    [[], 'cli.missing-flag'],
    [['--principal', 'user/alice'], 'cli.missing-flag'],
    [['--principal', 'user/alcie', '--action', 's3:GetObject'], 'evaluate.unknown-principal'],
    [['--principal', 'group/developers', '--action', 's3:GetObject'], 'evaluate.group-principal'],
    [['--principal', 'user/alice', '--action', 'GetObject'], 'evaluate.invalid-request'],
    [['--principal', 'user/alice', '--action', 's3:Get*'], 'evaluate.invalid-request'],
    [
      ['--principal', 'user/alice', '--action', 's3:GetObject', '--resource', 'x'],
      'evaluate.invalid-request',
    ],
    [
      ['--principal', 'user/alice', '--action', 's3:GetObject', '--context', 'aws:SourceIp'],
      'cli.invalid-value',
    ],
    [['--principal', 'user/alice', '--action', 's3:GetObject', '--at', 'tomorrow'], 'cli.invalid-value'],
    [
      ['--principal', 'user/alice', '--action', 's3:GetObject', '--source-ip', '300.1.1.1'],
      'cli.invalid-value',
    ],
    [
      ['--principal', 'user/alice', '--action', 's3:GetObject', '--source-ip', '10.0.0.0/8'],
      'cli.invalid-value',
    ],
    [
      ['--principal', 'user/alice', '--action', 's3:GetObject', '--at', '2026-02-30T99:00:00Z'],
      'cli.invalid-value',
    ],
    [
      ['--principal', 'lambda.amazonaws.com', '--action', 's3:GetObject', '--resource', 'arn:aws:s3:::b/x'],
      'evaluate.unknown-resource-policy',
    ],
  ]
  test.each(bad)('%j is %s, exit 1', async (args, code) => {
    const text = await evaluate(...args)
    expect([text.code, text.out]).toEqual([1, ''])
    expect(text.err).toContain(`error[${code}]`)
    const json = await evaluate(...args, '--json')
    expect(json.code).toBe(1)
    expect(jsonOf(json)).toMatchObject({ decision: null, reasons: [], diagnostics: [{ code }] })
  })
})

describe('test', () => {
  test('all pass: exit 0', async () => {
    const { code, out } = await runHere('test', folder)
    expect([code, out]).toEqual([0, 'pass     reads  production/users.yaml:22\n1 test passed\n'])
    expect(jsonOf(await runHere('test', folder, '--json'))).toMatchObject({
      tests: [
        {
          kind: 'test',
          name: 'reads',
          result: 'pass',
          expected: 'allow',
          actual: 'allow',
          witness: null,
          line: 22,
        },
      ],
    })
  })

  test('one fails: exit 4, with the request that shows it', async () => {
    const failing = temporaryFolder({
      'iam-sync.yaml': PROJECT.split('\n').slice(0, 3).join('\n').replace(', manifests: [production]', ''),
      'users.yaml': `users: { alice: {} }
tests:
  - { name: reads, principal: user/alice, action: s3:GetObject, resource: "arn:aws:s3:::a/x", expect: allow }
`,
    })
    const { code, out } = await runHere('test', failing)
    expect(code).toBe(4)
    expect(out).toBe(
      'FAIL     reads  users.yaml:3\n         expected allow, got deny (implicit): arn:aws:iam::111122223333:user/alice s3:GetObject arn:aws:s3:::a/x\n0 tests passed, 1 failed\n',
    )
    const json = jsonOf(await runHere('test', failing, '--json'))
    expect(json.tests[0]).toMatchObject({
      result: 'fail',
      actual: 'implicit_deny',
      witness: { action: 's3:GetObject', context: {} },
    })
    expect(json.diagnostics).toEqual([])
  })
})

describe('an invariant that does not hold', () => {
  const broken = temporaryFolder({
    'iam-sync.yaml': PROJECT.split('\n').slice(0, 3).join('\n').replace(', manifests: [production]', ''),
    'users.yaml': `users: { alice: { managedPolicies: [AdministratorAccess] } }
invariants:
  - { name: nobody deletes buckets, action: s3:DeleteBucket, expect: deny }
`,
  })

  test.each(['test', 'plan', 'apply'])('%s: exit 4, and nothing is applied', async (command) => {
    const { code, out } = await runHere(command, broken, ...(command === 'apply' ? ['--yes'] : []))
    expect(code).toBe(4)
    expect(out).toContain('nobody deletes buckets  users.yaml:3')
  })

  test('is counted by validate', async () => {
    expect((await runHere('validate', broken)).out).toContain('0 tests, 1 invariant\n')
  })
})

describe('validate', () => {
  test('counts what it found', async () => {
    expect((await runHere('validate', folder)).out).toBe(
      'production (111122223333): 1 user, 1 group, 0 roles, 1 policy, 1 test\nstaging (444455556666): 1 user, 0 groups, 0 roles, 0 policies, 0 tests\nvalid\n',
    )
    expect(jsonOf(await runHere('validate', folder, '--json'))).toEqual({
      formatVersion: '1.0',
      diagnostics: [],
    })
  })

  test('reports every problem of every file, with places', async () => {
    const bad = temporaryFolder({
      'iam-sync.yaml': PROJECT,
      'production/users.yaml': 'users:\n  alice: { grups: [x] }\n  bob: { groups: [nobody] }\n',
      'staging/bad.yaml': 'users: [\n',
    })
    const { code, out, err } = await runHere('validate', bad)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain('--> production/users.yaml:2:12')
    expect(err).toContain('--> production/users.yaml:3:19')
    expect(err).toContain('staging/bad.yaml:')
    expect(err).toMatch(/\nexit 1: 3 errors \(.*staging\/bad\.yaml:1\)\n$/)
    const json = jsonOf(await runHere('validate', bad, '--json'))
    expect(json.diagnostics.length).toBeGreaterThanOrEqual(3)
    for (const { severity, file, start } of json.diagnostics)
      expect([severity, typeof file, typeof start.line]).toEqual(['error', 'string', 'number'])
  })

  test('an account that is not there', async () => {
    const { code, err } = await runHere('validate', folder, '--account', 'prodution')
    expect(code).toBe(1)
    expect(err).toContain(
      'error[cli.unknown-account]: there is no account `prodution` in the project file\n  help: did you mean `production`?',
    )
  })
})

describe('who-can', () => {
  const whoCan = (...args: string[]) => runHere('who-can', ...args, '--dir', folder)

  test('text: everybody who may, by which statement, and on what it depends', async () => {
    const { code, out, err } = await whoCan('s3:DeleteObject', 'arn:aws:s3:::a/x')
    expect([code, err]).toEqual([0, ''])
    await expect(out).toMatchFileSnapshot('golden/who-can.txt')
  })

  test('JSON, of one account', async () => {
    const ran = await whoCan('s3:GetObject', 'arn:aws:s3:::a/x', '--account', 'production', '--json')
    expect(ran.code).toBe(0)
    expect(jsonOf(ran)).toEqual({
      formatVersion: '1.0',
      grants: [
        { principal: 'arn:aws:iam::111122223333:root', decision: 'allow', via: [], conditions: null },
        {
          principal: 'arn:aws:iam::111122223333:user/alice',
          decision: 'allow',
          via: [
            {
              layer: 'identity',
              policy: 'inline:data',
              sid: 'ReadData',
              file: 'production/users.yaml',
              line: 9,
            },
            {
              layer: 'boundary',
              policy: 'arn:aws:iam::111122223333:policy/cap',
              sid: null,
              file: 'production/cap.json',
              line: 4,
            },
          ],
          conditions: null,
        },
      ],
      diagnostics: [],
    })
  })

  test('nobody', async () => {
    const ran = await whoCan('sts:AssumeRole', 'arn:aws:iam::111122223333:role/gone')
    expect(ran.code).toBe(1)
    expect(ran.err).toContain('evaluate.unknown-resource')
  })

  test.each([
    [['s3:*', 'arn:aws:s3:::a/x', '--resource-account', '111122223333'], 'evaluate.pattern'],
    [['s3:*', 'nonsense'], 'evaluate.pattern'],
    [['nonsense', 'arn:aws:s3:::a*'], 'evaluate.pattern'],
    [['s3:GetObject'], 'cli.missing-argument'],
    [['s3:GetObject', 'nonsense'], 'evaluate.invalid-request'],
    [['s3:GetObject', '*', '--resource-policy', 'no-such-file.json'], 'cli.policy-file'],
  ])('%j: %s', async (args, expected) => {
    const ran = await whoCan(...args)
    expect(ran.code).toBe(1)
    expect(ran.err).toContain(expected)
  })
})

describe('evaluate with policies from files', () => {
  const policy = (name: string, json: object) => join(temporaryFolder({ [name]: JSON.stringify(json) }), name)
  const asked = [
    '--principal',
    'arn:aws:iam::444455556666:user/alice',
    '--action',
    's3:GetObject',
    ...RESOURCE,
  ]

  test('--resource-policy takes part, and the explanation shows every layer', async () => {
    const allowing = policy('bucket.json', {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::444455556666:user/alice' },
        Action: 's3:GetObject',
        Resource: '*',
      },
    })
    const ran = await runHere(
      'evaluate',
      folder,
      ...asked,
      '--resource-policy',
      allowing,
      '--resource-account',
      '444455556666',
      '--explain',
      '--json',
    )
    expect(ran.code).toBe(0)
    const { explanation } = jsonOf(ran) as {
      explanation: {
        layers: readonly { layer: string; verdict: string; policies: readonly { policy: string }[] }[]
      }
    }
    expect(explanation.layers.map(({ layer, verdict }) => `${layer} ${verdict}`)).toEqual([
      'identity implicit_deny',
      'resource allow',
    ])
    expect(explanation.layers[1]?.policies[0]?.policy).toBe(allowing)
  })

  test('a session policy limits a user too; a file that is no policy is refused', async () => {
    const list = policy('list.json', [1])
    const none = await runHere('evaluate', folder, ...asked, '--session-policy', list)
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('cli.policy-file')])
    const some = policy('some.json', { Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: '*' } })
    const alice = ['--principal', 'user/alice', '--action', 's3:GetObject', ...RESOURCE]
    expect((await evaluate(...alice)).code).toBe(0)
    expect((await evaluate(...alice, '--session-policy', some)).code).toBe(2)
  })

  test('an endpoint policy limits; to a gateway an account is its root user only', async () => {
    const some = policy('endpoint.json', {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 's3:Get*', Resource: '*' },
    })
    const ask = (...more: readonly string[]) =>
      evaluate('--principal', 'user/alice', ...RESOURCE, '--endpoint-policy', some, ...more)
    expect((await ask('--action', 's3:GetObject')).code).toBe(0)
    const denied = await ask('--action', 's3:DeleteObject', '--json')
    expect([denied.code, jsonOf(denied)]).toEqual([
      2,
      expect.objectContaining({ reasons: [expect.objectContaining({ layer: 'endpoint', policy: some })] }),
    ])
    expect((await ask('--action', 's3:GetObject', '--endpoint-type', 'gateway')).code).toBe(2)
    expect((await ask('--action', 's3:GetObject', '--endpoint-type', 'fence')).code).toBe(1)
  })

  test('several resources: allowed only if each is', async () => {
    const both = [...RESOURCE, '--resource', 'arn:aws:kms:eu-west-1:111122223333:alias/a']
    const ran = await evaluate('--principal', 'user/alice', '--action', 's3:GetObject', ...both)
    expect(ran.code).toBe(0)
    const denied = await evaluate('--principal', 'user/alice', '--action', 's3:PutObject', ...both)
    expect(denied.code).toBe(2)
  })

  test('the layers in words', async () => {
    const ran = await evaluate(
      '--principal',
      'user/alice',
      '--action',
      's3:DeleteObject',
      ...RESOURCE,
      '--explain',
    )
    expect(ran.code).toBe(0)
    await expect(ran.out).toMatchFileSnapshot('golden/evaluate-explained.txt')
  })
})

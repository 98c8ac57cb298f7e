// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of ARNs
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { catalogDates } from '../../src/catalog/catalog-date.ts'
import { runHere } from './in-process.ts'

const root = mkdtempSync(join(tmpdir(), 'iam-sync-names-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const PROJECT = 'version: 1\naccounts:\n  production: { id: "111122223333" }\n'
let folders = 0

/** A project with one manifest. */
function project(manifest: string, projectFile = PROJECT): string {
  const folder = join(root, String(++folders))
  mkdirSync(folder)
  writeFileSync(join(folder, 'iam-sync.yaml'), projectFile)
  writeFileSync(join(folder, 'access.yaml'), manifest)
  return folder
}

const FINE = 'users: { alice: {} }\n'
const firstLine = (text: string): string => text.split('\n')[0] ?? ''

/** The lines of an error output that people read first, and the help below each. */
const said = (err: string): readonly (readonly [string, string])[] =>
  err.split('\n\n').flatMap((part) => {
    const help = /^ {2}help: (.*)$/m.exec(part)?.[1]
    return /^(?:error|warning)\[/.test(part) ? [[firstLine(part), help ?? ''] as const] : []
  })

/** What a part of a test or an invariant is, and what is said of it. */
const QUESTIONS: readonly (readonly [part: string, code: string, help: string])[] = [
  ['action: s3:DeletObject', 'names.unknown-action', '`s3:DeleteObject`'],
  ['action: [s3:GetObject, s3:ListObjects]', 'names.unknown-action', '`s3:ListBucket`'],
  ['action: s4:GetObject', 'names.unknown-service', '`s3:GetObject`'],
  ['action: "*", context: { aws:SourceVpcc: vpc-1 }', 'names.unknown-condition-key', '`aws:SourceVpc`'],
  ['action: "*", context: { aws:RequestedRegion: eu-wets-1 }', 'names.kind-of-value', '`eu-west-1`'],
  ['action: "*", context: { aws:PrincipalOrgID: x }', 'names.kind-of-value', '`o-`, then'],
  [
    'action: "*", context: { aws:PrincipalArn: "arn:aws:iam::111122223333:roles/x" }',
    'names.resource-form',
    'role/NAME',
  ],
  [
    'action: "*", resource: "arn:aws:iam::aws:policy/AdministatorAccess"',
    'names.unknown-policy',
    '`arn:aws:iam::aws:policy/AdministratorAccess`',
  ],
  ['action: s3:DeleteBucket, resource: "arn:aws:s3:::b/x"', 'names.action-resource', 's3:::${BucketName}`'],
  [
    'action: iam:CreateUser, resource: "arn:aws:iam::111122223333:role/x"',
    'names.action-resource',
    'user/${UserNameWithPath}`',
  ],
  [
    'action: kms:Decrypt, resource: "arn:aws:kms:eu-west-1:111122223333:alias/x"',
    'names.action-resource',
    'key/${KeyId}`',
  ],
  ['action: "*", context: { aws:SourceIp: 300.1.1.1 }', 'names.kind-of-value', '`203.0.113.9`'],
  ['action: "*", context: { aws:CurrentTime: yesterday }', 'names.kind-of-value', '`2026-12-31T00:00:00Z`'],
  ['action: "*", context: { s3:max-keys: many }', 'names.kind-of-value', '`100`'],
  ['action: "*", resource: "arn:aws:sqs:eu-wst-1:111122223333:q"', 'names.kind-of-value', '`eu-west-1`'],
  ['action: "*", resource: "arn:aws:s33:::b"', 'names.unknown-service', '`s3`'],
  ['action: "*", resource: "arn:aws:sqs:::queue"', 'names.resource-form', 'write it as'],
  [
    'action: s3:GetObject, resource: "arn:aws:sqs:us-east-1:111122223333:q"',
    'names.action-resource',
    's3:::${BucketName}/${ObjectName}`',
  ],
  ['action: s3:GetObject, context: { ec2:InstanceType: t3.micro }', 'names.action-key', 'leave it out'],
  ['action: ec2:RunInstances, context: { s3:prefix: x }', 'names.action-key', 'leave it out'],
  [
    'action: [s3:GetObject, s3:PutObject], context: { sts:ExternalId: x }',
    'names.action-key',
    'leave it out',
  ],
  ['action: "*", resource: "arn:awss:s3:::b/x"', 'names.partition', '`arn:aws:s3:::b/x`'],
  ['action: "*", resource: "arn:aws-cn:s3:::b/x"', 'names.partition', '`arn:aws:s3:::b/x`'],
  [
    'action: sqs:SendMessage, resource: "arn:aws:sqs:us-east-1:1111-2222-3333:q"',
    'names.resource-form',
    '`arn:aws:sqs:us-east-1:111122223333:q`',
  ],
  ['action: s3:GetObject, context: { aws:SecureTransport: "True" }', 'names.kind-of-value', '`true`'],
  [
    'action: ec2:RunInstances, context: { ec2:ResourceTag: x }',
    'names.unknown-condition-key',
    '`ec2:ResourceTag/team`',
  ],
  [
    'action: ec2:RunInstances, context: { ec2:ResourceTagg: x }',
    'names.unknown-condition-key',
    '`ec2:ResourceTag/team`',
  ],
]
const ONLY_INVARIANTS: typeof QUESTIONS = [
  [
    'action: "*", onlyPrincipals: ["federated:https://accounts.google.com"]',
    'names.unknown-provider',
    'did you mean `accounts.google.com`',
  ],
  [
    'action: "*", onlyPrincipals: ["arn:aws:iam::111122223333:oidc-provider/https://gitlab.acme.com"]',
    'names.unknown-provider',
    '`arn:aws:iam::111122223333:oidc-provider/gitlab.acme.com`',
  ],
  ['action: "*", onlyPrincipals: ["canonical:abc"]', 'names.kind-of-value', '64 hexadecimal digits'],
  ['action: "s3:Deleet*"', 'names.unknown-action', '`s3:Delete*`'],
  [
    'action: "s3:*", resource: "arn:aws:sqs:us-east-1:111122223333:q"',
    'names.action-resource',
    'it is on `arn:${Partition}:s3',
  ],
  ['action: "s3:*", context: { ec2:InstanceType: x }', 'names.action-key', 'leave it out'],
  [
    'action: "*", onlyPrincipals: ["arn:aws-cn:iam::999999999999:user/ada"]',
    'names.partition',
    '`arn:aws:iam::999999999999:user/ada`',
  ],
  ['action: "ec2:*Instnaces"', 'names.unknown-action', '`ec2:*Instances`'],
  [
    'action: "*", onlyPrincipals: [lamda.amazonaws.com]',
    'names.unknown-service-principal',
    '`lambda.amazonaws.com`',
  ],
]

/** Questions that are right as they stand, however odd the key or resource looks beside the action. */
const FINE_QUESTIONS: readonly string[] = [
  'action: "*", resource: "arn:aws:sqs:us-east-1:111122223333:q", context: { ec2:InstanceType: x }',
  'action: [s3:GetObject, sqs:SendMessage], resource: ["arn:aws:s3:::b/x", "arn:aws:sqs:us-east-1:111122223333:q"]',
  'action: s3:GetObject, context: { ec2:SourceInstanceARN: "arn:aws:ec2:eu-west-1:111122223333:instance/i-1" }',
  'action: sts:AssumeRole, context: { sts:ExternalId: x }',
  'action: [s3:GetObject, ec2:RunInstances], context: { ec2:InstanceType: x }',
  'action: iam:PassRole, context: { iam:PassedToService: ec2.amazonaws.com }',
  'action: s3:GetObject, context: { aws:ResourceTag/team: y }',
  'action: ec2:RunInstances, resource: "arn:aws:ssm:eu-west-1::parameter/x"',
  'action: s3:ListAllMyBuckets, resource: "*"',
]

describe('tests and invariants', () => {
  const rows = [
    ...QUESTIONS.map(([part, ...rest]) => [
      `tests: [ { name: t, principal: user/alice, ${part.replace('action: "*"', 'action: s3:GetObject')}, expect: deny } ]`,
      ...rest,
    ]),
    ...[...QUESTIONS, ...ONLY_INVARIANTS].map(([part, ...rest]) => [
      `invariants: [ { name: i, ${part}${part.includes('onlyPrincipals') ? '' : ', expect: deny'} } ]`,
      ...rest,
    ]),
    [
      'tests: [ { name: t, principal: "arn:awss:iam::999999999999:user/ada", action: s3:GetObject, expect: deny } ]',
      'names.partition',
      '`arn:aws:iam::999999999999:user/ada`',
    ],
    [
      'tests: [ { name: t, principal: lamda.amazonaws.com, action: s3:GetObject, expect: deny } ]',
      'names.unknown-service-principal',
      '`lambda.amazonaws.com`',
    ],
  ] as unknown as readonly (readonly [string, string, string])[]

  test.each(rows)('%s: an error of validate, unless it is meant', async (question, code, help) => {
    const folder = project(`${FINE}${question}\n`)
    const { code: exit, err } = await runHere('validate', '--dir', folder)
    expect(exit).toBe(1)
    const [[line = '', told = ''] = [], second] = said(err)
    expect(second).toBeUndefined()
    expect(line).toMatch(new RegExp(`^error\\[${code.replace('.', '\\.')}\\]: `))
    expect(told).toContain(help)
    expect(told).toContain('`allowUnknown: true`')
    expect(err).toContain('--> access.yaml:2:')
    const meant = project(`${FINE}${question.replace('{ name', '{ allowUnknown: true, name')}\n`)
    expect((await runHere('validate', '--dir', meant)).code).toBe(0)
  })

  test.each(FINE_QUESTIONS)('%s: nothing to say', async (part) => {
    const folder = project(
      `${FINE}invariants: [ { name: i, ${part}, expect: deny } ]\n${
        part.includes('"*", ') ? '' : `tests: [ { name: t, principal: user/alice, ${part}, expect: deny } ]\n`
      }`,
    )
    const { code, err } = await runHere('validate', '--dir', folder)
    expect([code, err.trim()]).toEqual([0, ''])
  })

  test('the partitions of all accounts are those of the project', async () => {
    const folder = project(
      'invariants: [ { name: i, action: "s3:*", resource: "arn:aws-cn:s3:::b", expect: deny } ]\n',
      'version: 1\naccounts:\n  a: { id: "111122223333" }\n  c: { id: "444455556666", partition: aws-cn }\n',
    )
    expect((await runHere('validate', '--dir', folder)).code).toBe(0)
  })

  test('no command takes a project whose tests ask about what is not there', async () => {
    const question = 'invariants: [ { name: i, action: s3:DeletObject, neverPrincipals: [user/alice] } ]'
    const folder = project(`${FINE}${question}\n`)
    for (const command of ['test', 'plan']) {
      const { code, err } = await runHere(command, '--dir', folder)
      expect([code, err.includes('there is no action `s3:DeletObject`')], command).toEqual([1, true])
    }
  })

  test('is told beside what else is wrong with the account', async () => {
    const question = 'invariants: [ { name: i, action: s3:DeletObject, neverPrincipals: [user/alice] } ]'
    const folder = project(`users: { alice: {}, zed: { groups: [nope] } }\n${question}\n`)
    const { err } = await runHere('validate', '--dir', folder)
    expect(err).toContain('no group `nope` is declared')
    expect(err).toContain('there is no action `s3:DeletObject`')
  })

  test('names in documents are told beside the errors of the same account', async () => {
    const folder = project(`users:
  zed: { groups: [nope] }
roles:
  r: { maxSessionDuration: soon, trustPolicy: { Version: "2012-10-17", Statement: { Effect: Allow, Principal: { Service: lamda.amazonaws.com }, Action: sts:AssumeRole } } }
policies:
  p: { document: { Version: "2012-10-17", Statement: [ { Effect: Allow, Action: s3:GetObjct, Resource: "*" }, { Effect: Alow, Action: s3:PutObjct, Resource: "*" } ] } }
resources:
  "arn:aws:s3:::b": { policy: { Version: "2012-10-17", Statement: { Effect: Allow, Principal: "*", Action: s3:GetObjekt, Resource: "arn:aws:s3:::b/*" } } }
`)
    const { code, err } = await runHere('validate', '--dir', folder)
    expect(code).toBe(1)
    expect(err).toContain('no group `nope` is declared')
    for (const name of ['lamda.amazonaws.com', 's3:GetObjct', 's3:PutObjct', 's3:GetObjekt'])
      expect(err).toMatch(
        new RegExp(`^warning\\[names\\.[a-z-]+\\]: .*\`${name.replaceAll('.', '\\.')}\``, 'm'),
      )
  })

  test('a user or role that is not declared is a warning, unless it is meant or created', async () => {
    const arn = 'arn:aws:iam::111122223333'
    const about = (action: string, resource: string, more = '') =>
      `  - { name: "${action} ${resource}${more}", action: "${action}", resource: "${resource}", neverPrincipals: [user/alice]${more} }`
    const folder = project(
      `${FINE}invariants:\n${[
        about('iam:PassRole', `${arn}:role/rr`),
        about('iam:PassRole', `${arn}:role/prd/*`),
        about('iam:DeleteUser', `${arn}:user/alcie`),
        about('iam:PassRole', `${arn}:role/rr`, ', allowUnknown: true'),
        about('iam:DeleteUser', `${arn}:user/al*`),
        about('iam:CreateRole', `${arn}:role/new`),
        about('sts:AssumeRole', 'arn:aws:iam::999988887777:role/x'),
      ].join('\n')}\n`,
    )
    const { code, err } = await runHere('validate', '--dir', folder)
    expect(code).toBe(0)
    expect(said(err).map(([line, help]) => [line, help.slice(0, 40)])).toEqual([
      [
        `warning[names.undeclared-resource]: no role \`${arn}:role/rr\` is declared`,
        'correct it, or declare the role (what is',
      ],
      [
        `warning[names.undeclared-resource]: no declared role matches \`${arn}:role/prd/*\``,
        'correct it, or declare the role (what is',
      ],
      [
        `warning[names.undeclared-resource]: no user \`${arn}:user/alcie\` is declared`,
        'did you mean `arn:aws:iam::111122223333:',
      ],
    ])
  })

  test('what isn’t declared is told beside errors, where all that is declared could be read', async () => {
    const arn = 'arn:aws:iam::111122223333'
    const tests = `tests:
  - { name: t, principal: user/alice, action: iam:PassRole, resource: "${arn}:role/rr", expect: deny }
  - { name: u, principal: user/alice, action: s3:DeleteBucket, resource: "arn:aws:s3:::b/x", expect: deny }
`
    const codes = async (text: string) =>
      [...(await runHere('validate', '--dir', project(text))).err.matchAll(/^\w+\[([\w.-]+)\]/gm)].map(
        ([, code]) => code,
      )
    expect(await codes(`${FINE}${tests}`)).toEqual(['names.undeclared-resource', 'names.action-resource'])
    expect(await codes(`${FINE}roles:\nrr: {}\n${tests}`)).toEqual([
      'manifest.not-indented',
      'names.action-resource',
    ])
  })

  test('the message names the date of the catalogue', async () => {
    const folder = project(
      `${FINE}invariants: [ { name: i, action: s3:DeletObject, neverPrincipals: [user/alice] } ]\n`,
    )
    expect((await runHere('validate', '--dir', folder)).err).toContain(catalogDates.actions)
  })
})

describe('questions on the command line', () => {
  const ROWS: readonly (readonly [args: readonly string[], line: string, help: string])[] = [
    [['who-can', 's3:DeletObject', '*'], 'there is no action `s3:DeletObject`', '`s3:DeleteObject`'],
    [['who-can', 's3:Deleet*', '*'], '`s3:Deleet*` matches no action', '`s3:Delete*`'],
    [['who-can', 'dynamo:GetItem', '*'], 'there is no service `dynamo`', '`dynamodb:GetItem`'],
    [['who-can', 's3:GetObject', 'arn:awss:s3:::b/x'], 'there is no partition `awss`', '`arn:aws:s3:::b/x`'],
    [
      ['who-can', 's3:GetObject', 'arn:aws:sqs:us-east-1:111122223333:q'],
      '`s3:GetObject` is never on',
      '${ObjectName}',
    ],
    [
      ['who-can', 's3:GetObject', '*', '--context', 'ec2:InstanceType=t3.micro'],
      '`--context`: no request for `s3:GetObject` carries `ec2:InstanceType`',
      'leave it out',
    ],
    [
      ['access check', '--not-granted', 's3:GetObject', '--resource', 'arn:aws:sqs:us-east-1:111122223333:q'],
      '`--not-granted`: `s3:GetObject` is never on',
      '${ObjectName}',
    ],
    [['who-can', 's3:GetObject', 'arn:aws:s33:::b/x'], 'there is no service `s33`', '`s3`'],
    [
      ['who-can', 's3:GetObject', '*', '--context', 'aws:SourceVpcc=vpc-1'],
      '`--context`: there is no global',
      '`aws:SourceVpc`',
    ],
    [
      ['access check', '--no-outside-access', '--trust', 'token.action.githubusercontent.com'],
      '`--trust`: `token.action.githubusercontent.com` is no identity provider',
      '`token.actions.githubusercontent.com`',
    ],
    [
      ['access check', '--no-outside-access', '--trust', 'gogle.com'],
      '`--trust`: `gogle.com` is no identity provider',
      '`accounts.google.com`',
    ],
    [
      ['access check', '--no-outside-access', '--trust', 'facebook.com'],
      '`--trust`: `facebook.com` is no identity provider',
      '`graph.facebook.com`',
    ],
    [
      ['access check', '--not-granted', 's3:DeletObject'],
      '`--not-granted`: there is no action',
      '`s3:DeleteObject`',
    ],
    [
      ['access check', '--not-granted', 'iam:PassRole,iam:CreatUser'],
      '`--not-granted`: there is no action `iam:CreatUser`',
      '`iam:CreateUser`',
    ],
    [
      ['access check', '--not-granted', 's3:Deleet*'],
      '`--not-granted`: `s3:Deleet*` matches no',
      '`s3:Delete*`',
    ],
    [
      ['access check', '--not-granted', 's3:*', '--resource', 'arn:aws:s3:eu-west-1:111122223333:b'],
      '`--resource`: ',
      'write it as',
    ],
    [
      ['access check', '--no-outside-access', '--trust', 'lamda.amazonaws.com'],
      '`--trust`: there is no service principal',
      '`lambda.amazonaws.com`',
    ],
    [
      ['access escalations', '--from', 'lamda.amazonaws.com'],
      '`--from`: there is no service principal',
      '`lambda.amazonaws.com`',
    ],
  ]

  test.each(ROWS)('%j: a usage error before anything is opened', async (args, line, help) => {
    const [command = '', ...rest] = args
    const nowhere = join(root, 'nowhere')
    const { code, err, out } = await runHere(...command.split(' '), ...rest, '--dir', nowhere)
    expect([code, out]).toEqual([1, ''])
    const [[told = '', hint = ''] = []] = said(err)
    expect(told).toContain(line)
    expect(hint).toContain(help)
    expect(hint).toContain('`--allow-unknown-actions`')
    const meant = await runHere(...command.split(' '), ...rest, '--allow-unknown-actions', '--dir', nowhere)
    expect(meant.err).toContain('source.no-folder')
  })

  test('what is in another partition than the project is asked about by mistake', async () => {
    const folder = project(FINE)
    const bucket = 'arn:aws-cn:s3:::b/x'
    for (const question of [
      ['who-can', 's3:GetObject', bucket],
      ['who-can', 's3:*', bucket],
      ['access', 'check', '--not-granted', 's3:GetObject', '--resource', bucket],
    ]) {
      const { code, err } = await runHere(...question, '--dir', folder)
      expect([code, said(err).map(([line]) => line.split(':')[0])]).toEqual([1, ['error[names.partition]']])
      const meant = await runHere(...question, '--allow-unknown-actions', '--dir', folder)
      expect(meant.code).toBe(0)
    }
    const declared = project(`${FINE}resources: { "arn:aws-cn:s3:::b": { account: "444455556666" } }\n`)
    expect((await runHere('who-can', 's3:GetObject', bucket, '--dir', declared)).code).toBe(0)
  })

  test('evaluate says that it is in another, on stderr, and decides', async () => {
    const folder = project(FINE)
    const ask = (principal: string, resource: string) =>
      runHere(
        'evaluate',
        ...['--principal', principal, '--action', 's3:GetObject', '--resource', resource, '--dir', folder],
      )
    const bucket = 'arn:aws:s3:::b/x'
    const cases: readonly (readonly [string, string, readonly string[]])[] = [
      ['user/alice', bucket, []],
      [
        'user/alice',
        'arn:aws-cn:s3:::b/x',
        ['`--resource`: `arn:aws-cn:s3:::b/x` is of the partition `aws-cn`, and the project is in `aws`'],
      ],
      [
        'arn:aws-us-gov:iam::111122223333:user/alice',
        bucket,
        [
          '`--principal`: `arn:aws-us-gov:iam::111122223333:user/alice` is of the partition `aws-us-gov`, and the project is in `aws`',
        ],
      ],
    ]
    for (const [principal, resource, warnings] of cases) {
      const { code, out, err } = await ask(principal, resource)
      const lines = said(err).flatMap(([line]) => /^warning\[names\.partition\]: (.*)$/.exec(line)?.[1] ?? [])
      expect([code, out.split('\n')[0], lines]).toEqual([2, 'denied: nothing allows it', warnings])
    }
  })

  test('evaluate decides all the same, and warns', async () => {
    const folder = project(FINE)
    const ran = await runHere(
      'evaluate',
      ...['--principal', 'user/alice', '--action', 's3:DeletObject', '--resource', 'arn:aws:s33:::b'],
      ...['--context', 'aws:SourceVpcc=vpc-1', '--dir', folder],
    )
    expect(ran.code).toBe(2)
    expect(ran.out).not.toBe('')
    expect(said(ran.err).map(([line]) => line.replace(/^warning\[([^\]]*)\].*$/, '$1'))).toEqual([
      'names.unknown-action',
      'names.unknown-service',
      'names.unknown-condition-key',
    ])
  })
})

const trust = (principal: string) =>
  `roles: { r: { trustPolicy: { Version: "2012-10-17", Statement: { Effect: Allow, Principal: { AWS: ${principal} }, Action: sts:AssumeRole } } } }`

describe('what IAM would not store', () => {
  const PARTITION = PROJECT.replace('"111122223333"', '"111122223333", partition: aws-cn')
  const managed = (elements: string, version = 'Version: "2012-10-17", ') =>
    `policies: { p: { document: { ${version}Statement: { Effect: Allow, ${elements} } } } }`
  const fine = 'Action: s3:ListBucket, Resource: "*"'
  const ROWS: readonly (readonly [manifest: string, code: string, projectFile?: string])[] = [
    [managed(fine, ''), 'policy.managed-version'],
    [managed(fine, 'Version: "2008-10-17", '), 'policy.managed-version'],
    [managed('Action: [], Resource: "*"'), 'policy.no-actions'],
    [managed('Action: s3:ListBucket, Resource: []'), 'policy.no-resources'],
    [managed('Action: s3:ListBucket, Resource: "arn:error:s3:::b"'), 'policy.partition'],
    [managed('Action: s3:ListBucket, Resource: "arn:aws"'), 'policy.resource-short-arn'],
    [managed('Action: iam:GetUser, Resource: "arn:aws:iam:::b"'), 'policy.iam-resource'],
    [
      managed('Action: iam:GetUser, Resource: "arn:aws:iam:us-east-1:111122223333:user/x"'),
      'policy.arn-region',
    ],
    [managed('Action: s3:ListBucket, Resource: "arn:aws:s3:::b"'), 'policy.partition', PARTITION],
  ]

  test.each(ROWS)(
    '%s: an error of validate and of the plan that would write it',
    async (manifest, code, file) => {
      const folder = project(`${manifest}\n`, file ?? PROJECT)
      for (const command of ['validate', 'plan'])
        expect(
          said((await runHere(command, '--dir', folder)).err).map(([line]) => firstLine(line).split(':')[0]),
        ).toEqual([`error[${code}]`])
      const applied = await runHere('apply', '--yes', '--dir', folder)
      expect(applied.code).toBe(1)
      expect(applied.out).toContain('nothing was applied')
      // Who only reads it is told, and answered.
      const read = await runHere('test', '--dir', folder)
      expect([read.code, said(read.err).map(([line]) => line.split(':')[0])]).toEqual([
        0,
        [`warning[${code}]`],
      ])
    },
  )

  test('a unique id that nobody has is refused before the first step', async () => {
    const folder = project(`${FINE}${trust('AROAJQABLZS4A3QDU576Q')}\n`)
    const validated = await runHere('validate', '--dir', folder)
    expect([validated.code, said(validated.err).map(([line]) => line.split(':')[0])]).toEqual([
      0,
      ['warning[policy.unique-id]'],
    ])
    const applied = await runHere('apply', '--yes', '--dir', folder)
    expect(applied.code).toBe(1)
    expect(applied.out).toContain('nothing was applied')
    expect(said(applied.err).map(([line]) => line.split(':')[0])).toEqual(['error[plan.principal-gone]'])
  })

  test('equal Sids in a policy that another service stores are a warning', async () => {
    const statement =
      '{ Sid: Enable IAM, Effect: Allow, Principal: { AWS: "111122223333" }, Action: "kms:*", Resource: "*" }'
    const folder = project(
      `resources: { "arn:aws:kms:us-east-1:111122223333:key/k": { policy: { Version: "2012-10-17", Statement: [ ${statement}, ${statement} ] } } }\n`,
    )
    const { code, err } = await runHere('validate', '--dir', folder)
    expect([code, said(err).map(([line]) => line.split(':')[0])]).toEqual([
      0,
      ['warning[policy.duplicate-sid]'],
    ])
  })
})

describe('names that every object has are names like any other', () => {
  test.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    '%s, wherever one may stand',
    async (name) => {
      const policy = `{ Version: "2012-10-17", Statement: [{ Sid: ${name}, Effect: Allow, Action: ["${name}:${name}", s3:GetObject], Resource: "arn:aws:${name}:::x", Condition: { StringEquals: { "${name}:${name}": ${name}, "aws:${name}": x, "aws:PrincipalTag/${name}": x } } }] }`
      const folder =
        project(`users: { ${name}: { groups: [${name}], managedPolicies: [${name}], tags: { ${name}: x } } }
groups: { ${name}: { inlinePolicies: { ${name}: ${policy} } } }
policies: { ${name}: { document: ${policy} } }
roles: { ${name}: { trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::111122223333:user/${name}", Service: ${name}.amazonaws.com }, Action: sts:AssumeRole }] } } }
tests: [{ name: ${name}, principal: user/${name}, action: s3:GetObject, resource: "arn:aws:s3:::x/y", expect: deny }]
`)
      for (const args of [['validate'], ['plan'], ['test']]) {
        const { code, err } = await runHere(...args, folder)
        expect([code, said(err).filter(([line]) => !line.startsWith('warning[names.'))]).toEqual([0, []])
      }
      const mistyped =
        project(`${FINE}tests: [{ name: t, principal: user/${name}, action: "${name}:X", resource: "*", context: { ${name}: x }, expect: deny }]
${name}: {}
`)
      const { code, err } = await runHere('validate', mistyped)
      expect([code, said(err).length > 0, err.includes('internal')]).toEqual([1, true, false])
    },
  )
})

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Planned, planJson } from '../intake/tfplan/plan-json.ts'
import { allowing, roleOf, trusting } from '../intake/tfplan/read-plan.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'

const ID = '111122223333'
const arn = (rest: string) => `arn:aws:iam::${ID}:${rest}`

/** ada may start whatever assumes `deploy`, which only the export has. */
const ACCOUNT = {
  UserDetailList: [
    {
      Path: '/',
      UserName: 'ada',
      Arn: arn('user/ada'),
      GroupList: [],
      AttachedManagedPolicies: [],
      UserPolicyList: [
        {
          PolicyName: 'p',
          PolicyDocument: { Version: '2012-10-17', Statement: allowing('sts:AssumeRole').Statement },
        },
      ],
    },
  ],
  GroupDetailList: [],
  RoleDetailList: [
    {
      Path: '/',
      RoleName: 'deploy',
      Arn: arn('role/deploy'),
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: arn('user/ada') }, Action: 'sts:AssumeRole' }],
      },
      RolePolicyList: [{ PolicyName: 'own', PolicyDocument: allowing('s3:GetObject') }],
      AttachedManagedPolicies: [],
    },
  ],
  Policies: [],
}

const ADMINISTRATOR: Planned = {
  type: 'aws_iam_role_policy_attachment',
  name: 'admin',
  module: 'module.ci',
  before: null,
  after: { role: 'deploy', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
}
const HARMLESS: Planned = {
  ...ADMINISTRATOR,
  after: { role: 'deploy', policy_arn: 'arn:aws:iam::aws:policy/AWSDenyAll' },
}

const folder = (...resources: readonly Planned[]): string =>
  temporaryFolder({
    'plan.json': JSON.stringify(planJson(resources)),
    'account.json': JSON.stringify(ACCOUNT),
  })

/** Runs with `tfplan:` and `gaad:` as files of a folder; its name is shown as `.` */
async function ran(at: string, ...words: readonly string[]) {
  const { code, out, err } = await runHere(
    ...words.map((word) =>
      word.replace(/^(tfplan:|gaad:)(\w+\.json)/, (_, kind, file) => `${kind}${join(at, file)}`),
    ),
  )
  return { code, text: `${out}--- stderr\n${err}`.replaceAll(at, '.') }
}

const ON = ['--on', 'gaad:account.json'] as const
const NO_NEW = [
  'access',
  'check',
  '--no-new-escalation',
  'tfplan:plan.json#before',
  '--as-of',
  'tfplan:plan.json',
] as const

describe('a plan on an exported account', () => {
  it('that gives power to a role that only the export has is a new escalation of whoever may assume it', async () => {
    const { code, text } = await ran(folder(ADMINISTRATOR), ...NO_NEW, ...ON)
    expect(code).toBe(4)
    await expect(text).toMatchFileSnapshot('golden/on-account-check.txt')
  })

  it('is compared with what was there before it, and with the export alone', async () => {
    const at = folder(ADMINISTRATOR)
    const { text } = await ran(at, 'access', 'diff', 'tfplan:plan.json', ...ON)
    await expect(text).toMatchFileSnapshot('golden/on-account-diff.txt')
    const alone = await ran(at, 'access', 'diff', 'gaad:account.json', 'tfplan:plan.json', ...ON)
    expect(alone.text).toContain('gained by')
    expect(alone.text).not.toContain('unknown')
  })

  it('that gives nobody power passes the gate', async () => {
    expect(await ran(folder(HARMLESS), ...NO_NEW, ...ON)).toMatchObject({ code: 0 })
  })

  it('proves of everybody what the plan alone leaves unknown', async () => {
    const at = folder(HARMLESS)
    const gate = [
      'access',
      'check',
      '--not-granted',
      'iam:CreateUser',
      '--as-of',
      'tfplan:plan.json',
    ] as const
    expect(await ran(at, ...gate, ...ON)).toMatchObject({ code: 0 })
    expect(await ran(at, ...gate, '--account-id', ID)).toMatchObject({ code: 4 })
    expect(await ran(folder(ADMINISTRATOR), ...gate, ...ON)).toMatchObject({ code: 4 })
  })

  it('passes no gate where it changes something that nobody looks at, or is not all that will be', async () => {
    const grant: Planned = { type: 'aws_kms_grant', name: 'g', before: null, after: { name: 'g' } }
    const gate = [
      'access',
      'check',
      '--not-granted',
      'iam:CreateUser',
      '--as-of',
      'tfplan:plan.json',
      ...ON,
    ] as const
    const at = folder(HARMLESS, grant)
    expect(await ran(at, ...gate)).toMatchObject({ code: 4 })
    expect(await ran(at, ...NO_NEW, ...ON)).toMatchObject({ code: 4 })
    expect(
      await ran(
        at,
        'access',
        'check',
        '--no-new-access',
        'gaad:account.json',
        '--as-of',
        'tfplan:plan.json',
        ...ON,
      ),
    ).toMatchObject({ code: 4 })
    expect(
      await ran(at, 'access', 'escalations', '--exit-code', '--as-of', 'tfplan:plan.json', ...ON),
    ).toMatchObject({ code: 4 })
  })

  it('is who the export and the plan have, for questions', async () => {
    const at = folder(
      roleOf('new', {
        after: { name: 'new', assume_role_policy: JSON.stringify(trusting('ec2.amazonaws.com')) },
      }),
    )
    const principal = (name: string) =>
      ran(
        at,
        'evaluate',
        '--principal',
        name,
        '--action',
        's3:GetObject',
        '--resource',
        'arn:aws:s3:::b/x',
        '--as-of',
        'tfplan:plan.json',
        ...ON,
      )
    expect((await principal('role/deploy')).text).toMatch(/^allowed[\s\S]*account\.json#RoleDetailList\[0\]/)
    expect((await principal('role/new')).text).toMatch(/denied/)
  })
})

describe('--on', () => {
  it.each([
    [
      ['access', 'diff', 'tfplan:plan.json', '--on', 'account.json'],
      'cli.invalid-value',
      'write `gaad:FILE`',
    ],
    [
      ['access', 'diff', 'tfplan:plan.json', '--on', 'tfplan:plan.json'],
      'cli.invalid-value',
      'write `gaad:FILE`',
    ],
    [['access', 'diff', 'tfplan:plan.json', '--on', 'gaad:'], 'cli.invalid-value', 'write `gaad:FILE`'],
    [
      ['access', 'escalations', '--as-of', 'gaad:account.json', ...ON],
      'cli.missing-flag',
      'name one: `tfplan:FILE`',
    ],
    [['access', 'escalations', ...ON], 'cli.missing-flag', 'name one: `tfplan:FILE`'],
    [['access', 'diff', 'tfplan:plan.json', '--on', 'gaad:none.json'], 'cli.input-file', 'name a file'],
    [
      ['access', 'diff', 'tfplan:plan.json', '--on', 'gaad:plan.json'],
      'intake.not-an-export',
      'it looks like a plan of Terraform',
    ],
    [
      ['access', 'diff', 'tfplan:plan.json', ...ON, '--account-id', '444455556666'],
      'intake.wrong-account',
      '--account-id',
    ],
  ])('%j is %s', async (words, code, help) => {
    const { code: exit, text } = await ran(folder(HARMLESS), ...words)
    expect(exit).toBe(1)
    expect(text).toContain(`error[${code}]`)
    expect(text).toContain(help)
  })

  it('takes no plan for another account', async () => {
    const role = { name: 'far', arn: 'arn:aws:iam::444455556666:role/far' }
    const { code, text } = await ran(
      folder(roleOf('far', { before: role, after: null })),
      'access',
      'diff',
      'tfplan:plan.json',
      ...ON,
    )
    expect(code).toBe(1)
    expect(text).toContain(
      'error[intake.another-account]: `./plan.json` is a plan for 444455556666, and `./account.json` an export of 111122223333',
    )
    expect(text).toContain('help: export the account that the plan is for')
  })
})

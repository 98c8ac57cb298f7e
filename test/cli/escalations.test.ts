import { describe, expect, it } from 'vitest'
import type { Escalation } from '../../src/access/access-diff.ts'
import { commitAll, temporaryFolder } from '../source/folders.ts'
import {
  assumes,
  changed,
  declare,
  difference,
  EC2_ROLE,
  gate,
  grants,
  HOME,
  inline,
  type Manifest,
  planned,
  projectOf,
  role,
  SECOND,
  twoAccounts,
} from './estate-questions.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const arn = (entity: string, account = HOME) => `arn:aws:iam::${account}:${entity}`
const ADMINISTRATOR = { managedPolicies: ['AdministratorAccess'] }
const trusting = (service: string) => role(assumes({ Service: service }))

/** An escalation in a few words: who, whom, how. */
type Told = readonly [who: string, target: string | null, ways: readonly string[]]
type Printed = Pick<Escalation, 'principals' | 'target' | 'targets' | 'class' | 'why'> & {
  readonly potential: boolean
  readonly path: readonly { readonly way: string; readonly actor: string }[]
}
const short = (label: string | null) => label?.replace(/^arn:aws:iam::\d+:/, '') ?? null
const told = (escalations: readonly unknown[]): readonly Told[] =>
  (escalations as readonly Printed[]).map(({ principals, target, path }) => [
    short(principals.join()) ?? '',
    short(target),
    path.map(({ way }) => way),
  ])

/** What a plan says after one manifest was applied and another is declared. */
async function planAfter(before: Manifest, after: Manifest) {
  const folder = projectOf(before)
  const applied = await runHere('apply', '--yes', '--dir', folder, '--json')
  if (applied.code !== 0) throw new Error(applied.out)
  declare(folder, { 'access.yaml': after })
  const { escalations } = await planned(folder)
  const { out } = await runHere('plan', '--dir', folder)
  return { escalations, text: out, folder }
}

async function listed(folder: string, ...flags: readonly string[]) {
  const ran = await runHere('access', 'escalations', '--dir', folder, '--json', ...flags)
  return { ...ran, accounts: jsonOf(ran).accounts as readonly Listed[] }
}
interface Listed {
  readonly account: { readonly name: string }
  readonly escalations: readonly Printed[]
  readonly unknown: readonly unknown[]
}
const existing = async (folder: string, ...flags: readonly string[]) =>
  (await listed(folder, ...flags)).accounts.flatMap(({ escalations }) => escalations)

const helpdesk = inline(grants(['iam:AddUserToGroup', 'iam:CreateAccessKey', 'iam:UpdateLoginProfile']))
const staff = (alice: object): Manifest => ({
  groups: { admins: ADMINISTRATOR },
  users: { boss: { groups: ['admins'] }, alice },
})
const withDev = (own: object, roles: object): Manifest => ({ users: { dev: own }, roles })

describe('a plan names whom somebody may become, and how', () => {
  it('joining the administrators, keys and passwords', async () => {
    const { escalations, text } = await planAfter(staff({}), staff(helpdesk))
    const found = told(escalations)
    expect(found).toContainEqual(['user/alice', 'group/admins', ['iam:AddUserToGroup']])
    expect(found).toContainEqual(['user/alice', 'user/boss', ['iam:CreateAccessKey']])
    expect(found).toContainEqual(['user/alice', 'user/boss', ['iam:UpdateLoginProfile']])
    expect(text).toMatch(/escalations?\n\+ user\/alice\n {4}critical: /)
    expect(text.indexOf('escalation')).toBeLessThan(text.indexOf('AddUserToGroup'))
    expect(text).toContain('admins')
    expect(text).toContain('boss')
  })
  it('the roles that a provider speaks for', async () => {
    const roles = {
      other: { ...ADMINISTRATOR, ...EC2_ROLE },
      'sso-admin': {
        ...ADMINISTRATOR,
        ...role(assumes({ Federated: arn('saml-provider/idp') }, undefined, 'sts:AssumeRoleWithSAML')),
      },
    }
    const { escalations } = await planAfter(
      withDev({}, roles),
      withDev(inline(grants('iam:UpdateSAMLProvider')), roles),
    )
    const found = escalations as unknown as readonly Printed[]
    expect(told(found).map(([who]) => who)).toEqual(['user/dev'])
    expect(found[0]?.targets).toEqual([arn('role/sso-admin')])
    expect(found[0]?.why).toContain('speaks for, and signs in as role/sso-admin')
  })
  it('the roles that something may have that runs already', async () => {
    const roles = { 'admin-role': { ...ADMINISTRATOR, ...trusting('lambda.amazonaws.com') } }
    const { escalations, text } = await planAfter(
      withDev({}, roles),
      withDev(inline(grants('lambda:UpdateFunctionCode')), roles),
    )
    const [found, ...more] = escalations as unknown as readonly Printed[]
    expect(more).toEqual([])
    expect(found).toMatchObject({ rule: 'pass-role', targets: [arn('role/admin-role')] })
    expect(text).toContain('admin-role')
  })
  it('nothing, where no role lets the service in', async () => {
    const roles = { 'admin-role': { ...ADMINISTRATOR, ...trusting('backup.amazonaws.com') } }
    const { escalations } = await planAfter(
      withDev({}, roles),
      withDev(inline(grants('lambda:UpdateFunctionCode')), roles),
    )
    expect(escalations).toEqual([])
  })
  it('a role that could be passed before, with a way to start something', async () => {
    const roles = { 'admin-role': { ...ADMINISTRATOR, ...trusting('tasks.apprunner.amazonaws.com') } }
    const passing = { one: grants('iam:PassRole', undefined, arn('role/admin-role')) }
    const { escalations } = await planAfter(
      withDev({ inlinePolicies: passing }, roles),
      withDev({ inlinePolicies: { ...passing, two: grants('apprunner:CreateService') } }, roles),
    )
    const found = escalations as unknown as readonly (Printed & { readonly rule: string })[]
    expect(found.map(({ rule, target }) => [rule, target])).toEqual([['pass-role', arn('role/admin-role')]])
    expect(JSON.stringify(found[0]?.path)).toContain('apprunner:CreateService')
  })
})

describe('a role that is opened to whoever has a token', () => {
  const GITHUB = arn('oidc-provider/token.actions.githubusercontent.com')
  const AUDIENCE = { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } }
  const REPOSITORY = {
    ...AUDIENCE,
    StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:example/site:*' },
  }
  const WEB = 'sts:AssumeRoleWithWebIdentity'
  const opened = (principal: object, condition?: object, action = WEB) => ({
    roles: { deploy: { ...ADMINISTRATOR, ...role(assumes(principal, condition, action)) } },
  })
  const before = { roles: { deploy: { ...ADMINISTRATOR, ...EC2_ROLE } } }
  const foundIn = async (after: Manifest) => {
    const { escalations } = await difference(await changed(before, after))
    return (escalations as unknown as readonly Printed[]).map(({ class: kind, target }) => [kind, target])
  }
  it.each([
    ['a repository of anybody', { Federated: GITHUB }, AUDIENCE, WEB],
    ['a social provider', { Federated: 'accounts.google.com' }, undefined, WEB],
    [
      'a directory of another account',
      { Federated: `arn:aws:iam::${SECOND}:saml-provider/corp` },
      undefined,
      'sts:AssumeRoleWithSAML',
    ],
    ['another account', { AWS: SECOND }, undefined, 'sts:AssumeRole'],
    ['anybody', { AWS: '*' }, undefined, 'sts:AssumeRole'],
  ])('is an escalation: %s', async (_, principal, condition, action) => {
    expect(await foundIn(opened(principal, condition, action))).toContainEqual([
      'lets-outsiders-in',
      arn('role/deploy'),
    ])
  })
  it.each([
    ['one repository', { Federated: GITHUB }, REPOSITORY, WEB],
    [
      "the account's own directory",
      { Federated: arn('saml-provider/corp') },
      { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
      'sts:AssumeRoleWithSAML',
    ],
    ['a service', { Service: 'lambda.amazonaws.com' }, undefined, 'sts:AssumeRole'],
  ])('is none: %s', async (_, principal, condition, action) => {
    expect(await foundIn(opened(principal, condition, action))).toEqual([])
  })
  it('is none: the declared organization', async () => {
    const organization = {
      id: 'o-a1b2c3d4e5',
      managementAccount: HOME,
      roots: { Root: { accounts: { [HOME]: {}, '222233334444': {} } } },
    }
    const limited = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }
    const { escalations } = await difference(
      await changed(
        { organization, ...before },
        { organization, ...opened({ AWS: '*' }, limited, 'sts:AssumeRole') },
      ),
    )
    expect(told(escalations)).toEqual([])
  })
})

describe('two policy files', () => {
  const policies = async (before: object, after: object) => {
    const folder = temporaryFolder({
      'old.json': JSON.stringify(before),
      'new.json': JSON.stringify(after),
    })
    const ran = await runHere('access', 'diff', `${folder}/old.json`, `${folder}/new.json`, '--json')
    return jsonOf(ran).accounts[0].access.escalations as readonly Printed[]
  }
  const harmless = grants('s3:ListAllMyBuckets')
  it('keys of anybody and membership of any group are potential power, of nobody who is known', async () => {
    const found = await policies(
      harmless,
      grants(['s3:ListAllMyBuckets', 'iam:CreateAccessKey', 'iam:AddUserToGroup']),
    )
    expect(told(found).map(([, target, ways]) => [target, ways])).toEqual(
      expect.arrayContaining([
        [null, ['iam:CreateAccessKey']],
        [null, ['iam:AddUserToGroup']],
      ]),
    )
    expect(found.every(({ potential }) => potential)).toBe(true)
  })
  it.each([
    'iam:CreateLoginProfile',
    'iam:UpdateLoginProfile',
    'iam:CreateServiceSpecificCredential',
    'iam:UploadSSHPublicKey',
  ])('%s of anybody too', async (action) => {
    expect(told(await policies(harmless, grants(action))).map(([, , ways]) => ways)).toEqual([[action]])
  })
  it('keys of oneself are none', async () => {
    const own = `arn:aws:iam::*:user/$\{aws:username}`
    expect(
      await policies(harmless, grants(['iam:CreateAccessKey', 'iam:CreateLoginProfile'], undefined, own)),
    ).toEqual([])
  })
})

describe('access escalations', () => {
  it('lists what there is, the heaviest first, each step with a request that is allowed', async () => {
    const { code, accounts } = await listed(projectOf(staff(helpdesk)))
    expect(code).toBe(0)
    expect(accounts.map(({ account }) => account.name)).toEqual(['production'])
    const [{ escalations } = { escalations: [] }] = accounts
    const weights = escalations.map((each) => (each as unknown as Escalation).weight)
    expect(weights).toEqual(weights.toSorted((a, b) => b - a))
    expect(told(escalations)).toContainEqual(['user/alice', 'group/admins', ['iam:AddUserToGroup']])
    for (const { path } of escalations as unknown as readonly Escalation[])
      for (const { witness, besides } of path)
        for (const request of [witness, ...besides]) expect(request.action).toMatch(/^[\w-]+:\w+$/)
  })
  it('is silent where there is none', async () => {
    const folder = projectOf(staff({}))
    expect(await existing(folder, '--as-of', 'plan')).toEqual([])
    const { out } = await runHere('access', 'escalations', '--dir', folder)
    expect(out).toContain('escalations: none')
  })
  it('of one principal', async () => {
    const folder = projectOf({
      ...staff(helpdesk),
      users: { boss: { groups: ['admins'] }, alice: helpdesk, bob: helpdesk },
    })
    const everybody = new Set((await existing(folder)).flatMap(({ principals }) => principals))
    expect([...everybody].sort()).toEqual([arn('user/alice'), arn('user/bob')])
    for (const named of ['user/alice', arn('user/alice')]) {
      const of = new Set((await existing(folder, '--from', named)).flatMap(({ principals }) => principals))
      expect([...of]).toEqual([arn('user/alice')])
    }
  })
  it('refuses a principal that is not there', async () => {
    const ran = await runHere('access', 'escalations', '--from', 'user/alise', '--dir', projectOf(staff({})))
    expect(ran.code).toBe(1)
    expect(ran.err).toContain('there is no user `alise`')
    expect(ran.err).toContain('did you mean `alice`?')
  })
  it('refuses a name that can be meant in several accounts', async () => {
    const folder = twoAccounts(staff(helpdesk), staff({}))
    const ran = await runHere('access', 'escalations', '--from', 'user/alice', '--dir', folder)
    expect(ran.code).toBe(1)
    expect(ran.err).toContain('--account NAME')
    const inOne = await existing(folder, '--from', 'user/alice', '--account', 'production')
    expect(inOne.length).toBeGreaterThan(0)
  })
  it.each([
    [staff(helpdesk), [], 0],
    [staff(helpdesk), ['--exit-code'], 4],
  ] as const)('ends with 4 where there is any, with --exit-code', async (manifest, flags, code) => {
    expect((await listed(projectOf(manifest), ...flags)).code).toBe(code)
  })
  it('by what is applied, of which everybody is known', async () => {
    const folder = projectOf(withDev(inline(grants('iam:CreateAccessKey')), {}))
    const applied = await runHere('apply', '--yes', '--dir', folder, '--json')
    expect(applied.code).toBe(0)
    // Whom the YAML doesn't declare may be there all the same; of what is applied everybody is known.
    expect((await existing(folder)).map(({ target, potential }) => [target, potential])).toEqual([
      [null, true],
    ])
    expect(await existing(folder, '--as-of', 'target')).toEqual([])
    expect((await listed(folder, '--as-of', 'target', '--exit-code')).code).toBe(0)
  })
  it('the text says each step, and where the first one is granted', async () => {
    const { out } = await runHere('access', 'escalations', '--dir', projectOf(staff(helpdesk)))
    expect(out).toContain(`production (${HOME})`)
    expect(out).toMatch(/^critical {2}user\/alice {2}/m)
    expect(out).toMatch(/^ {4}1\. user\/alice /m)
    expect(out).toContain('iam:AddUserToGroup group/admins')
    expect(out).toContain('[verified]')
    expect(out).toContain('from access.yaml:1')
  })
})

describe('access check --no-new-escalation', () => {
  const since = async (before: Manifest, after: Manifest, ref = 'main') =>
    gate(await changed(before, after), '--no-new-escalation', ref)
  it('fails on a way to power that was not there', async () => {
    const { holds, violations } = await since(staff({}), staff(helpdesk))
    expect(holds).toBe(false)
    expect(told(violations as unknown as readonly Printed[])).toContainEqual([
      'user/alice',
      'group/admins',
      ['iam:AddUserToGroup'],
    ])
  })
  it('holds where the same ways are there, by another policy', async () => {
    const own = grants(['iam:AddUserToGroup', 'iam:CreateAccessKey', 'iam:UpdateLoginProfile'])
    const { holds, violations } = await since(staff(helpdesk), staff({ inlinePolicies: { renamed: own } }))
    expect([holds, told(violations as unknown as readonly Printed[])]).toEqual([true, []])
  })
  it('holds where power goes', async () => {
    expect((await since(staff(helpdesk), staff({}))).holds).toBe(true)
  })
  it('holds where access comes that is no power', async () => {
    expect((await since(staff({}), staff(inline(grants('s3:GetObject'))))).holds).toBe(true)
  })
  it('does not pass what is only potential', async () => {
    const { holds, violations } = await since(
      { users: { dev: {} } },
      withDev(inline(grants('iam:CreateAccessKey')), {}),
    )
    expect(holds).not.toBe(true)
    expect(violations).toHaveLength(1)
  })
  it('takes any state, and stands beside other claims', async () => {
    const folder = await changed(staff({}), staff(helpdesk))
    expect((await gate(folder, '--no-new-escalation', 'git:main')).holds).toBe(false)
    expect((await gate(folder, '--no-new-escalation', 'desired')).holds).toBe(true)
    await commitAll(folder, 'after')
    expect((await gate(folder, '--no-new-escalation', 'HEAD~1', '--no-public-access')).holds).toBe(false)
    expect((await gate(folder, '--no-new-escalation', 'main', '--no-public-access')).holds).toBe(true)
  })
  it('the text names who, whom and how', async () => {
    const folder = await changed(staff({}), staff(helpdesk))
    const { code, out } = await runHere('access', 'check', '--no-new-escalation', 'main', '--dir', folder)
    expect(code).toBe(4)
    expect(out).toContain('FAIL     no new escalation since `main`')
    expect(out).toContain('critical: ')
    expect(out).toContain('admins')
  })
})

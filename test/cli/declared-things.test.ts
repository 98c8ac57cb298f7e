import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openReadable } from '../../src/target/local/open-local-target.ts'
import { ACCOUNT, AWS_POLICIES } from '../iam/account.ts'
import { madeCertificate, madeMetadata } from '../kinds/made-certificates.ts'
import {
  assumes,
  declare,
  EC2_ROLE,
  grants,
  HOME,
  inline,
  type Manifest,
  projectOf,
  role,
} from './estate-questions.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const ADMINISTRATOR = { managedPolicies: ['AdministratorAccess'] }
const arn = (rest: string) => `arn:aws:iam::${HOME}:${rest}`

interface Told {
  readonly principals: readonly string[]
  readonly targets: readonly string[]
  readonly potential: boolean
  readonly path: readonly { readonly way: string }[]
}
/** `user/ann > role/r by iam:UpdateSAMLProvider`, and whether that is certain. */
const told = (escalations: readonly Told[]): readonly string[] =>
  escalations
    .flatMap(({ principals, targets, potential, path }) =>
      principals.map(
        (from) =>
          `${short(from)} > ${targets.map(short).join()} by ${path.map(({ way }) => way).join()}${potential ? ' perhaps' : ''}`,
      ),
    )
    .sort()
const short = (label: string) => label.split(':').at(-1) ?? ''

async function applied(manifest: Manifest): Promise<string> {
  const folder = projectOf(manifest)
  await apply(folder)
  return folder
}
async function apply(folder: string): Promise<void> {
  const ran = await runHere('apply', '--yes', '--dir', folder, '--json')
  if (ran.code !== 0) throw new Error(`${ran.out}${ran.err}`)
}
async function listed(...flags: readonly string[]): Promise<readonly string[]> {
  const ran = await runHere('access', 'escalations', ...flags, '--json')
  if (ran.code !== 0) throw new Error(`${ran.out}${ran.err}`)
  const { accounts } = jsonOf(ran)
  return told(accounts.flatMap(({ escalations }: { escalations: readonly Told[] }) => escalations))
}
/** What an export of the account says. */
async function exported(folder: string): Promise<readonly string[]> {
  const target = await openReadable({
    database: join(folder, '.iam-sync/production.db'),
    account: ACCOUNT,
    facts: AWS_POLICIES,
  })
  const details = await target.iam.read('GetAccountAuthorizationDetails', {})
  await target.close()
  const file = join(folder, 'account.json')
  writeFileSync(file, JSON.stringify(details))
  return listed('--as-of', `gaad:${file}`)
}
/** What is new by a plan. */
async function plannedBy(before: Manifest, after: Manifest): Promise<readonly string[]> {
  const folder = await applied(before)
  declare(folder, { 'access.yaml': after })
  const { plans } = jsonOf(await runHere('plan', '--dir', folder, '--json'))
  return told(plans[0].access.escalations)
}

describe('instance profiles that are declared', () => {
  const launches = inline(grants(['iam:PassRole', 'ec2:RunInstances']))
  const asks = (profile: string) =>
    inline({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' },
        {
          Effect: 'Allow',
          Action: 'ec2:RunInstances',
          Resource: '*',
          Condition: { ArnEquals: { 'ec2:InstanceProfile': arn(`instance-profile/${profile}`) } },
        },
      ],
    })
  const strong = { ...EC2_ROLE, ...ADMINISTRATOR }
  const state = (ann: object, instanceProfiles: object, others: object = {}): Manifest => ({
    users: { ann },
    roles: { strong, ...others },
    instanceProfiles,
  })

  it.each<[string, Manifest, readonly string[]]>([
    ['a role in none', state(launches, {}), ['user/ann > role/strong by ec2:RunInstances perhaps']],
    [
      'a role in one',
      state(launches, { strong: { role: 'strong' } }),
      ['user/ann > role/strong by ec2:RunInstances'],
    ],
    [
      'one of another name',
      state(asks('web'), { web: { role: 'strong' } }),
      ['user/ann > role/strong by ec2:RunInstances'],
    ],
    ['one that has another role', state(asks('strong'), { strong: { role: 'low' } }, { low: EC2_ROLE }), []],
  ])('%s: what is applied says what an export says', async (_, manifest, expected) => {
    const folder = await applied(manifest)
    expect(await exported(folder)).toEqual(expected)
    expect(await listed('--dir', folder, '--as-of', 'target')).toEqual(expected)
  })

  it('say by the YAML alone which role instances get', async () => {
    const of = (manifest: Manifest) => listed('--dir', projectOf(manifest))
    expect(await of(state(asks('web'), { web: { role: 'strong' } }))).toEqual([
      'user/ann > role/strong by ec2:RunInstances',
    ])
    // Others may be there.
    expect(await of(state(launches, {}))).toContain('user/ann > role/strong by ec2:RunInstances')
    expect(await of({ users: { ann: asks('strong') }, roles: { strong: { ...strong, ec2: true } } })).toEqual(
      ['user/ann > role/strong by ec2:RunInstances'],
    )
  })

  it('lead to their role from when a plan makes them', async () => {
    expect(await plannedBy(state(launches, {}), state(launches, { web: { role: 'strong' } }))).toEqual([
      'user/ann > role/strong by ec2:RunInstances',
    ])
    expect(
      await plannedBy(state(launches, { web: {} }), state(launches, { web: { role: 'strong' } })),
    ).toEqual(['user/ann > role/strong by ec2:RunInstances'])
    expect(
      await plannedBy(
        state(asks('web'), { web: { role: 'low' } }, { low: EC2_ROLE }),
        state(asks('web'), { web: { role: 'strong' } }, { low: EC2_ROLE }),
      ),
    ).toEqual(['user/ann > role/strong by ec2:RunInstances'])
    expect(await plannedBy(state(launches, { web: { role: 'strong' } }), state(launches, {}))).toEqual([])
  })
})

describe('identity providers that are declared', () => {
  const samlProviders = {
    corp: { metadata: madeMetadata({ certificates: [madeCertificate({ subject: 'idp.acme.example' })] }) },
  }
  const oidcProviders = { 'idp.acme.example': { clientIds: ['iam'], thumbprints: ['a'.repeat(40)] } }
  const signed = {
    ...role(assumes({ Federated: arn('saml-provider/corp') }, undefined, 'sts:AssumeRoleWithSAML')),
    ...ADMINISTRATOR,
  }
  const web = {
    ...role(
      assumes(
        { Federated: arn('oidc-provider/idp.acme.example') },
        undefined,
        'sts:AssumeRoleWithWebIdentity',
      ),
    ),
    ...ADMINISTRATOR,
  }
  const state = (actions: unknown, more: Manifest): Manifest => ({
    users: { ann: inline(grants(actions)) },
    roles: { signed, web },
    ...more,
  })
  const saml = (action: string, mark = '') => `user/ann > role/signed by iam:${action}SAMLProvider${mark}`
  const oidc = (action: string) => `user/ann > role/web by iam:${action}`

  it.each<[string, Manifest, readonly string[]]>([
    ['one that may be rewritten', state('iam:UpdateSAMLProvider', { samlProviders }), [saml('Update')]],
    ['none to be rewritten', state('iam:UpdateSAMLProvider', {}), [saml('Update', ' perhaps')]],
    ['one that need not be made', state('iam:CreateSAMLProvider', { samlProviders }), []],
    ['one that may be made', state('iam:CreateSAMLProvider', {}), [saml('Create')]],
    [
      'one that may be made anew',
      state(['iam:CreateSAMLProvider', 'iam:DeleteSAMLProvider'], { samlProviders }),
      [saml('Create')],
    ],
    [
      'one that may be given an audience',
      state('iam:AddClientIDToOpenIDConnectProvider', { oidcProviders }),
      [oidc('AddClientIDToOpenIDConnectProvider')],
    ],
    [
      'none to be given an audience',
      state('iam:AddClientIDToOpenIDConnectProvider', {}),
      [`${oidc('AddClientIDToOpenIDConnectProvider')} perhaps`],
    ],
    [
      'an OIDC provider that need not be made',
      state('iam:CreateOpenIDConnectProvider', { oidcProviders }),
      [],
    ],
  ])('%s', async (_, manifest, expected) => {
    const folder = await applied(manifest)
    expect(await listed('--dir', folder, '--as-of', 'target')).toEqual(expected)
  })

  it('by the YAML alone others may be there', async () => {
    const of = (manifest: Manifest) => listed('--dir', projectOf(manifest))
    expect(await of(state('iam:CreateSAMLProvider', { samlProviders }))).toEqual([])
    expect(await of(state('iam:UpdateSAMLProvider', {}))).toEqual([saml('Update')])
    expect(await of(state('iam:CreateSAMLProvider', {}))).toEqual([saml('Create', ' perhaps')])
  })

  it('that a plan makes may be rewritten from then on', async () => {
    const held = ['iam:UpdateSAMLProvider', 'iam:AddClientIDToOpenIDConnectProvider']
    expect(await plannedBy(state(held, {}), state(held, { samlProviders, oidcProviders }))).toEqual([
      saml('Update'),
      oidc('AddClientIDToOpenIDConnectProvider'),
    ])
  })

  it('that a plan deletes may be made by others, while a trust policy names them', async () => {
    const held = 'iam:CreateSAMLProvider'
    expect(await plannedBy(state(held, { samlProviders }), state(held, {}))).toEqual([saml('Create')])
    expect(await plannedBy(state(held, {}), state(held, { samlProviders }))).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import {
  assumes,
  bucket,
  changed,
  decision,
  difference,
  document,
  EC2_ROLE,
  gate,
  HOME,
  holds,
  nobodyMay,
  notPublic,
  principalsOf,
  projectOf,
  reads,
  results,
  role,
  statement,
} from './estate-questions.ts'
import { runHere } from './in-process.ts'

const PARTNER = '444455556666'
const reports = (principal: unknown, condition?: object) => ({
  resources: bucket('reports', reads('reports', principal, condition)),
})
const isPublic = async (manifest: object): Promise<boolean | 'unknown'> => {
  const answer = await notPublic(projectOf(manifest as Record<string, unknown>))
  return answer === 'unknown' ? answer : !answer
}
const trusted = (principal: unknown, condition?: object, action?: string) => ({
  roles: {
    deploy: { managedPolicies: ['AdministratorAccess'], ...role(assumes(principal, condition, action)) },
  },
})

describe('a condition narrows only where its values are fixed', () => {
  it.each([
    ['any network', { StringLike: { 'aws:SourceVpc': 'vpc-*' } }],
    ['any endpoint', { StringLike: { 'aws:SourceVpce': 'vpce-*' } }],
    ['half of all addresses', { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } }],
    ['both halves', { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] } }],
    ['more than a /8', { IpAddress: { 'aws:SourceIp': '64.0.0.0/7' } }],
    ['more than a /32 of IPv6', { IpAddress: { 'aws:SourceIp': '2000::/3' } }],
    [
      'one range that is fixed beside one that is wide',
      { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '16.0.0.0/6'] } },
    ],
    ['accounts by their first digits', { StringLike: { 'aws:SourceAccount': '1111*' } }],
    ['sources of any account', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:topic' } }],
  ])('public: %s', async (_, condition) => {
    expect(await isPublic(reports('*', condition))).toBe(true)
  })
  it.each([
    ['one network', { StringLike: { 'aws:SourceVpc': 'vpc-91237329' } }],
    [
      'addresses that the internet does not reach',
      { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] } },
    ],
    ['one account', { StringEquals: { 'aws:SourceAccount': HOME } }],
    ['one topic', { ArnLike: { 'aws:SourceArn': `arn:aws:sns:us-east-1:${HOME}:topic` } }],
  ])('not public: %s', async (_, condition) => {
    expect(await isPublic(reports('*', condition))).toBe(false)
  })
  it('not public: a /8', async () => {
    expect(await isPublic(reports('*', { IpAddress: { 'aws:SourceIp': '198.0.0.0/8' } }))).toBe(false)
  })
})

describe('a stranger is asked with each key present and absent', () => {
  const topic = `arn:aws:sns:us-east-1:${HOME}:topic`
  it.each([
    ['a source, if there is one', { ArnLikeIfExists: { 'aws:SourceArn': topic } }],
    ['an organization, if there is one', { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    ['all of no paths', { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': ['o-a1b2c3d4e5/*'] } }],
    [
      'an account that calls for it, if there is one',
      { StringEqualsIfExists: { 'aws:SourceAccount': HOME } },
    ],
  ])('public: %s', async (_, condition) => {
    const folder = projectOf(reports('*', condition))
    expect(await decision(folder, '*', 's3:GetObject', 'arn:aws:s3:::reports/x')).toBe('allow')
    expect(await notPublic(folder)).toBe(false)
  })
  it('public: an endpoint, if there is one', async () => {
    expect(
      await isPublic(reports('*', { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } })),
    ).toBe(true)
  })
  it.each([
    ['a source', { ArnLike: { 'aws:SourceArn': topic } }],
    ['an endpoint', { StringEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } }],
    ['an organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    ['some path', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-a1b2c3d4e5/r-ab12/*'] } }],
  ])('not public: %s', async (_, condition) => {
    expect(await isPublic(reports('*', condition))).toBe(false)
  })
})

describe('public is what anybody or any account may, and outside access a gate of its own', () => {
  const outside = trusted({ AWS: PARTNER })
  it('a named account is not public', async () => {
    expect(await isPublic(outside)).toBe(false)
    expect(await isPublic(reports({ AWS: PARTNER }))).toBe(false)
  })
  it('the help says no more than is checked', async () => {
    const { out } = await runHere('access', 'check', '--help')
    expect(out).not.toMatch(/no account outside of\s+the project, has access/)
    expect(out).toContain('--no-outside-access')
  })
  it.each([
    ['an account in a trust policy', outside],
    ['an account in the policy of a bucket', reports({ AWS: PARTNER })],
    [
      'a provider of another account',
      trusted(
        { Federated: `arn:aws:iam::${PARTNER}:saml-provider/corp` },
        undefined,
        'sts:AssumeRoleWithSAML',
      ),
    ],
    ['anybody', reports('*')],
  ])('outside access: %s', async (_, manifest) => {
    expect(await holds(projectOf(manifest), '--no-outside-access')).toBe(false)
  })
  it('an account that is trusted is no outside access, another one is', async () => {
    expect(await holds(projectOf(outside), '--no-outside-access', '--trust', PARTNER)).toBe(true)
    expect(await holds(projectOf(outside), '--no-outside-access', '--trust', '777788889999')).toBe(false)
  })
  it('a service is no outside access', async () => {
    expect(await holds(projectOf({ roles: { worker: EC2_ROLE } }), '--no-outside-access')).toBe(true)
  })
})

describe('a declared resource of an account outside of the project takes part in every gate', () => {
  const everybody = (action: string) =>
    document(statement('Allow', { Principal: '*', Action: action, Resource: '*' }))
  const elsewhere: readonly (readonly [string, string, string, object])[] = [
    ['a queue', 'sqs:SendMessage', `arn:aws:sqs:us-east-1:${PARTNER}:jobs`, {}],
    ['a topic', 'sns:Publish', `arn:aws:sns:us-east-1:${PARTNER}:news`, {}],
    ['a bucket, by its declared owner', 's3:ListBucket', 'arn:aws:s3:::theirs', { account: PARTNER }],
  ]
  it.each(elsewhere)('%s', async (_, action, arn, more) => {
    const folder = projectOf({ resources: { [arn]: { ...more, policy: everybody(action) } } })
    expect(await decision(folder, '*', action, arn)).toBe('allow')
    expect(await notPublic(folder)).toBe(false)
    expect(await nobodyMay(folder, action)).toBe(false)
  })
  it.each(elsewhere)('in an invariant: %s', async (_, action, arn, more) => {
    const folder = projectOf({
      resources: { [arn]: { ...more, policy: everybody(action) } },
      invariants: [{ name: 'nobody', action, resource: arn, expect: 'deny' }],
    })
    expect(await results(folder)).toEqual(['fail'])
  })
  it('in a diff', async () => {
    const [, action, arn] = elsewhere[0] ?? ['', '', '']
    const folder = await changed({}, { resources: { [arn]: { policy: everybody(action) } } })
    expect(await holds(folder, '--no-new-access', 'main')).toBe(false)
  })
})

describe('a provider that anybody can join', () => {
  const GITHUB = `arn:aws:iam::${HOME}:oidc-provider/token.actions.githubusercontent.com`
  const AUDIENCE = { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' }
  const WEB = 'sts:AssumeRoleWithWebIdentity'
  it.each([
    ['a shared one, by its audience alone', { Federated: GITHUB }, { StringEquals: AUDIENCE }],
    ['a shared one, without a condition', { Federated: GITHUB }, undefined],
    [
      'a shared one, by a subject of anybody',
      { Federated: GITHUB },
      { StringEquals: AUDIENCE, StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:*' } },
    ],
    [
      'a shared one, by a branch',
      { Federated: GITHUB },
      { StringLike: { 'token.actions.githubusercontent.com:sub': '*:ref:refs/heads/main' } },
    ],
    ['a social one, without the application', { Federated: 'graph.facebook.com' }, undefined],
    ['another social one', { Federated: 'accounts.google.com' }, undefined],
  ])('public: %s', async (_, principal, condition) => {
    expect(await isPublic(trusted(principal, condition, WEB))).toBe(true)
  })
  it.each([
    [
      'a shared one, by its subject',
      { Federated: GITHUB },
      {
        StringEquals: AUDIENCE,
        StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:example/site:*' },
      },
      WEB,
    ],
    [
      'a social one, by the application',
      { Federated: 'graph.facebook.com' },
      { StringEquals: { 'graph.facebook.com:app_id': '111' } },
      WEB,
    ],
    [
      'the directory of the account',
      { Federated: `arn:aws:iam::${HOME}:saml-provider/corp` },
      { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
      'sts:AssumeRoleWithSAML',
    ],
  ])('not public: %s', async (_, principal, condition, action) => {
    expect(await isPublic(trusted(principal, condition, action))).toBe(false)
  })
  it('in the policy of a bucket', async () => {
    expect(await isPublic(reports({ Federated: 'accounts.google.com' }))).toBe(true)
  })
})

describe('what is open to the world is found with a request that shows it', () => {
  it.each([
    ['aws:SourceIp', { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }],
    ['aws:SourceIp', { IpAddress: { 'aws:SourceIp': ['0.0.0.0/0', '::/0'] } }],
    ['aws:PrincipalOrgID', { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }],
    ['aws:SourceArn', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } }],
    ['aws:SourceVpce', { StringLike: { 'aws:SourceVpce': '*' } }],
    ['aws:SourceAccount', { Null: { 'aws:SourceAccount': 'false' } }],
  ])('with %s: %o', async (key, condition) => {
    const { holds: answer, violations } = await gate(projectOf(reports('*', condition)), '--no-public-access')
    expect(answer).toBe(false)
    expect(violations.some(({ witness }) => witness.context[key] !== undefined)).toBe(true)
  })
})

describe('the organization of the project is not the public', () => {
  const ID = 'o-a1b2c3d4e5'
  const organization = {
    id: ID,
    managementAccount: HOME,
    roots: { Root: { accounts: { [HOME]: {}, '222233334444': {} } } },
  }
  const target = (trust: object) => ({
    organization,
    roles: { target: { managedPolicies: ['ReadOnlyAccess'], ...trust } },
  })
  const toTheOrganization = target(
    role(assumes({ AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgID': ID } })),
  )

  it('who gains is an account of the tree', async () => {
    const { gained, escalations } = await difference(await changed(target(EC2_ROLE), toTheOrganization))
    const labels = principalsOf([...gained, ...escalations]).filter((each) => each.startsWith('account:'))
    expect(labels).toEqual(['account:222233334444'])
    expect(JSON.stringify([gained, escalations])).not.toContain('999999999999')
  })
  it('a bucket that is limited to it lets in its accounts', async () => {
    const limited = { organization, ...reports('*', { StringEquals: { 'aws:PrincipalOrgID': ID } }) }
    const { gained } = await difference(await changed({ organization }, limited))
    expect(principalsOf(gained).filter((each) => each.startsWith('account:'))).toEqual([
      'account:222233334444',
    ])
  })
  it('is not public, whether it is declared or not', async () => {
    expect(await isPublic(toTheOrganization)).toBe(false)
    expect(await isPublic({ ...toTheOrganization, organization: undefined })).toBe(false)
  })
  it('another one lets in nobody of this one', async () => {
    const other = target(
      role(assumes({ AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgID': 'o-zzzzzzzzzz' } })),
    )
    const { gained } = await difference(await changed(target(EC2_ROLE), other))
    expect(principalsOf(gained)).not.toContain('account:222233334444')
  })
})

describe('each key by which S3 tells what is public narrows with a fixed value', () => {
  const KEY = `arn:aws:kms:us-east-1:${HOME}:key/k`
  const writes = (condition: object) => ({
    resources: bucket(
      'reports',
      statement('Allow', {
        Principal: '*',
        Action: 's3:PutObject',
        Resource: 'arn:aws:s3:::reports/*',
        Condition: condition,
      }),
    ),
  })
  it('not public: the encryption key', async () => {
    expect(
      await isPublic(writes({ StringEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': KEY } })),
    ).toBe(false)
  })
  it.each([
    [
      'the access point',
      { ArnLike: { 's3:DataAccessPointArn': `arn:aws:s3:us-west-2:${HOME}:accesspoint/*` } },
    ],
    ['the account of the access point', { StringEquals: { 's3:DataAccessPointAccount': HOME } }],
  ])('not public: %s', async (_, condition) => {
    expect(await isPublic(writes(condition))).toBe(false)
  })
  it.each([
    ['any encryption key', { StringLike: { 's3:x-amz-server-side-encryption-aws-kms-key-id': '*' } }],
    ['a key that is not in the list', { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } }],
  ])('public: %s', async (_, condition) => {
    expect(await isPublic(writes(condition))).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { writeFiles } from '../source/folders.ts'
import {
  assumes,
  bucket,
  document,
  EC2_ROLE,
  gate,
  HOME,
  holds,
  notPublic,
  principalsOf,
  projectOf,
  reads,
  role,
  SECOND,
  statement,
  TWO,
  twoAccounts,
} from './estate-questions.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const PARTNER = '777788889999'
const GITHUB = `arn:aws:iam::${HOME}:oidc-provider/token.actions.githubusercontent.com`
const WEB = 'sts:AssumeRoleWithWebIdentity'
const OPEN_BUCKET = bucket('reports', reads('reports', '*'))
const trusting = (principal: unknown, condition?: object, action?: string) => ({
  roles: { deploy: role(assumes(principal, condition, action)) },
})
const check = async (folder: string, ...flags: readonly string[]) =>
  jsonOf(await runHere('access', 'check', ...flags, '--dir', folder, '--json'))

/** One of each kind of finding. */
const EVERYTHING = {
  resources: {
    ...bucket('reports', reads('reports', '*', { StringLike: { 'aws:SourceVpc': 'vpc-*' } })),
    ...bucket(
      'archive',
      reads('archive', '*', { ArnLike: { 'aws:SourceArn': `arn:aws:sns:us-east-1:${HOME}:*` } }),
    ),
    'arn:aws:s3:::site': { blockPublicAccess: true, policy: document(reads('site', '*')) },
    [`arn:aws:sqs:us-east-1:${PARTNER}:jobs`]: {
      policy: document(statement('Allow', { Principal: '*', Action: 'sqs:SendMessage' })),
    },
    [`arn:aws:sns:us-east-1:${HOME}:news`]: {
      policy: document(
        statement('Allow', { Principal: { Service: 's3.amazonaws.com' }, Action: 'sns:Publish' }),
      ),
    },
  },
  roles: {
    ci: role(
      assumes(
        { Federated: GITHUB },
        { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } },
        WEB,
      ),
    ),
    partner: role(assumes({ AWS: PARTNER })),
    worker: EC2_ROLE,
  },
}

describe('what people read', () => {
  it('of what is public: which question found it, why, and what was looked at', async () => {
    const ran = await runHere('access', 'check', '--no-public-access', '--dir', projectOf(EVERYTHING))
    expect(ran.code).toBe(4)
    await expect(ran.out).toMatchFileSnapshot('golden/no-public-access.txt')
  })

  it('of access from outside: who has it, and which services may act for anybody', async () => {
    const flags = ['--no-outside-access', '--trust', 'o-zzzzzzzzzz']
    const ran = await runHere('access', 'check', ...flags, '--dir', projectOf(EVERYTHING))
    expect(ran.code).toBe(4)
    await expect(ran.out).toMatchFileSnapshot('golden/no-outside-access.txt')
  })

  it('where both hold', async () => {
    const folder = projectOf({ roles: { worker: EC2_ROLE } })
    const ran = await runHere('access', 'check', '--no-public-access', '--no-outside-access', '--dir', folder)
    expect(ran.code).toBe(0)
    await expect(ran.out).toMatchFileSnapshot('golden/no-outsiders.txt')
  })
})

describe('public access says which question failed', () => {
  it('both, one after the other', async () => {
    const { holds, violations, covers } = await check(
      projectOf({ resources: OPEN_BUCKET }),
      '--no-public-access',
    )
    expect(holds).toBe(false)
    expect(violations).toMatchObject([
      { question: 'proof', policy: 'arn:aws:s3:::reports', principals: ['account:*', 'anonymous'] },
      {
        question: 's3',
        policy: 'arn:aws:s3:::reports',
        principals: ['account:*', 'anonymous'],
        actions: ['s3:GetObject'],
        levels: { read: 1 },
        resources: ['arn:aws:s3:::reports/*'],
        why: [],
        witness: { principal: '*', action: 's3:GetObject' },
      },
    ])
    expect(covers).toEqual({ roles: 0, resources: ['arn:aws:s3:::reports'] })
  })

  it("S3's alone, where no stranger has the value, with the request of somebody who has", async () => {
    const folder = projectOf({
      resources: bucket(
        'reports',
        reads('reports', '*', { StringLike: { 'aws:userid': 'AROAEXAMPLEID:*' } }),
      ),
    })
    const { holds, violations } = await check(folder, '--no-public-access')
    expect(holds).toBe(false)
    expect(violations).toMatchObject([
      { question: 's3', why: [{ key: 'aws:userid', by: 'wildcard', value: 'AROAEXAMPLEID:*' }] },
    ])
    expect(violations[0].witness.context['aws:userid']).toMatch(/^AROAEXAMPLEID:/)
  })

  it("S3's alone, where nobody at all is let in", async () => {
    const folder = projectOf({
      resources: bucket('reports', reads('reports', '*'), reads('reports', '*', undefined, 'Deny')),
    })
    expect(await notPublic(folder)).toBe(true)
    const dead = projectOf({
      resources: bucket(
        'reports',
        reads('reports', '*', { Bool: { 'aws:SecureTransport': 'true' } }),
        reads('reports', '*', { Bool: { 'aws:SecureTransport': 'true' } }, 'Deny'),
      ),
    })
    expect((await check(dead, '--no-public-access')).violations).toMatchObject([
      { question: 's3', witness: null },
    ])
  })

  it("the proof's alone, of what S3 does not judge", async () => {
    const queue = `arn:aws:sqs:us-east-1:${HOME}:jobs`
    const folder = projectOf({
      resources: {
        [queue]: { policy: document(statement('Allow', { Principal: '*', Action: 'sqs:SendMessage' })) },
      },
    })
    const { violations } = await check(folder, '--no-public-access')
    expect(violations.map(({ question }: { readonly question: string }) => question)).toEqual(['proof'])
  })
})

describe('a block of public access', () => {
  const wide = (more: object) => ({
    'arn:aws:s3:::reports': { ...more, policy: document(reads('reports', '*')) },
  })
  // S3 calls it public; no stranger has this user id.
  const s3Only = (more: object) => ({
    'arn:aws:s3:::reports': {
      ...more,
      policy: document(reads('reports', '*', { StringLike: { 'aws:userid': 'AROAEXAMPLEID:*' } })),
    },
  })

  it("answers S3's question and is noted", async () => {
    expect(await notPublic(projectOf({ resources: s3Only({}) }))).toBe(false)
    const blocked = await check(
      projectOf({ resources: s3Only({ blockPublicAccess: true }) }),
      '--no-public-access',
    )
    expect(blocked).toMatchObject({
      holds: true,
      violations: [],
      notes: [{ question: 's3', blockPublicAccess: 'resource' }],
    })
  })

  it('of the account stands for its buckets', async () => {
    const project = { version: 1, accounts: { production: { id: HOME, blockPublicAccess: true } } }
    expect(await notPublic(projectOf({ resources: s3Only({}) }, project))).toBe(true)
    const elsewhere = { resources: s3Only({ account: PARTNER }) }
    expect(await notPublic(projectOf(elsewhere, project))).toBe(false)
  })

  it('is no answer to the proof, which names it', async () => {
    const { holds, violations } = await check(
      projectOf({ resources: wide({ blockPublicAccess: true }) }),
      '--no-public-access',
    )
    expect(holds).toBe(false)
    expect(violations).toMatchObject([{ question: 'proof', blockPublicAccess: 'resource' }])
  })
})

describe('who is outside', () => {
  const isOutside = async (manifest: object, ...flags: readonly string[]) =>
    (await holds(projectOf(manifest as Record<string, unknown>), '--no-outside-access', ...flags)) === false

  it.each([
    ['an account', { AWS: PARTNER }],
    ['a role of an account', { AWS: `arn:aws:iam::${PARTNER}:role/deploy` }],
    ['everybody', { AWS: '*' }],
  ])('%s in a trust policy', async (_, principal) => {
    expect(await isOutside(trusting(principal))).toBe(true)
  })

  it.each([
    [
      'a canonical user',
      { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' },
    ],
    ['a federated user', { AWS: `arn:aws:sts::${PARTNER}:federated-user/ada` }],
    ['a provider of another account', { Federated: `arn:aws:iam::${PARTNER}:saml-provider/corp` }],
    ['a social provider', { Federated: 'accounts.google.com' }],
  ])('%s in the policy of a bucket', async (_, principal) => {
    expect(await isOutside({ resources: bucket('reports', reads('reports', principal)) })).toBe(true)
  })

  it.each([
    ['the account itself', { AWS: HOME }],
    ['a service', { Service: 'lambda.amazonaws.com' }],
  ])('not %s', async (_, principal) => {
    expect(await isOutside(trusting(principal))).toBe(false)
  })

  it('not another account of the project, nor of the declared organization', async () => {
    const trusted = { roles: { deploy: role(assumes({ AWS: SECOND })) } }
    expect(await holds(twoAccounts(trusted, {}), '--no-outside-access')).toBe(true)
    const organization = {
      id: 'o-a1b2c3d4e5',
      managementAccount: HOME,
      roots: { Root: { accounts: { [HOME]: {}, [PARTNER]: {} } } },
    }
    expect(await isOutside({ organization, ...trusting({ AWS: PARTNER }) })).toBe(false)
    expect(await isOutside({ organization, ...trusting({ AWS: SECOND }) })).toBe(true)
    const limited = trusting({ AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })
    expect(await isOutside({ organization, ...limited })).toBe(false)
    expect(await isOutside(limited)).toBe(true)
    expect(TWO.accounts.staging.id).toBe(SECOND)
  })

  it('a provider by whose identities it vouches for, wherever its ARN lies', async () => {
    const saml = (account: string) => ({ Federated: `arn:aws:iam::${account}:saml-provider/corp` })
    expect(await isOutside(trusting(saml(HOME), undefined, 'sts:AssumeRoleWithSAML'))).toBe(false)
    const own = { Federated: `arn:aws:iam::${HOME}:oidc-provider/login.example.com` }
    expect(await isOutside(trusting(own, undefined, WEB))).toBe(false)
    const by = (condition?: object) => isOutside(trusting({ Federated: GITHUB }, condition, WEB))
    const subject = (sub: string) => ({ StringLike: { 'token.actions.githubusercontent.com:sub': sub } })
    expect(await by()).toBe(true)
    expect(await by(subject('repo:acme/*'))).toBe(false)
    expect(await by(subject('repo:acme*'))).toBe(true)
    expect(await by(subject('REPO'))).toBe(false)
  })

  it('whom a key means by account, organization or resource, and not by network', async () => {
    const on = (condition: object, ...flags: readonly string[]) =>
      isOutside({ resources: bucket('reports', reads('reports', '*', condition)) }, ...flags)
    expect(await on({ StringEquals: { 'aws:SourceAccount': HOME } })).toBe(false)
    expect(await on({ StringEquals: { 'aws:SourceAccount': PARTNER } })).toBe(true)
    expect(await on({ StringEquals: { 'aws:SourceAccount': PARTNER } }, '--trust', PARTNER)).toBe(false)
    expect(await on({ ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${HOME}:*` } })).toBe(false)
    expect(await on({ ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${PARTNER}:*` } })).toBe(true)
    expect(await on({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:role/*` } })).toBe(true)
    expect(await on({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } })).toBe(true)
    expect(await on({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::named' } })).toBe(false)
    expect(await on({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })).toBe(true)
    expect(await on({ StringEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } })).toBe(true)
    expect(await on({ StringEquals: { 'aws:PrincipalOrgID': 'o-zzzzzzzzzz' } })).toBe(true)
    expect(
      await on({ StringEquals: { 'aws:PrincipalOrgID': 'o-zzzzzzzzzz' } }, '--trust', 'o-zzzzzzzzzz'),
    ).toBe(false)
  })
})

describe('who is trusted', () => {
  const isHeld = (manifest: object, ...who: readonly string[]) =>
    holds(
      projectOf(manifest as Record<string, unknown>),
      '--no-outside-access',
      ...who.flatMap((each) => ['--trust', each]),
    )

  it('is an account with all that is in it', async () => {
    const named = trusting({ AWS: `arn:aws:iam::${PARTNER}:role/deploy` })
    expect(await isHeld(named, PARTNER)).toBe(true)
    expect(await isHeld(named, `arn:aws:iam::${PARTNER}:root`)).toBe(true)
    expect(await isHeld(named, `arn:aws:iam::${PARTNER}:role/deploy`)).toBe(true)
    expect(await isHeld(named, `arn:aws:iam::${PARTNER}:role/other`)).toBe(false)
    expect(await isHeld(trusting({ AWS: '*' }), PARTNER)).toBe(false)
  })

  it('is a provider by its ARN or its host', async () => {
    const anybody = trusting({ Federated: GITHUB }, undefined, WEB)
    expect(await isHeld(anybody, GITHUB)).toBe(true)
    expect(await isHeld(anybody, 'token.actions.githubusercontent.com')).toBe(true)
    expect(await isHeld(anybody, 'gitlab.com')).toBe(false)
  })

  it('is one of several', async () => {
    const both = {
      roles: { a: role(assumes({ AWS: PARTNER })), b: role(assumes({ AWS: SECOND })) },
    }
    expect(await isHeld(both, PARTNER)).toBe(false)
    expect(await isHeld(both, PARTNER, SECOND)).toBe(true)
  })
})

describe('a service that may be made to act for anybody', () => {
  const topic = (condition?: object) => ({
    resources: {
      [`arn:aws:sns:us-east-1:${HOME}:news`]: {
        policy: document(
          statement('Allow', {
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'sns:Publish',
            ...(condition === undefined ? {} : { Condition: condition }),
          }),
        ),
      },
    },
  })
  const noted = async (manifest: object, ...flags: readonly string[]) => {
    const {
      holds,
      notes = [],
      violations,
    } = await check(projectOf(manifest as Record<string, unknown>), '--no-outside-access', ...flags)
    return { holds, notes: principalsOf(notes), violations: principalsOf(violations) }
  }

  it('is a note, with --untrusted-services a failure, and trusted neither', async () => {
    const services = ['service:s3.amazonaws.com']
    expect(await noted(topic())).toEqual({ holds: true, notes: services, violations: [] })
    expect(await noted(topic(), '--untrusted-services')).toEqual({
      holds: false,
      notes: [],
      violations: services,
    })
    expect(await noted(topic(), '--untrusted-services', '--trust', 's3.amazonaws.com')).toEqual({
      holds: true,
      notes: [],
      violations: [],
    })
  })

  it.each([
    ['aws:SourceAccount', { StringEquals: { 'aws:SourceAccount': HOME } }],
    ['aws:SourceArn', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::reports' } }],
    ['aws:SourceOrgID', { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } }],
    ['aws:SourceOrgPaths', { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-a1b2c3d4e5/*' } }],
  ])('says for whom by %s', async (_, condition) => {
    expect(await noted(topic(condition), '--untrusted-services')).toEqual({
      holds: true,
      notes: [],
      violations: [],
    })
  })

  it.each([
    ['any account', { StringLike: { 'aws:SourceAccount': '*' } }],
    ['an account, if there is one', { StringEqualsIfExists: { 'aws:SourceAccount': HOME } }],
    ['the kind of connection', { Bool: { 'aws:SecureTransport': 'true' } }],
  ])('does not say so by %s', async (_, condition) => {
    expect((await noted(topic(condition))).notes).toEqual(['service:s3.amazonaws.com'])
  })
})

describe('gates about outsiders', () => {
  it('look at the accounts that are asked about, and at resources of accounts that are not in the project', async () => {
    const folder = twoAccounts(
      { roles: { deploy: role(assumes({ AWS: '*' })) } },
      { roles: { deploy: role(assumes({ AWS: SECOND })) } },
    )
    expect(await holds(folder, '--no-public-access')).toBe(false)
    expect(await holds(folder, '--no-public-access', '--account', 'staging')).toBe(true)
    writeFiles(folder, {
      'staging.yaml': JSON.stringify({
        resources: {
          [`arn:aws:sqs:us-east-1:${PARTNER}:jobs`]: {
            policy: document(statement('Allow', { Principal: '*', Action: 'sqs:*' })),
          },
        },
      }),
    })
    expect(await holds(folder, '--no-public-access', '--account', 'staging')).toBe(false)
  })

  it('agree with what a single decision says of their requests', async () => {
    const { violations } = await gate(projectOf(EVERYTHING), '--no-public-access', '--no-outside-access')
    expect(violations.length).toBeGreaterThan(5)
    expect(violations.filter(({ witness }) => witness === null)).toEqual([])
  })
})

it('who is signed in by a provider has a witness of their own, which says the ARN of a role', async () => {
  const queue = `arn:aws-cn:sqs:cn-north-1:${PARTNER}:jobs`
  const provider = `arn:aws-cn:iam::${HOME}:oidc-provider/token.actions.githubusercontent.com`
  const ofAccount = { ArnLike: { 'aws:PrincipalArn': `arn:aws-cn:iam::${PARTNER}:*` } }
  const target = { kind: 'local', database: 'home.db' }
  const folder = projectOf(
    {
      resources: {
        [queue]: {
          policy: document(
            {
              Effect: 'Allow',
              NotPrincipal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: queue,
            },
            { Effect: 'Allow', Principal: { Federated: provider }, Action: 'sqs:SendMessage', Resource: '*' },
            { Effect: 'Allow', Principal: '*', Action: '*', Resource: queue, Condition: ofAccount },
          ),
        },
      },
    },
    { version: 1, accounts: { home: { id: HOME, partition: 'aws-cn', target } } },
  )
  const { violations } = await check(folder, '--no-outside-access')
  const said = violations.map(
    ({ principals, witness }: { principals: string[]; witness: { context: object } }) => [
      ...principals,
      ...Object.keys(witness.context),
    ],
  )
  expect(said).toContainEqual([`federated:${provider}`, 'aws:PrincipalArn'])
  expect(said).toContainEqual([`account:${PARTNER}`])
})

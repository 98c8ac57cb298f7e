import { describe, expect, it } from 'vitest'
import {
  assumes,
  bucket,
  changed,
  decision,
  difference,
  EC2_ROLE,
  gate,
  HOME,
  nobodyMay,
  noNewAccess,
  notPublic,
  principalsOf,
  projectOf,
  reads,
  results,
  role,
} from './estate-questions.ts'

const FIRST = '222222222222'
const LAST = '333333333333'
const PARTNER = '444455556666'
const alice = { users: { alice: {} } }
const ROLE = `arn:aws:iam::${HOME}:role/target`

/** A bucket's policy that two accounts are named in, and what its condition says. */
const partners = (condition: object) => ({
  ...alice,
  resources: bucket('data', reads('data', { AWS: [FIRST, LAST] }, condition)),
})
const outsidersOf = async (folder: string) =>
  principalsOf((await gate(folder, '--not-granted', 's3:GetObject')).violations)

describe('two accounts outside are told apart by what a condition says of them', () => {
  const lastOnly = partners({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${LAST}:role/*` } })

  it('the account that is named last fails a gate for itself', async () => {
    const folder = await changed(alice, lastOnly)
    expect(await nobodyMay(folder, 's3:GetObject')).toBe(false)
    expect(await noNewAccess(folder)).toBe(false)
  })
  it('only the account that the condition means gains', async () => {
    const { gained } = await difference(await changed(alice, lastOnly))
    expect(principalsOf(gained)).toEqual([`account:${LAST}`])
  })
  it.each([
    ['the first by its ARN', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${FIRST}:role/*` } }, FIRST],
    [
      'the first by an exact ARN',
      { StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${FIRST}:role/a` } },
      FIRST,
    ],
    ['the last by a pattern of text', { StringLike: { 'aws:PrincipalArn': `*:${LAST}:user/*` } }, LAST],
    [
      'the last since its ARN is not the first\u2019s',
      { StringNotLike: { 'aws:PrincipalArn': `*::${FIRST}:*` } },
      LAST,
    ],
  ])('%s', async (_, condition, account) => {
    expect(await outsidersOf(projectOf(partners(condition)))).toEqual([`account:${account}`])
  })
  it.each([
    ['the first by its id', { StringEquals: { 'aws:PrincipalAccount': FIRST } }, FIRST],
    ['the last by its id', { StringEquals: { 'aws:PrincipalAccount': LAST } }, LAST],
  ])('%s', async (_, condition, account) => {
    expect(await outsidersOf(projectOf(partners(condition)))).toEqual([`account:${account}`])
  })
  it('a deny that means one of them', async () => {
    const folder = projectOf({
      resources: bucket(
        'data',
        reads('data', { AWS: [FIRST, LAST] }),
        reads('data', '*', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${FIRST}:*` } }, 'Deny'),
      ),
    })
    expect(
      await decision(folder, `arn:aws:iam::${FIRST}:role/x`, 's3:GetObject', 'arn:aws:s3:::data/x'),
    ).not.toBe('allow')
    expect(await outsidersOf(folder)).toContain(`account:${LAST}`)
  })
  it('two accounts in a trust policy', async () => {
    const trust = (condition: object) => ({
      roles: { target: role(assumes({ AWS: [FIRST, LAST] }, condition)) },
    })
    const folder = projectOf(trust({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${LAST}:role/ci-*` } }))
    const { violations } = await gate(folder, '--not-granted', 'sts:AssumeRole')
    expect(principalsOf(violations)).toEqual([`account:${LAST}`])
  })
  it('two accounts in a key policy, by the caller of the key', async () => {
    const key = `arn:aws:kms:us-east-1:${HOME}:key/k`
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: [FIRST, LAST] },
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { StringEquals: { 'kms:CallerAccount': LAST } },
    }
    const folder = projectOf({
      resources: { [key]: { policy: { Version: '2012-10-17', Statement: [statement] } } },
    })
    const { violations } = await gate(folder, '--not-granted', 'kms:Decrypt')
    expect(principalsOf(violations)).toEqual([`account:${LAST}`])
  })
})

describe('a wildcard principal that a condition narrows to somebody outside', () => {
  const before = { roles: { target: EC2_ROLE } }
  const invariant = {
    name: 'only ec2',
    action: 'sts:AssumeRole',
    resource: ROLE,
    onlyPrincipals: ['ec2.amazonaws.com'],
  }
  const narrowed = (condition: object) => ({
    roles: { target: role(assumes({ AWS: '*' }, condition)) },
    invariants: [invariant],
  })
  const conditions: readonly (readonly [string, object])[] = [
    ['a pattern of its roles', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:role/*` } }],
    ['one of its roles', { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:role/ci` } }],
    ['one of its roles as text', { StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:role/ci` } }],
    ['a pattern of text', { StringLike: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:user/*` } }],
    [
      'a pattern and something else',
      {
        ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:role/*` },
        StringEquals: { 'sts:ExternalId': 'abc' },
      },
    ],
  ]

  it.each(conditions)('is seen by the diff and by every gate: %s', async (_, condition) => {
    const folder = await changed(before, narrowed(condition))
    const { gained } = await difference(folder)
    expect(principalsOf(gained).some((each) => each.includes(PARTNER))).toBe(true)
    expect(await noNewAccess(folder)).toBe(false)
    expect(await results(folder)).toEqual(['fail'])
  })
  it('is seen where its account is given by its id', async () => {
    const folder = await changed(before, narrowed({ StringEquals: { 'aws:PrincipalAccount': PARTNER } }))
    expect(await noNewAccess(folder)).toBe(false)
    expect(await results(folder)).toEqual(['fail'])
  })
  it('is nobody of any account where it names a role that this account does not have', async () => {
    const folder = await changed(before, {
      roles: {
        target: role(
          assumes({ AWS: '*' }, { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${HOME}:role/none` } }),
        ),
      },
    })
    // What a service has as its own ARN is not known.
    expect(principalsOf((await difference(folder)).gained).filter((each) => each !== 'service:*')).toEqual([])
  })
  it.each([
    ['ArnLike', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:user/ann` } }],
    ['StringEquals', { StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:user/ann` } }],
  ])('in the policy of a bucket: %s', async (_, condition) => {
    const folder = await changed(alice, {
      ...alice,
      resources: bucket('data', reads('data', '*', condition)),
    })
    expect(await noNewAccess(folder)).toBe(false)
    expect(await nobodyMay(folder, 's3:GetObject')).toBe(false)
  })
  it('is everybody where any account is meant', async () => {
    const folder = await changed(alice, {
      ...alice,
      resources: bucket(
        'data',
        reads('data', '*', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/partner' } }),
      ),
    })
    expect(await noNewAccess(folder)).toBe(false)
    expect(await notPublic(folder)).toBe(false)
  })
})

describe('of accounts that nobody names, any may be meant', () => {
  const meant = async (condition: object) =>
    (await outsidersOf(projectOf({ resources: bucket('data', reads('data', '*', condition)) }))).filter(
      (each) => each !== 'service:*',
    )
  it.each([
    ['by the first digits of their ids', { StringLike: { 'aws:PrincipalAccount': '12*' } }],
    ['by the last digits', { StringLike: { 'aws:PrincipalAccount': '*34' } }],
    ['by what their ARNs begin with', { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::1*:role/ci' } }],
    ['by one name in any of them', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/kim' } }],
    ['by the name of a user', { StringEquals: { 'aws:username': 'kim' } }],
    ['by a unique id', { StringLike: { 'aws:userid': 'AROA*:kim' } }],
  ])('%s', async (_, condition) => {
    expect(await meant(condition)).toContain('account:*')
  })
  it('a service by a part of its name', async () => {
    const folder = projectOf({
      resources: bucket(
        'data',
        reads('data', '*', { StringLike: { 'aws:PrincipalServiceName': 'con*.amazonaws.com' } }),
      ),
    })
    expect(await outsidersOf(folder)).toEqual(['service:*'])
  })
  it.each([
    ['by what is no id', { StringLike: { 'aws:PrincipalAccount': 'x*' } }, []],
    ['by an id that is too long', { StringLike: { 'aws:PrincipalAccount': '?????????????*' } }, []],
    ['by the ARN of nobody', { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:group/*' } }, []],
    [
      'of those by an account that is named',
      { StringLike: { 'aws:PrincipalAccount': ['12*', FIRST] } },
      ['account:*', `account:${FIRST}`],
    ],
    [
      'by an account that is named',
      { StringEquals: { 'aws:PrincipalAccount': FIRST } },
      [`account:${FIRST}`],
    ],
    [
      'by an ARN of an account that is named',
      { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${FIRST}:role/*` } },
      [`account:${FIRST}`],
    ],
    ['by a unique id of nobody', { StringLike: { 'aws:userid': 'AGPA*' } }, []],
  ] as readonly (readonly [string, object, readonly string[]])[])(
    'none but who is named: %s',
    async (_, condition, named) => {
      expect(await meant(condition)).toEqual(named)
    },
  )
})

describe('an invariant that names outsiders is decided for exactly those', () => {
  const open = bucket('reports', reads('reports', '*'))
  const never = (
    principals: readonly string[],
    resources: object = open,
    action = 's3:GetObject',
    resource = 'arn:aws:s3:::reports/*',
  ) => ({
    resources,
    invariants: [{ name: 'never', action, resource, neverPrincipals: principals }],
  })
  it('all outsiders', async () => {
    expect(await results(projectOf(never(['account:*'])))).toEqual(['fail'])
  })
  it.each([
    ['one account', `account:${PARTNER}`],
    ['one role of it', `arn:aws:iam::${PARTNER}:role/r`],
    ['one user of it', `arn:aws:iam::${PARTNER}:user/u`],
    ['one service', 'lambda.amazonaws.com'],
  ])('never %s, where anybody may', async (_, principal) => {
    expect(await results(projectOf(never([principal])))).toEqual(['fail'])
  })
  it('never one account, where anybody may assume a role', async () => {
    const folder = projectOf({
      ...never([`account:${PARTNER}`], {}, 'sts:AssumeRole', ROLE),
      roles: { target: role(assumes({ AWS: '*' })) },
    })
    expect(await results(folder)).toEqual(['fail'])
  })
  it('never an account that is not the one let in', async () => {
    const other = bucket('reports', reads('reports', { AWS: FIRST }))
    expect(await results(projectOf(never([`account:${PARTNER}`], other)))).toEqual(['pass'])
    expect(await results(projectOf(never([`account:${FIRST}`], other)))).toEqual(['fail'])
  })
  it('only one account, where anybody may', async () => {
    const folder = projectOf({
      resources: open,
      invariants: [
        {
          name: 'only',
          action: 's3:GetObject',
          resource: 'arn:aws:s3:::reports/*',
          onlyPrincipals: [`account:${PARTNER}`],
        },
      ],
    })
    expect(await results(folder)).toEqual(['fail'])
  })
  it('only one role, where that one may', async () => {
    const only = (principal: string) => ({
      resources: bucket('reports', reads('reports', { AWS: `arn:aws:iam::${PARTNER}:role/r` })),
      invariants: [
        {
          name: 'only',
          action: 's3:GetObject',
          resource: 'arn:aws:s3:::reports/*',
          onlyPrincipals: [principal],
        },
      ],
    })
    expect(await results(projectOf(only(`arn:aws:iam::${PARTNER}:role/r`)))).toEqual(['pass'])
    expect(await results(projectOf(only(`arn:aws:iam::${PARTNER}:role/s`)))).toEqual(['fail'])
  })
})

describe('every kind of principal that a resource policy can name takes part', () => {
  const CANONICAL = '00f1e2d3c4b5a697887766554433221100ffeeddccbbaa998877665544332211'
  const kinds: readonly (readonly [string, object, string])[] = [
    ['a canonical user', { CanonicalUser: CANONICAL }, `canonical:${CANONICAL}`],
    ['a social identity provider', { Federated: 'accounts.google.com' }, 'federated:accounts.google.com'],
    [
      'an identity provider of the account',
      { Federated: `arn:aws:iam::${HOME}:saml-provider/corp` },
      `federated:arn:aws:iam::${HOME}:saml-provider/corp`,
    ],
    [
      'an identity provider of another account',
      { Federated: `arn:aws:iam::${PARTNER}:oidc-provider/id.example.com` },
      `federated:arn:aws:iam::${PARTNER}:oidc-provider/id.example.com`,
    ],
    [
      'a federated user of an account outside',
      { AWS: `arn:aws:sts::${PARTNER}:federated-user/bob` },
      `arn:aws:sts::${PARTNER}:federated-user/bob`,
    ],
  ]
  const RIGHT_TODAY: readonly (readonly [string, object, string])[] = [
    [
      'a role session of an account outside',
      { AWS: `arn:aws:sts::${PARTNER}:assumed-role/ops/kim` },
      `arn:aws:sts::${PARTNER}:assumed-role/ops/kim`,
    ],
    [
      'a user of an account outside',
      { AWS: `arn:aws:iam::${PARTNER}:user/kim` },
      `arn:aws:iam::${PARTNER}:user/kim`,
    ],
    ['a service', { Service: 'logging.s3.amazonaws.com' }, 'service:logging.s3.amazonaws.com'],
  ]
  const letIn = (principal: object) =>
    changed(alice, { ...alice, resources: bucket('reports', reads('reports', principal)) })
  const isSeen = async (_: string, principal: object, label: string) => {
    const folder = await letIn(principal)
    expect(principalsOf((await difference(folder)).gained)).toEqual([label])
    expect(await noNewAccess(folder)).toBe(false)
    expect(await nobodyMay(folder, 's3:GetObject')).toBe(false)
  }
  it.each(kinds)('%s', isSeen)
  it.each(RIGHT_TODAY)('%s', isSeen)

  it.each(kinds.slice(1, 4))(
    'an invariant is broken by %s, and nothing ends with an error',
    async (_, principal) => {
      const folder = projectOf({
        resources: bucket('reports', reads('reports', principal)),
        invariants: [
          { name: 'nobody', action: 's3:GetObject', resource: 'arn:aws:s3:::reports/*', expect: 'deny' },
        ],
      })
      expect(await results(folder)).toEqual(['fail'])
    },
  )
})

describe('what a caller of an account outside can be called', () => {
  const fits = (condition: object) => outsidersOf(projectOf(partners(condition)))
  it('has the ARN of somebody, in the partition of the estate', async () => {
    const none = [`arn:aws:iam::${LAST}:*`, `arn:aws:sts::${LAST}:*`]
    expect(await fits({ ArnNotLike: { 'aws:PrincipalArn': none } })).toEqual([`account:${FIRST}`])
    expect(await fits({ StringNotLike: { 'aws:PrincipalArn': 'arn:aws:*' } })).toEqual([])
  })
  it('is root, a user, a role or a federated user', async () => {
    const kinds = ['iam::*:root', 'iam::*:user/*', 'iam::*:role/*', 'sts::*:federated-user/*']
    const all = kinds.map((kind) => `arn:aws:${kind}`)
    expect(await fits({ ArnNotLike: { 'aws:PrincipalArn': all } })).toEqual([])
  })
  it('may be one of the kinds that are left', async () => {
    expect(await fits({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/*' } })).toEqual([
      `account:${FIRST}`,
      `account:${LAST}`,
    ])
  })
  it('shows a request that somebody can send', async () => {
    const folder = projectOf(partners({ ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${LAST}:*` } }))
    for (const { witness } of (await gate(folder, '--not-granted', 's3:GetObject')).violations) {
      const own = witness.context['aws:PrincipalArn'] ?? witness.principal
      expect(own).toMatch(
        /^arn:aws:(?:iam::\d{12}:(?:root|user\/.+|role\/.+)|sts::\d{12}:federated-user\/.+)$/,
      )
    }
  })
  it.each([
    [
      'its ARN',
      { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:role/ci-*` } },
      /^arn:aws:iam::444455556666:role\/ci-/,
    ],
    ['the name of a user', { StringEquals: { 'aws:username': 'kim' } }, /^arn:aws:iam::\d{12}:user\/kim$/],
    ['its account', { StringLike: { 'aws:PrincipalAccount': '12*' } }, /^arn:aws:iam::12\d{10}:/],
  ])('is who its request says, by %s', async (_, condition, form) => {
    const folder = projectOf({ resources: bucket('data', reads('data', '*', condition)) })
    const { violations } = await gate(folder, '--not-granted', 's3:GetObject')
    const shown = violations.filter(({ principals }) =>
      principals.some((each) => each.startsWith('account:')),
    )
    expect(shown.length).toBeGreaterThan(0)
    for (const { witness } of shown) {
      expect(witness.principal).toMatch(form)
      expect(witness.context['aws:PrincipalArn'] ?? witness.principal).toBe(witness.principal)
      expect(witness.context['aws:PrincipalAccount']).toBeUndefined()
    }
  })
})

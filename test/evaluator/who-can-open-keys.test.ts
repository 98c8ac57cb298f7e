// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { describe, expect, it } from 'vitest'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import type { PolicyDocument } from '../../src/model/index.ts'
import {
  accountOf,
  allow,
  DARK,
  deny,
  document,
  estateWith,
  FACTS,
  grant,
  HOME,
  nodeOf,
  OUTSIDE,
  organizationOf,
  resourceOf,
} from './estate-world.ts'

const BUCKET = 'arn:aws:s3:::data'
const ROOT = `arn:aws:iam::${HOME}:root`
const BOB = `arn:aws:iam::${HOME}:user/bob`
const APP = `arn:aws:iam::${HOME}:role/app`
const all = document(allow('*'))
const account = accountOf(
  HOME,
  { bob: { policy: all } },
  { app: { policy: all, trust: document(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole')) } },
)

async function grantsUnder(policy: PolicyDocument | null, organization = false) {
  const tree = organizationOf(nodeOf('root', 'r-ab12', { children: [nodeOf('account', HOME)] }))
  const estate = estateWith([account], organization ? tree : null, [resourceOf(BUCKET, HOME, policy)])
  const evaluator = await createEvaluator(estate, FACTS)
  const { grants } = evaluator.whoCan({
    action: 's3:GetObject',
    resource: `${BUCKET}/x`,
    context: new Map(),
  })
  return Object.fromEntries(grants.map(({ principal, decision }) => [principal, decision]))
}

const but = (operator: string, key: string, values: readonly string[]) =>
  document(deny('s3:*', { Principal: '*', Resource: '*', Condition: { [operator]: { [key]: [...values] } } }))
const open = (operator: string, key: string, value: string) =>
  document(grant('*', 's3:GetObject', { Resource: '*', Condition: { [operator]: { [key]: value } } }))

it.each([
  { StringLike: { 'aws:PrincipalOrgPaths': 'o-abcdefghij/r-ab12/*' } },
  { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
  { StringEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } },
])(
  'accounts of the organization that are not known are asked for where it decides: %j',
  async (Condition) => {
    const tree = organizationOf(
      nodeOf('root', 'r-ab12', { children: [nodeOf('account', HOME), nodeOf('account', DARK)] }),
    )
    const policy = document(grant('*', 's3:GetObject', { Resource: '*', Condition }))
    const estate = estateWith([account], tree, [resourceOf(BUCKET, HOME, policy)])
    const question = { action: 's3:GetObject', resource: `${BUCKET}/x`, context: new Map() }
    const { grants } = (await createEvaluator(estate, FACTS)).whoCan(question)
    const outside = grants.map(({ principal }) => principal).filter((each) => !each.includes(HOME))
    expect(outside).toEqual([`account:${DARK}`])
  },
)

it.each(['StringNotEquals', 'StringNotEqualsIgnoreCase'])('wildcards are letters to %s', async (operator) => {
  const grants = await grantsUnder(but(operator, 'aws:UserAgent', ['a*', '?']))
  expect(grants).toEqual({ [ROOT]: 'conditional', [BOB]: 'conditional', [APP]: 'conditional' })
})

it('how long ago MFA was is said of nobody who has not signed in with it', async () => {
  const under = (present: string) =>
    grantsUnder(
      document(
        deny('s3:*', {
          Principal: '*',
          Resource: '*',
          Condition: { Null: { 'aws:MultiFactorAuthAge': 'true' } },
        }),
        deny('s3:*', {
          Sid: 'Mfa',
          Principal: '*',
          Resource: '*',
          Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': present } },
        }),
      ),
    )
  expect(await under('true')).toEqual({})
  expect(Object.values(await under('false'))).toContain('conditional')
})

it('whoever comes through an endpoint has no public address', async () => {
  const under = (range: object) =>
    grantsUnder(
      document(
        deny('s3:*', { Principal: '*', Resource: '*', Condition: { Null: { 'aws:SourceVpce': 'true' } } }),
        deny('s3:*', { Sid: 'Range', Principal: '*', Resource: '*', Condition: range }),
      ),
    )
  expect(await under({ NotIpAddress: { 'aws:SourceIp': '198.51.100.0/24' } })).toEqual({})
  expect(await under({ NotIpAddressIfExists: { 'aws:SourceIp': '198.51.100.0/24' } })).toEqual({})
  expect(await under({ IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } })).toEqual({
    [ROOT]: 'conditional',
    [BOB]: 'conditional',
    [APP]: 'conditional',
  })
})

describe('keys that say who asks, where they are not known', () => {
  it('the unique id of a role is open, of the form that it has', async () => {
    const policy = but('StringNotLike', 'aws:userid', ['AROAEXAMPLEID:*', HOME])
    expect(await grantsUnder(policy)).toEqual({ [ROOT]: 'allow', [APP]: 'conditional' })
  })

  it("a user's begins with AIDA, a role's with AROA", async () => {
    const policy = but('StringNotLike', 'aws:userid', ['AIDAEXAMPLEID', 'AROA*'])
    expect(await grantsUnder(policy)).toEqual({ [BOB]: 'conditional', [APP]: 'allow' })
  })

  it.each(['*:session', 'A*:session', 'AROA*:session', '*:*'])(
    'a pattern may leave out what the id of a role begins with: %s',
    async (pattern) => {
      const session = open('StringLike', 'aws:userid', pattern)
      const bare = accountOf(
        HOME,
        { bob: {} },
        { app: { trust: document(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole')) } },
      )
      const estate = estateWith([bare], null, [resourceOf(BUCKET, HOME, session)])
      const question = { action: 's3:GetObject', resource: `${BUCKET}/x`, context: new Map() }
      const { grants } = (await createEvaluator(estate, FACTS)).whoCan(question)
      const decided = new Map(grants.map(({ principal, decision }) => [principal, decision]))
      expect(decided.has(APP)).toBe(true)
      expect(decided.has(BOB)).toBe(false)
    },
  )

  it('the organization is open where none is declared', async () => {
    const policy = but('StringNotEquals', 'aws:PrincipalOrgID', ['o-abc1234567'])
    expect(await grantsUnder(policy)).toEqual({
      [ROOT]: 'conditional',
      [BOB]: 'conditional',
      [APP]: 'conditional',
    })
  })

  it('and known where one is', async () => {
    expect(await grantsUnder(but('StringNotEquals', 'aws:PrincipalOrgID', ['o-abc1234567']), true)).toEqual(
      {},
    )
    expect(await grantsUnder(but('StringNotEquals', 'aws:PrincipalOrgID', ['o-abcdefghij']), true)).toEqual({
      [ROOT]: 'allow',
      [BOB]: 'allow',
      [APP]: 'allow',
    })
  })

  it('everybody in an account outside may be anybody of it', async () => {
    const policy = document(
      grant({ AWS: OUTSIDE }, 's3:GetObject', {
        Resource: '*',
        Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OUTSIDE}:role/deploy-*` } },
      }),
    )
    expect((await grantsUnder(policy))[`account:${OUTSIDE}`]).toBe('unknown')
    const other = document(
      grant({ AWS: OUTSIDE }, 's3:GetObject', {
        Resource: '*',
        Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${HOME}:role/*` } },
      }),
    )
    expect((await grantsUnder(other))[`account:${OUTSIDE}`]).toBe(undefined)
  })

  it('nobody in an account outside has a name with a wildcard in it', async () => {
    const policy = (operator: string) =>
      document(
        grant({ AWS: OUTSIDE }, 's3:GetObject', {
          Resource: '*',
          Condition: { [operator]: { 'aws:PrincipalArn': `arn:aws:iam::${OUTSIDE}:role/*` } },
        }),
      )
    expect((await grantsUnder(policy('StringEquals')))[`account:${OUTSIDE}`]).toBe(undefined)
    expect((await grantsUnder(policy('StringLike')))[`account:${OUTSIDE}`]).toBe('unknown')
  })

  it('a service that stands for all of them is none of an account', async () => {
    const policy = document(
      grant('*', 's3:GetObject', {
        Resource: '*',
        Condition: {
          Bool: { 'aws:PrincipalIsAWSService': 'true' },
          ArnEqualsIfExists: { 'aws:PrincipalArn': APP },
        },
      }),
    )
    expect((await grantsUnder(policy))['service:*']).toBe('conditional')
  })

  it('the anonymous have none of them', async () => {
    expect((await grantsUnder(open('StringEquals', 'aws:PrincipalOrgID', 'o-abc1234567')))['*']).toBe(
      undefined,
    )
    expect((await grantsUnder(open('Null', 'aws:PrincipalOrgID', 'true')))['*']).toBe('allow')
  })

  it('canonical users, unique ids and federated users outside are somebody', async () => {
    const canonical = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'
    const fred = `arn:aws:sts::${OUTSIDE}:federated-user/fred`
    const policy = document(
      grant({ CanonicalUser: canonical }, 's3:GetObject', { Resource: '*' }),
      grant({ AWS: ['AROAEXAMPLEEXAMPLE01', fred] }, 's3:GetObject', { Resource: '*' }),
      grant({ Federated: 'accounts.google.com' }, 's3:GetObject', { Resource: '*' }),
    )
    expect(await grantsUnder(policy)).toMatchObject({
      [`canonical:${canonical}`]: 'allow',
      'id:AROAEXAMPLEEXAMPLE01': 'allow',
      'federated:accounts.google.com': 'allow',
      [fred]: 'unknown',
    })
  })
})

describe('federated users of an account that is known', () => {
  const FRED = `arn:aws:sts::${HOME}:federated-user/fred`
  const ask = async (users: Parameters<typeof accountOf>[1], more: object = {}) => {
    const policy = document(grant({ AWS: FRED }, 's3:GetObject', { Resource: '*', ...more }))
    const estate = estateWith([accountOf(HOME, users)], null, [resourceOf(BUCKET, HOME, policy)])
    const { grants, diagnostics } = (await createEvaluator(estate, FACTS)).whoCan({
      action: 's3:GetObject',
      resource: `${BUCKET}/x`,
      context: new Map(),
    })
    expect(diagnostics).toEqual([])
    return grants.filter(({ principal }) => principal === FRED).map(({ decision }) => decision)
  }

  it('are let in by a resource that names them, whoever asked for their credentials', async () => {
    expect(await ask({ bob: {} })).toEqual(['allow'])
  })

  it('are as free as the user who is denied least', async () => {
    const denied = { policy: document(deny('s3:GetObject')) }
    expect(await ask({ bob: denied, eve: {} })).toEqual(['allow'])
    expect(await ask({ bob: denied })).toEqual([])
  })

  it('depend on conditions as everybody does', async () => {
    const Condition = { Bool: { 'aws:SecureTransport': 'true' } }
    expect(await ask({ bob: {} }, { Condition })).toEqual(['conditional'])
  })
})

describe('tags of what is asked about', () => {
  const tagged = document(allow('s3:*', { Condition: { StringEquals: { 'aws:ResourceTag/team': 'red' } } }))
  it.each([
    ['are open where nothing is declared', [], 'conditional'],
    ['are known of what is declared', [resourceOf(`${BUCKET}/x`, HOME, null, { team: 'red' })], 'allow'],
    ['and known to be absent', [resourceOf(`${BUCKET}/x`, HOME, null)], undefined],
  ])('%s', async (_, resources, expected) => {
    const evaluator = await createEvaluator(
      estateWith([accountOf(HOME, { bob: { policy: tagged } })], null, resources),
      FACTS,
    )
    const { grants } = evaluator.whoCan({
      action: 's3:GetObject',
      resource: `${BUCKET}/x`,
      context: new Map(),
    })
    expect(grants.find(({ principal }) => principal === BOB)?.decision).toBe(expected)
  })
})

describe('a resource that is called like whoever asks', () => {
  const whoCan = async (pattern: string, name: string) => {
    const policy = document({
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `${BUCKET}/${pattern}`,
    })
    const evaluator = await createEvaluator(
      estateWith([accountOf(HOME, {})], null, [resourceOf(BUCKET, HOME, policy)]),
      FACTS,
    )
    return evaluator
      .whoCan({ action: 's3:GetObject', resource: `${BUCKET}/${name}`, context: new Map() })
      .grants.map(({ principal }) => principal)
  }
  const USER = `arn:aws:iam::${OUTSIDE}:user/deep/v`

  it.each([
    ['${aws:PrincipalAccount}/*', `${OUTSIDE}/x`],
    ['${aws:PrincipalArn}/*', `${USER}/x`],
    ['${aws:username}/${aws:PrincipalArn}', `v/${USER}`],
  ])('%s: the account whose name it has is among them', async (pattern, name) => {
    expect(await whoCan(pattern, name)).toContain(`account:${OUTSIDE}`)
  })
})

describe('a pattern of which few texts are values of the key', () => {
  const strangers = async (operator: string, key: string, pattern: string) =>
    (await grantsUnder(open(operator, key, pattern)))['account:*']

  it.each([
    ['o-a1b2c3d4e5/*'],
    ['o-a1b2c3d4e5/r*'],
    ['o-a1b2c3d4e5/r-*'],
    ['o-a1b2c3d4e5/r-zz99/*'],
    ['o-*'],
    ['*'],
    ['*/r-zz99/*'],
    ['*/ou-zz99-*'],
    ['*/ou-zz99-????????/'],
  ])('organizations that stand so are found: %s', async (pattern) => {
    for (const operator of ['StringLike', 'ForAnyValue:StringLike'])
      expect(await strangers(operator, 'aws:PrincipalOrgPaths', pattern)).toBe('unknown')
  })

  // Each key alone is satisfied by an organization that the other isn't.
  it.each([
    ['o-a1b2*', 'o-*/r-zz99/*'],
    ['o-*', 'o-a1b2c3d4e5/r-zz99/*'],
    ['*', '*/ou-zz99-*'],
    ['o-a1b2c3d4e5', '*/r-zz99/*'],
  ])('and those of which both the id and a place are asked for: %s, %s', async (id, path) => {
    const Condition = { StringLike: { 'aws:PrincipalOrgID': id, 'aws:PrincipalOrgPaths': path } }
    const policy = document(grant('*', 's3:GetObject', { Resource: '*', Condition }))
    expect((await grantsUnder(policy))['account:*']).toBe('unknown')
  })

  it('and one by whose id alone the resource is called, whatever else is asked of places', async () => {
    const called = (principal: unknown, more: object = {}) => ({
      ...grant(principal, 's3:GetObject', more),
      Resource: `${BUCKET}/\${aws:PrincipalOrgID}`,
    })
    const policy = document(
      called({ AWS: OUTSIDE }),
      called(
        { AWS: DARK },
        { Condition: { 'ForAnyValue:StringEquals': { 'aws:PrincipalOrgPaths': 'o-abcdefghij/r-ab12/' } } },
      ),
    )
    const tree = organizationOf(nodeOf('root', 'r-ab12', { children: [nodeOf('account', HOME)] }))
    const estate = estateWith([account], tree, [resourceOf(BUCKET, HOME, policy)])
    const { grants } = (await createEvaluator(estate, FACTS)).whoCan({
      action: 's3:GetObject',
      resource: `${BUCKET}/o-yyyyyyyyy8`,
      context: new Map(),
    })
    expect(grants.map(({ principal }) => principal)).toContain(`account:${OUTSIDE}`)
  })

  it.each([['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*'], ['*/ou-ab12-11111111/*'], ['*/r-ab12/*']])(
    'and one that stands elsewhere than where a deny says: %s',
    async (pattern) => {
      const is = (Condition: object) => ({ Resource: '*', Condition })
      const policy = document(
        grant('*', 's3:GetObject', is({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })),
        deny('s3:*', {
          Principal: '*',
          ...is({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': pattern } }),
        }),
      )
      expect((await grantsUnder(policy))['account:*']).toBe('unknown')
    },
  )

  it.each([
    ['aws:PrincipalOrgID', 'o-a1b2c3d4e5', 'aws:PrincipalOrgPaths'],
    ['aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/r-zz99/', 'aws:PrincipalOrgID'],
  ])('and what is given of %s holds of the other key', async (given, value, key) => {
    const listed = async (pattern: string) => {
      const Condition = { StringLike: { [key]: pattern } }
      const policy = document(grant('*', 's3:GetObject', { Condition }))
      const evaluator = await createEvaluator(
        estateWith([account], null, [resourceOf(BUCKET, HOME, policy)]),
        FACTS,
      )
      const context = new Map([[given, [value]]])
      const { grants } = evaluator.whoCan({ action: 's3:GetObject', resource: `${BUCKET}/x`, context })
      return grants.some(({ principal }) => principal === 'account:*')
    }
    expect(await listed('o-a1b2*')).toBe(true)
    expect(await listed('o-zzzzzzzzz9*')).toBe(false)
  })

  it('but none that no organization can be', async () => {
    const Condition = {
      StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
      StringLike: { 'aws:PrincipalOrgPaths': 'o-zzzzzzzzz9/*' },
    }
    const policy = document(grant('*', 's3:GetObject', { Resource: '*', Condition }))
    expect(Object.keys(await grantsUnder(policy)).sort()).toEqual([APP, ROOT, BOB].sort())
  })

  it('where none is found nobody is left out', async () => {
    const policy = document({
      ...grant({ Service: 'sns.amazonaws.com' }, 's3:GetObject', {
        Resource: '*',
        Condition: { StringLike: { 'aws:SourceAccount': '12*34' } },
      }),
    })
    expect((await grantsUnder(policy))['sns.amazonaws.com']).toBe('unknown')
  })
})

describe('the region of a request', () => {
  const inRegion = (region: string) =>
    document(allow('s3:GetObject', { Condition: { StringLike: { 'aws:RequestedRegion': region } } }))

  it.each([
    ['eu-west-1', true],
    ['eu-*', true],
    ['cn-north-1', false],
    ['us-gov-*', false],
  ])('is one of the partition: %s in aws: %s', async (region, isOne) => {
    const own = accountOf(HOME, { bob: { policy: inRegion(region) } }, {})
    const evaluator = await createEvaluator(estateWith([own], null, [resourceOf(BUCKET, HOME, null)]), FACTS)
    const { grants } = evaluator.whoCan({
      action: 's3:GetObject',
      resource: `${BUCKET}/x`,
      context: new Map(),
    })
    expect(grants.some(({ principal }) => principal === BOB)).toBe(isOne)
  })
})

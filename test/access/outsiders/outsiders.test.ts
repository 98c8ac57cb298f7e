// Who outside of an estate is told of, by what a resource's policy says of them.
import { describe, expect, it, test } from 'vitest'
import type { AccessEntry } from '../../../src/access/access-entry.ts'
import type { Proof } from '../../../src/access/analysis.ts'
import { proveInvariant } from '../../../src/checks/prove-invariant.ts'
import { createEvaluator } from '../../../src/evaluator/estate/evaluator.ts'
import type { InvariantPrincipal } from '../../../src/manifest/desired.ts'
import type { ConditionBlock, PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  controlPolicy,
  deny,
  document,
  estateWith,
  FACTS,
  FULL_ACCESS,
  grant,
  HOME,
  nodeOf,
  OTHER,
  OUTSIDE,
  organizationOf,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests, userArn } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const BUCKET = 'arn:aws:s3:::data'
const QUEUE = `arn:aws:sqs:eu-west-1:${HOME}:jobs`
const THEIR_QUEUE = `arn:aws:sqs:eu-west-1:${OTHER}:jobs`
const FUNCTION = `arn:aws:lambda:eu-west-1:${HOME}:function:work`
const CANONICAL = 'canonical:00f1e2d3c4b5a697887766554433221100ffeeddccbbaa998877665544332211'
const ROLE_ID = 'id:AROAEXAMPLEID1234567'

const canonicalUser = { CanonicalUser: CANONICAL.slice('canonical:'.length) }
const refuse = (principal: unknown, action: string, more: object = {}): PolicyStatement => ({
  ...grant(principal, action, more),
  Effect: 'Deny',
})
const when = (operator: string, key: string, value: string | readonly string[]) => ({
  Condition: { [operator]: { [key]: value } },
})

/** Who may do something on a resource of the account by its policy. */
const whoMay = (action: string, arn: string, ...statements: readonly PolicyStatement[]): Proof =>
  analysis().analyzer.whoMay(
    estateWith([accountOf(HOME, {})], null, [resourceOf(arn, HOME, document(...statements))]),
    { actions: [action], resources: [`${arn}*`], context: new Map() },
  )
/** But for root, who may do everything. */
const typed = ({ violations }: Proof): readonly AccessEntry[] =>
  violations.filter(
    ({ tier, principals }) => tier === 'typed' && !principals.every((each) => each.endsWith(':root')),
  )
const told = (proof: Proof) => [...new Set(typed(proof).flatMap(({ principals }) => principals))].sort()
const assumed = ({ unknown }: Proof) =>
  unknown.flatMap(({ principals, rule }) => principals.map((each) => `${each} ${rule}`))
const keysIn = (proof: Proof) => typed(proof).map(({ witness }) => Object.fromEntries(witness.context))

describe('an entry', () => {
  it('names whoever may do what its witness does, and others in one of their own', () => {
    const proof = whoMay(
      'lambda:InvokeFunction',
      FUNCTION,
      grant('*', 'lambda:InvokeFunction'),
      refuse({ Service: 'sns.amazonaws.com' }, 'lambda:InvokeFunction', { Resource: FUNCTION }),
    )
    const of = (label: string) =>
      typed(proof)
        .filter(({ principals }) => principals.includes(label))
        .map(({ witness }) => witness.resource)
    expect(of('anonymous')).toEqual([FUNCTION])
    expect(of('service:sns.amazonaws.com')).not.toContain(FUNCTION)
  })
})

test('other sessions than the one that a policy names are anybody of the account', () => {
  const role = `arn:aws:iam::${OUTSIDE}:role/r`
  const proof = whoMay(
    's3:ListBucket',
    BUCKET,
    grant({ AWS: OUTSIDE }, 's3:ListBucket', when('ArnEquals', 'aws:PrincipalArn', role)),
    refuse({ AWS: `arn:aws:sts::${OUTSIDE}:assumed-role/r/s1` }, 's3:ListBucket'),
  )
  expect(told(proof)).toEqual([`account:${OUTSIDE}`])
  expect(typed(proof)[0]?.witness.principal).toBe(role)
})

describe('a name with a wildcard in it', () => {
  const everybody = (key: string, value: string, operator = 'StringEquals') =>
    grant('*', 's3:ListBucket', when(operator, key, value))

  test.each([
    ['aws:PrincipalArn', `arn:aws:iam::${OUTSIDE}:role/*`],
    ['aws:PrincipalArn', `arn:aws:iam::${OUTSIDE}:user/deep/a?c`],
    ['aws:PrincipalArn', `arn:aws:sts::${OUTSIDE}:federated-user/*`],
    ['aws:username', 'b*'],
  ])('nobody has: %s %s', (key, value) => {
    const proof = whoMay('s3:ListBucket', BUCKET, everybody(key, value))
    expect(told(proof)).toEqual([])
    expect(proof.unknown).toEqual([])
    expect(told(whoMay('s3:ListBucket', BUCKET, everybody(key, value, 'StringLike')))).not.toEqual([])
  })

  it('a path may hold one', () => {
    const path = everybody('aws:PrincipalArn', `arn:aws:iam::${OUTSIDE}:role/*/app`)
    expect(told(whoMay('s3:ListBucket', BUCKET, path))).toEqual([`account:${OUTSIDE}`])
  })
})

describe('a canonical user or a unique id', () => {
  it('says so itself: each signed request tells whether a service asks', () => {
    const condition = when('BoolIfExists', 'aws:PrincipalIsAWSService', 'true')
    expect(told(whoMay('s3:GetObject', BUCKET, grant(canonicalUser, 's3:GetObject', condition)))).toEqual([])
  })

  it('says who it is, though nobody here knows: what asks for a request without a name lets it in nowhere', () => {
    const condition = when('Null', 'aws:PrincipalArn', 'true')
    expect(told(whoMay('s3:GetObject', BUCKET, grant(canonicalUser, 's3:GetObject', condition)))).toEqual([])
  })

  it("that is a role's asks with temporary credentials, by a single decision too", async () => {
    const policy = document(
      grant({ AWS: ROLE_ID.slice('id:'.length) }, 'sqs:SendMessage', {
        Condition: { Null: { 'aws:TokenIssueTime': 'true' } },
      }),
    )
    const estate = estateWith([accountOf(HOME, {})], null, [resourceOf(QUEUE, HOME, policy)])
    const evaluator = await createEvaluator(estate, FACTS)
    const asked = { action: 'sqs:SendMessage', resource: QUEUE, context: new Map() }
    expect(evaluator.evaluate({ ...asked, principal: ROLE_ID }).answer?.decision).toBe('implicit_deny')
    const probe = { actions: [asked.action], resources: [asked.resource], context: new Map() }
    expect(told(analysis().analyzer.whoMay(estate, probe))).toEqual([])
  })

  it('is no service', () => {
    const proof = whoMay(
      's3:GetObject',
      BUCKET,
      grant('*', 's3:GetObject', when('Bool', 'aws:PrincipalIsAWSService', 'true')),
      grant(canonicalUser, 's3:PutObject'),
    )
    expect(told(proof)).toEqual(['service:*'])
  })

  it('may be in any organization that there can be', () => {
    const proof = whoMay(
      's3:GetObject',
      BUCKET,
      grant(canonicalUser, 's3:GetObject', when('StringLike', 'aws:PrincipalOrgID', 'o-*')),
    )
    expect(told(proof)).toEqual([CANONICAL])
    expect(keysIn(proof)[0]?.['aws:PrincipalOrgID']?.[0]).toMatch(/^o-./)
  })

  test.each([
    ['aws:PrincipalArn', 'arn:aws:iam::*', /^arn:aws:iam::\d{12}:(?:root$|user\/.|role\/.)/],
    ['aws:PrincipalAccount', '*', /^\d{12}$/],
    ['aws:PrincipalType', '*', /^(?:Account|User|AssumedRole|FederatedUser)$/],
  ])('has %s in a form that there is', (key, pattern, form) => {
    const proof = whoMay(
      's3:GetObject',
      BUCKET,
      grant(canonicalUser, 's3:GetObject', when('StringLike', key, pattern)),
    )
    expect(told(proof)).toEqual([CANONICAL])
    expect(keysIn(proof)[0]?.[key]?.[0]).toMatch(form)
  })

  it('has its own id, where that is known', () => {
    const named = { AWS: ROLE_ID.slice('id:'.length) }
    const ofId = (id: string) =>
      told(
        whoMay(
          'sqs:SendMessage',
          QUEUE,
          grant(named, 'sqs:SendMessage', when('StringLike', 'aws:userid', id)),
        ),
      )
    expect(ofId('AROAEXAMPLEID1234567:*')).toEqual([ROLE_ID])
    expect(ofId('AROAANOTHERID1234567:*')).toEqual([])
  })
})

describe('a service', () => {
  it('is found without the keys that it may have, where it needs none of them', () => {
    const proof = whoMay(
      'lambda:InvokeFunction',
      FUNCTION,
      grant({ Service: 'sns.amazonaws.com' }, 'lambda:*'),
      refuse('*', 'lambda:*', {
        Condition: {
          StringNotEqualsIfExists: { 'aws:PrincipalAccount': OTHER },
          StringEquals: { 'aws:PrincipalAccount': OUTSIDE },
        },
      }),
    )
    expect([told(proof), assumed(proof)]).toEqual([['service:sns.amazonaws.com'], []])
  })

  it('is let in under an assumption where it needs one of them', () => {
    const proof = whoMay(
      'sqs:SendMessage',
      QUEUE,
      grant({ Service: 'sns.amazonaws.com' }, 'sqs:SendMessage', when('StringLike', 'aws:PrincipalArn', '*')),
    )
    expect([told(proof), assumed(proof)]).toEqual([[], ['service:sns.amazonaws.com keys of services']])
  })

  it('is let in under an assumption where a key must tell the account that calls', () => {
    const key = `arn:aws:kms:eu-west-1:${HOME}:key/11111111-2222-4333-8444-555555555555`
    const proof = whoMay(
      'kms:Decrypt',
      key,
      grant(
        { Service: 'lambda.amazonaws.com' },
        'kms:Decrypt',
        when('StringEquals', 'kms:CallerAccount', HOME),
      ),
    )
    expect(told(proof)).toEqual([])
    expect(proof.unknown.map(({ principals }) => principals)).toEqual([['service:lambda.amazonaws.com']])
  })

  it('alone says for whom it asks', () => {
    const proof = whoMay(
      'sqs:SendMessage',
      QUEUE,
      grant('*', 'sqs:SendMessage', when('StringNotEquals', 'aws:SourceAccount', HOME)),
      refuse('*', 'sqs:SendMessage', when('Null', 'aws:SourceAccount', 'true')),
    )
    expect(told(proof)).toEqual(['service:*'])
    expect(keysIn(proof)[0]?.['aws:SourceAccount']?.[0]).toMatch(/^\d{12}$/)
  })
})

// IAM User Guide, "AWS global condition context keys": aws:SourceAccount is in requests of services only.
describe('a key that tells for whom a service asks', () => {
  const ofOthers = when('StringEquals', 'aws:SourceAccount', OTHER)

  it('lets in no user by the question about one resource, nor by the one about a pattern', async () => {
    const policy = document(grant('*', 'sqs:SendMessage', ofOthers))
    const estate = estateWith([accountOf(HOME, { al: {} })], null, [resourceOf(QUEUE, HOME, policy)])
    const evaluator = await createEvaluator(estate, FACTS)
    const { grants } = evaluator.whoCan({ action: 'sqs:SendMessage', resource: QUEUE, context: new Map() })
    expect(
      grants.flatMap(({ principal, decision }) => (decision === 'conditional' ? principal : [])),
    ).toEqual(['service:*'])
    const probe = { actions: ['sqs:SendMessage'], resources: [QUEUE], context: new Map() }
    expect(told(analysis().analyzer.whoMay(estate, probe))).toEqual(['service:*'])
  })

  it('is no way around what is denied to an account by name', () => {
    const trust = document(grant('*', 'sts:AssumeRole'), {
      ...grant({ AWS: OTHER }, 'sts:AssumeRole', when('Null', 'aws:SourceAccount', 'true')),
      Effect: 'Deny',
    })
    const { violations } = analysis().analyzer.noOutsideAccess(
      estateWith([accountOf(HOME, {}, { app: { trust } })]),
      [HOME],
      { trusted: [], services: 'noted' },
    )
    expect(violations.flatMap(({ principals }) => principals)).toEqual(['account:*'])
  })
})

describe('whoever comes by a provider', () => {
  const google = { Federated: 'accounts.google.com' }

  it('asks in a session of a role of some account', () => {
    const proof = whoMay(
      'sqs:SendMessage',
      QUEUE,
      grant(google, 'sqs:SendMessage', when('StringEquals', 'aws:PrincipalAccount', OUTSIDE)),
    )
    expect(told(proof)).toEqual(['federated:accounts.google.com'])
  })

  it('signs nothing when they sign in', () => {
    const trust = document(
      grant(google, 'sts:AssumeRoleWithWebIdentity', when('StringLike', 'aws:PrincipalArn', '*')),
    )
    const estate = estateWith([accountOf(HOME, {}, { app: { trust } })])
    expect(
      told(analysis().analyzer.whoMay(estate, { actions: ['sts:*'], resources: ['*'], context: new Map() })),
    ).toEqual([])
  })

  it("has not the organization of the provider's account, by a single decision either", async () => {
    const saml = `arn:aws:iam::${HOME}:saml-provider/corp`
    const organization = organizationOf(nodeOf('root', null, { children: [nodeOf('account', HOME)] }))
    const trust = document(
      grant(
        { Federated: saml },
        'sts:AssumeRoleWithSAML',
        when('StringEquals', 'aws:PrincipalOrgID', organization.id),
      ),
    )
    const estate = estateWith([accountOf(HOME, {}, { app: { trust } })], organization)
    const asked = { action: 'sts:AssumeRoleWithSAML', resource: `arn:aws:iam::${HOME}:role/app` }
    const evaluator = await createEvaluator(estate, FACTS)
    const { answer } = evaluator.evaluate({ principal: saml, ...asked, context: new Map() })
    expect(answer?.decision).toBe('implicit_deny')
    const probe = { actions: [asked.action], resources: [asked.resource], context: new Map() }
    expect(told(analysis().analyzer.whoMay(estate, probe))).toEqual([])
  })

  it("is bound by no control policy of the provider's account, when they sign in or later", async () => {
    const saml = `arn:aws:iam::${HOME}:saml-provider/corp`
    const organization = organizationOf(
      nodeOf('root', null, {
        serviceControlPolicies: [FULL_ACCESS, controlPolicy('Closed', deny('sqs:*'), deny('sts:*'))],
        children: [nodeOf('account', HOME)],
      }),
    )
    const trust = document(grant({ Federated: saml }, 'sts:AssumeRoleWithSAML'))
    const queue = resourceOf(QUEUE, HOME, document(grant({ Federated: saml }, 'sqs:SendMessage')))
    const estate = estateWith([accountOf(HOME, {}, { app: { trust } })], organization, [queue])
    const evaluator = await createEvaluator(estate, FACTS)
    for (const [action, resource] of [
      ['sts:AssumeRoleWithSAML', `arn:aws:iam::${HOME}:role/app`],
      ['sqs:SendMessage', QUEUE],
    ] as const) {
      const { answer } = evaluator.evaluate({ principal: saml, action, resource, context: new Map() })
      expect(answer?.decision).toBe('allow')
      const { grants } = evaluator.whoCan({ action, resource, context: new Map() })
      expect(grants.map(({ principal }) => principal)).toContain(saml)
      const probe = { actions: [action], resources: [resource], context: new Map() }
      expect(told(analysis().analyzer.whoMay(estate, probe))).toEqual([`federated:${saml}`])
    }
  })

  // IAM User Guide, "AWS global condition context keys": aws:PrincipalIsAWSService is there in all signed requests.
  it.each([
    ['aws:PrincipalIsAWSService', { BoolIfExists: { 'aws:PrincipalIsAWSService': 'true' } }, false],
    ['aws:PrincipalIsAWSService', { Bool: { 'aws:PrincipalIsAWSService': 'false' } }, true],
    ['aws:PrincipalType', { StringNotEquals: { 'aws:PrincipalType': 'AssumedRole' } }, false],
    ['aws:PrincipalType', { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } }, true],
  ])('signs what they ask later, as a role and no service: %s by %j', async (_, Condition, isAllowed) => {
    const saml = `arn:aws:iam::${OUTSIDE}:saml-provider/theirs`
    const policy = document(grant({ Federated: saml }, 'sqs:SendMessage', { Condition }))
    const estate = estateWith([accountOf(HOME, {})], null, [resourceOf(QUEUE, HOME, policy)])
    const evaluator = await createEvaluator(estate, FACTS)
    const asked = { action: 'sqs:SendMessage', resource: QUEUE }
    const { answer } = evaluator.evaluate({ principal: saml, ...asked, context: new Map() })
    const probe = { actions: [asked.action], resources: [asked.resource], context: new Map() }
    expect(answer?.decision).toBe(isAllowed ? 'allow' : 'implicit_deny')
    expect(told(analysis().analyzer.whoMay(estate, probe))).toEqual(isAllowed ? [`federated:${saml}`] : [])
    const listed = evaluator.whoCan({ ...asked, context: new Map() }).grants
    expect(listed.some(({ principal }) => principal === saml)).toBe(isAllowed)
  })

  it('is nobody of an account that is known to be inside', () => {
    const holdsFor = (account: string) =>
      analysis().analyzer.noOutsideAccess(
        estateWith([accountOf(HOME, {})], null, [
          resourceOf(
            QUEUE,
            HOME,
            document(grant(google, 'sqs:SendMessage', when('StringEquals', 'aws:PrincipalAccount', account))),
          ),
        ]),
        [HOME],
        { trusted: [], services: 'noted' },
      ).holds
    expect([holdsFor(HOME), holdsFor(OUTSIDE)]).toEqual([true, false])
  })
})

describe('whom a claim of a provider fixes that anybody can join', () => {
  const github = `arn:aws:iam::${HOME}:oidc-provider/token.actions.githubusercontent.com`
  const isPublic = (operator: string, ...more: readonly PolicyStatement[]) => {
    const sub = 'token.actions.githubusercontent.com:sub'
    const trust = document(
      grant(
        { Federated: github },
        'sts:AssumeRoleWithWebIdentity',
        when(operator, sub, 'repo:example/app:ref:refs/heads/main'),
      ),
      ...more,
    )
    return !analysis().analyzer.noPublicAccess(estateWith([accountOf(HOME, {}, { ci: { trust } })]), [HOME])
      .holds
  }

  test.each([
    ['StringLike', false],
    ['StringEquals', false],
    ['StringLikeIfExists', true],
    ['ForAllValues:StringEquals', true],
  ])('%s: public %s', (operator, expected) => {
    expect(isPublic(operator)).toBe(expected)
  })

  it('is fixed where the policy makes sure that the claim is there', () => {
    const sub = 'token.actions.githubusercontent.com:sub'
    expect(
      isPublic(
        'StringLikeIfExists',
        refuse({ Federated: github }, 'sts:AssumeRoleWithWebIdentity', when('Null', sub, 'true')),
      ),
    ).toBe(false)
  })
})

describe("another service's name for tags", () => {
  it('says nothing of a resource', () => {
    const estate = estateWith([accountOf(HOME, {})], null, [
      resourceOf(
        QUEUE,
        HOME,
        document(grant('*', 'sqs:SendMessage', when('StringNotEquals', 'ec2:ResourceTag/env', 'prod'))),
        { env: 'prod' },
      ),
    ])
    const proof = analysis().analyzer.whoMay(estate, {
      actions: ['sqs:SendMessage'],
      resources: [QUEUE],
      context: new Map(),
    })
    expect(told(proof)).toContain('anonymous')
  })
})

describe("a federated user whom another account's resource names", () => {
  const fred = `arn:aws:sts::${HOME}:federated-user/fred`
  const holds = (...own: readonly PolicyStatement[]) =>
    analysis().analyzer.nobodyMay(
      estateWith([accountOf(HOME, { al: { policy: document(...own) } })], null, [
        resourceOf(THEIR_QUEUE, OTHER, document(grant({ AWS: fred }, 'sqs:SendMessage'))),
      ]),
      { actions: ['sqs:SendMessage'], resources: [THEIR_QUEUE], context: new Map() },
      ({ label }) => label === fred,
    ).holds

  it('may what the user may who asked for its credentials', () => {
    expect(holds(allow('*'))).toBe(false)
    expect(holds(allow('*'), deny('sqs:*'))).toBe(true)
    expect(holds(allow('sqs:*'))).toBe(true)
  })
})

describe('what only federated users of anybody are let in to', () => {
  const queue = (statement: PolicyStatement) =>
    estateWith([accountOf(HOME, {})], null, [resourceOf(QUEUE, HOME, document(statement))])
  test.each<[string, ConditionBlock]>([
    ['by their type', { StringEquals: { 'aws:PrincipalType': 'FederatedUser' } }],
    ['by their ARN', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:sts::*:federated-user/*' } }],
  ])('is public: %s', (_, condition) => {
    const estate = queue(grant('*', 'sqs:SendMessage', { Condition: condition }))
    expect(analysis().analyzer.noPublicAccess(estate, [HOME]).holds).toBe(false)
  })
  it('is not public, where they are of an account that is named', () => {
    const estate = queue(
      grant('*', 'sqs:SendMessage', {
        Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:sts::${OTHER}:federated-user/*` } },
      }),
    )
    expect(analysis().analyzer.noPublicAccess(estate, [HOME]).holds).toBe(true)
  })
})

describe('an invariant', () => {
  const probe = { actions: ['sqs:SendMessage'], resources: [QUEUE], context: new Map() }
  const holds = (
    principal: Pick<InvariantPrincipal, 'kind' | 'id'>,
    ...statements: readonly PolicyStatement[]
  ) =>
    proveInvariant(
      analysis().analyzer,
      estateWith([accountOf(HOME, {})], null, [resourceOf(QUEUE, HOME, document(...statements))]),
      {
        name: 'none',
        ...probe,
        rule: { type: 'never', principals: [{ text: principal.id, ...principal }] },
        span: { file: 'a.yaml', start: 0, end: 0 },
      },
    ).holds

  test.each([
    [{ kind: 'canonicalUser', id: CANONICAL }, canonicalUser],
    [{ kind: 'uniqueId', id: ROLE_ID }, { AWS: ROLE_ID.slice('id:'.length) }],
  ] as const)('about %j is decided for exactly that one', (principal, named) => {
    expect(holds(principal, grant(named, 'sqs:SendMessage'))).toBe(false)
    expect(holds(principal, grant('*', 'sqs:SendMessage'))).toBe(false)
    expect(holds(principal, grant('*', 'sqs:SendMessage'), refuse(named, 'sqs:SendMessage'))).toBe(true)
    expect(holds(principal, grant({ AWS: userArn('ann') }, 'sqs:SendMessage'))).toBe(true)
  })
})

describe('an invariant about accounts that the project does not hold', () => {
  const own = `arn:aws:sts::${HOME}:federated-user/fred`
  const theirs = `arn:aws:sts::${OUTSIDE}:federated-user/fred`
  const proof = (
    type: 'only' | 'never',
    { kind, id }: Pick<InvariantPrincipal, 'kind' | 'id'>,
    ...statements: readonly PolicyStatement[]
  ) =>
    proveInvariant(
      analysis().analyzer,
      estateWith([accountOf(HOME, { al: { policy: document(allow('sts:GetFederationToken')) } })], null, [
        resourceOf(QUEUE, HOME, document(...statements)),
      ]),
      {
        name: 'any',
        actions: ['sqs:SendMessage'],
        resources: [QUEUE],
        context: new Map(),
        rule: { type, principals: [{ text: id, kind, id }] },
        span: { file: 'a.yaml', start: 0, end: 0 },
      },
    )
  const others = { kind: 'account', id: '*' } as const

  it('is not about federated users of its own', () => {
    const named = grant({ AWS: own }, 'sqs:SendMessage')
    const byCondition = grant('*', 'sqs:SendMessage', {
      Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:sts::${HOME}:federated-user/*` } },
    })
    for (const statement of [named, byCondition]) {
      expect(proof('never', others, statement)).toMatchObject({ holds: true, unknown: [] })
      expect(proof('only', others, statement).holds).toBe(false)
    }
  })
  it('is about those of others', () => {
    for (const who of [{ AWS: theirs }, '*']) {
      expect(proof('never', others, grant(who, 'sqs:SendMessage')).holds).toBe(false)
    }
    expect(proof('only', others, grant({ AWS: theirs }, 'sqs:SendMessage')).holds).toBe(true)
  })
  it('and what a federated user may who is named is told once', () => {
    const { violations } = proof(
      'never',
      { kind: 'session', id: own },
      grant({ AWS: own }, 'sqs:SendMessage'),
    )
    expect(violations.map(({ principals }) => principals)).toEqual([[own]])
  })
})

// AWS KMS Developer Guide, "AWS KMS condition keys": kms:CallerAccount
test('who calls anonymously calls from no account', () => {
  const key = `arn:aws:kms:eu-west-1:${HOME}:key/11111111-2222-4333-8444-555555555555`
  const mayDecrypt = (condition: object) =>
    told(whoMay('kms:Decrypt', key, grant('*', 'kms:Decrypt', condition)))
  expect(mayDecrypt(when('StringEquals', 'kms:CallerAccount', OUTSIDE))).toEqual([`account:${OUTSIDE}`])
  expect(mayDecrypt(when('StringLike', 'kms:CallerAccount', '*'))).not.toContain('anonymous')
  expect(mayDecrypt(when('Null', 'kms:CallerAccount', 'true'))).toContain('anonymous')
})

// IAM User Guide, "AWS global condition context keys": aws:TokenIssueTime
test.each<[unknown, string]>([
  [{ Service: 'sns.amazonaws.com' }, 'service:sns.amazonaws.com'],
  ['*', 'anonymous'],
])('only temporary credentials tell when they were issued: %j', (principal, label) => {
  const withKey = (isAbsent: string) => when('Null', 'aws:TokenIssueTime', isAbsent)
  const mayWhen = (isAbsent: string) =>
    told(whoMay('sqs:SendMessage', QUEUE, grant(principal, 'sqs:SendMessage', withKey(isAbsent))))
  expect(mayWhen('true')).toContain(label)
  expect(mayWhen('false')).not.toContain(label)
  const spared = whoMay(
    'sqs:SendMessage',
    QUEUE,
    grant(principal, 'sqs:SendMessage'),
    refuse(principal, 'sqs:SendMessage', withKey('true')),
  )
  expect([told(spared), assumed(spared)].flat()).not.toContain(label)
})

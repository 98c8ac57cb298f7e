import { beforeAll, describe, expect, it } from 'vitest'
import type { EstateQuestion } from '../../src/evaluator/estate/estate-question.ts'
import { createEvaluator, type Evaluator } from '../../src/evaluator/estate/evaluator.ts'
import { jsonOf, type PolicyDocument } from '../../src/model/index.ts'
import {
  accountOf,
  allow,
  controlPolicy,
  DARK,
  deny,
  document,
  estateWith,
  FACTS,
  FULL_ACCESS,
  grant,
  HOME,
  MANAGEMENT,
  nodeOf,
  OTHER,
  OUTSIDE,
  organizationOf,
  placed,
  resourceOf,
} from './estate-world.ts'

const user = (account: string, name: string) => `arn:aws:iam::${account}:user/${name}`
const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`
const session = (account: string, name: string) => `arn:aws:sts::${account}:assumed-role/${name}/s`
const key = (name: string, account = HOME) => `arn:aws:kms:us-east-1:${account}:key/${name}`

const everything = document(allow('*'))
const reader = document(allow('s3:Get*'), allow('kms:*'), allow('sts:*'))

const ACCOUNTS = [
  accountOf(
    HOME,
    {
      admin: { policy: everything },
      reader: { policy: reader },
      nobody: {},
      capped: { policy: everything, boundary: `arn:aws:iam::${HOME}:policy/cap` },
      parent: { policy: document(allow('s3:*'), allow('iam:*'), allow('sts:*')) },
    },
    {
      app: {
        policy: reader,
        tags: { team: 'red' },
        trust: document(
          grant({ AWS: `arn:aws:iam::${HOME}:root` }, 'sts:AssumeRole'),
          grant({ AWS: user(OTHER, 'guest') }, 'sts:AssumeRole'),
          grant({ AWS: OUTSIDE }, 'sts:AssumeRole', {
            Condition: { StringEquals: { 'sts:ExternalId': 'secret-free-id' } },
          }),
          grant({ Federated: `arn:aws:iam::${HOME}:saml-provider/corp` }, 'sts:AssumeRoleWithSAML'),
          grant({ Federated: 'accounts.google.com' }, 'sts:AssumeRoleWithWebIdentity'),
        ),
      },
      tagged: {
        trust: document(
          grant({ AWS: user(HOME, 'nobody') }, 'sts:AssumeRole'),
          grant({ AWS: user(HOME, 'nobody') }, 'sts:TagSession', {
            Condition: { StringEquals: { 'aws:RequestTag/team': 'red' } },
          }),
        ),
      },
      AWSServiceRoleForThings: {
        path: '/aws-service-role/x.amazonaws.com/',
        policy: everything,
        trust: document(grant({ Service: 'x.amazonaws.com' }, 'sts:AssumeRole')),
      },
    },
    { cap: document(allow('s3:*')) },
  ),
  accountOf(
    OTHER,
    { guest: { policy: everything }, idle: {} },
    { worker: { policy: everything, trust: document(grant({ AWS: HOME }, 'sts:AssumeRole')) } },
  ),
  accountOf(MANAGEMENT, { boss: { policy: everything } }),
]

const ORGANIZATION = organizationOf(
  nodeOf('root', 'r-ab12', {
    serviceControlPolicies: [
      FULL_ACCESS,
      controlPolicy('no-leaving', deny('organizations:LeaveOrganization')),
    ],
    resourceControlPolicies: [
      controlPolicy('only-ours', {
        ...deny('s3:*', {
          Principal: '*',
          Condition: {
            StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdefghij' },
            BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
          },
        }),
      }),
      controlPolicy(
        'no-keys-deleted',
        deny('kms:*', { Principal: '*', Condition: { Bool: { 'x:retire': 'true' } } }),
      ),
      controlPolicy('no-glue', deny('glue:*', { Principal: '*' })),
    ],
    children: [
      nodeOf('organizationalUnit', 'ou-ab12-11111111', {
        children: [
          nodeOf('account', HOME, {
            serviceControlPolicies: [
              controlPolicy('some', allow('s3:*'), allow('kms:*'), allow('sts:*'), allow('iam:*')),
            ],
          }),
        ],
      }),
      nodeOf('organizationalUnit', null, { children: [nodeOf('account', OTHER), nodeOf('account', DARK)] }),
      nodeOf('account', MANAGEMENT, { serviceControlPolicies: [] }),
    ],
  }),
)

const PUBLIC = 'arn:aws:s3:::public'
const SHARED = 'arn:aws:s3:::shared'
const PLAIN = 'arn:aws:s3:::plain'
const BOSSES = 'arn:aws:s3:::bosses'
const RESOURCES = [
  resourceOf(PUBLIC, OTHER, document({ ...grant('*', 's3:GetObject'), Resource: `${PUBLIC}/*` })),
  resourceOf(BOSSES, MANAGEMENT, document({ ...grant('*', 's3:GetObject'), Resource: `${BOSSES}/*` })),
  resourceOf(
    SHARED,
    HOME,
    document(
      {
        ...grant({ AWS: [user(OTHER, 'guest'), user(OTHER, 'idle')] }, 's3:GetObject'),
        Resource: `${SHARED}/*`,
      },
      {
        ...grant({ AWS: `arn:aws:sts::${HOME}:federated-user/fred` }, 's3:GetObject'),
        Resource: `${SHARED}/*`,
      },
      { ...grant({ Service: 'logs.amazonaws.com' }, 's3:PutObject'), Resource: `${SHARED}/*` },
      {
        ...grant({ AWS: user(HOME, 'nobody') }, 's3:GetObject'),
        Resource: SHARED,
        Condition: { StringEquals: { 'aws:ResourceTag/stage': 'prod' } },
      },
    ),
    { stage: 'prod' },
  ),
  resourceOf(PLAIN, HOME, null),
  resourceOf(key('by-iam'), HOME, document({ ...grant({ AWS: HOME }, 'kms:*'), Resource: '*' })),
  resourceOf(
    key('by-name'),
    HOME,
    document({ ...grant({ AWS: user(HOME, 'nobody') }, 'kms:*'), Resource: '*' }),
  ),
]

let evaluator: Evaluator
beforeAll(async () => {
  evaluator = await createEvaluator(estateWith(ACCOUNTS, ORGANIZATION, RESOURCES), FACTS)
})

type More = Omit<Partial<EstateQuestion>, 'context'> & { readonly context?: Readonly<Record<string, string>> }
function ask(principal: string, action: string, resource = '*', { context = {}, ...more }: More = {}) {
  const answered = evaluator.evaluate({
    principal,
    action,
    resource,
    account: HOME,
    context: new Map(Object.entries(context).map(([name, value]) => [name, [value]])),
    ...more,
  })
  return answered.answer === null
    ? answered.diagnostics.map(({ code }) => code).join()
    : answered.answer.decision
}
const reasonsOf = (principal: string, action: string, resource: string) => {
  const { answer } = evaluator.evaluate({ principal, action, resource, context: new Map(), account: HOME })
  return answer?.reasons.map(({ layer, policy }) => `${layer} ${policy}`)
}

describe('service control policies (36)', () => {
  it.each([
    ['every level allows', user(HOME, 'admin'), 's3:PutObject', `${PLAIN}/x`, 'allow'],
    ['the account level does not', user(HOME, 'admin'), 'sqs:SendMessage', '*', 'implicit_deny'],
    ['the root level denies', user(OTHER, 'guest'), 'organizations:LeaveOrganization', '*', 'explicit_deny'],
    [
      'they do not bind the management account',
      user(MANAGEMENT, 'boss'),
      'organizations:LeaveOrganization',
      '*',
      'allow',
    ],
    ['they bind root of a member', `arn:aws:iam::${HOME}:root`, 'sqs:SendMessage', '*', 'implicit_deny'],
    [
      'they do not bind service-linked roles',
      role(HOME, 'aws-service-role/x.amazonaws.com/AWSServiceRoleForThings'),
      'sqs:SendMessage',
      '*',
      'allow',
    ],
    ['they bind a session', session(HOME, 'app'), 'sqs:SendMessage', '*', 'implicit_deny'],
  ])('%s', (_, principal, action, resource, expected) => {
    expect(ask(principal, action, resource)).toBe(expected)
  })

  it('names the policy of the level that did not allow', () => {
    expect(reasonsOf(user(HOME, 'admin'), 'sqs:SendMessage', '*')).toEqual(['scp some'])
  })
})

describe('resource control policies (37)', () => {
  it.each([
    ['bind outsiders', user(OUTSIDE, 'x'), 's3:GetObject', `${PUBLIC}/x`, 'explicit_deny'],
    ['bind anonymous callers', '*', 's3:GetObject', `${PUBLIC}/x`, 'explicit_deny'],
    ['let members pass', user(HOME, 'reader'), 's3:GetObject', `${PUBLIC}/x`, 'allow'],
    ['let services pass that they except', 'logs.amazonaws.com', 's3:PutObject', `${SHARED}/x`, 'allow'],
    ['do not bind resources of the management account', '*', 's3:GetObject', `${BOSSES}/x`, 'allow'],
    ['do not bind services without support for them', user(OTHER, 'guest'), 'glue:GetTable', '*', 'allow'],
    ['a level that says nothing allows', user(HOME, 'reader'), 's3:GetObject', `${PLAIN}/x`, 'allow'],
  ])('%s', (_, principal, action, resource, expected) => {
    expect(ask(principal, action, resource)).toBe(expected)
  })

  it('except kms:RetireGrant', () => {
    const context = { 'x:retire': 'true' }
    expect(ask(user(HOME, 'reader'), 'kms:Decrypt', key('by-iam'), { context })).toBe('explicit_deny')
    expect(ask(user(HOME, 'reader'), 'kms:RetireGrant', key('by-iam'), { context })).toBe('allow')
  })
})

describe('declared resources (38-41)', () => {
  it.each([
    ['a bucket speaks for its objects', user(OTHER, 'guest'), 's3:GetObject', `${SHARED}/x/y`, 'allow'],
    [
      'both sides must allow across accounts: not the principal',
      user(OTHER, 'idle'),
      's3:GetObject',
      `${SHARED}/x`,
      'implicit_deny',
    ],
    [
      'both sides must allow across accounts: not the resource',
      user(OTHER, 'guest'),
      's3:PutObject',
      `${SHARED}/x`,
      'implicit_deny',
    ],
    [
      'another bucket with the same beginning',
      'logs.amazonaws.com',
      's3:PutObject',
      `${SHARED}2/x`,
      'evaluate.unknown-resource-policy',
    ],
    ['the owner is the declared one', user(OTHER, 'guest'), 's3:GetObject', `${PLAIN}/x`, 'implicit_deny'],
    ['its tags are keys, of itself', user(HOME, 'nobody'), 's3:GetObject', SHARED, 'allow'],
    ['root of the account needs nothing', `arn:aws:iam::${HOME}:root`, 's3:GetObject', `${PLAIN}/x`, 'allow'],
    [
      'a key that trusts the account: with a policy',
      user(HOME, 'reader'),
      'kms:Decrypt',
      key('by-iam'),
      'allow',
    ],
    [
      'a key that trusts the account: without',
      user(HOME, 'nobody'),
      'kms:Decrypt',
      key('by-iam'),
      'implicit_deny',
    ],
    ['a key that names a user', user(HOME, 'nobody'), 'kms:Decrypt', key('by-name'), 'allow'],
    ['a key that does not', user(HOME, 'reader'), 'kms:Decrypt', key('by-name'), 'implicit_deny'],
    [
      'a key that is not declared',
      user(HOME, 'reader'),
      'kms:Decrypt',
      key('gone'),
      'evaluate.unknown-resource-policy',
    ],
    ['a role of the other account', user(HOME, 'reader'), 'sts:AssumeRole', role(OTHER, 'worker'), 'allow'],
    [
      'a role of an account that is not known',
      user(HOME, 'reader'),
      'sts:AssumeRole',
      role(OUTSIDE, 'x'),
      'evaluate.unknown-resource-policy',
    ],
    [
      'a queue of an account that is not known',
      user(OTHER, 'guest'),
      'sqs:SendMessage',
      `arn:aws:sqs:us-east-1:${OUTSIDE}:q`,
      'evaluate.unknown-resource-policy',
    ],
    [
      'the same, but nothing of its own allows it',
      user(HOME, 'nobody'),
      'sqs:SendMessage',
      `arn:aws:sqs:us-east-1:${OUTSIDE}:q`,
      'implicit_deny',
    ],
    [
      "IAM's entities have no policy of their own",
      user(OTHER, 'guest'),
      'iam:GetUser',
      user(HOME, 'admin'),
      'implicit_deny',
    ],
  ])('%s', (_, principal, action, resource, expected) => {
    expect(ask(principal, action, resource)).toBe(expected)
  })

  it('a policy that is given takes the place of the declared one', () => {
    const given = {
      id: 'given.json',
      document: placed(document({ ...grant('*', 's3:PutObject'), Resource: '*' })),
    }
    expect(ask(user(OTHER, 'guest'), 's3:PutObject', `${SHARED}/x`, { resourcePolicy: given })).toBe('allow')
    expect(ask(user(OTHER, 'guest'), 's3:GetObject', `${SHARED}/x`, { resourcePolicy: given })).toBe(
      'implicit_deny',
    )
  })

  it('an owner that is given counts', () => {
    expect(
      ask(user(HOME, 'reader'), 's3:GetObject', 'arn:aws:s3:::theirs/x', { resourceAccount: OTHER }),
    ).toBe('evaluate.unknown-resource-policy')
    expect(ask(user(HOME, 'reader'), 's3:GetObject', 'arn:aws:s3:::ours/x', { resourceAccount: HOME })).toBe(
      'allow',
    )
  })
})

describe('principals of every kind (11, 42-50)', () => {
  it('session policies limit whoever has them (50, 51b)', () => {
    const narrow = [{ id: 'narrow.json', document: placed(document(allow('s3:GetObject'))) }]
    const asked = (action: string, principal = session(HOME, 'app')) =>
      ask(principal, action, `${PLAIN}/x`, { sessionPolicies: narrow })
    expect(asked('s3:GetObject')).toBe('allow')
    expect(asked('s3:GetBucketPolicy')).toBe('implicit_deny')
    expect(asked('s3:GetObject', user(HOME, 'reader'))).toBe('allow')
    expect(asked('s3:GetBucketPolicy', user(HOME, 'admin'))).toBe('implicit_deny')
    expect(asked('s3:GetBucketPolicy', `arn:aws:iam::${HOME}:root`)).toBe('implicit_deny')
  })

  it('a federated user has what its parent passes on (42)', () => {
    const fred = `arn:aws:sts::${HOME}:federated-user/fred`
    const passing = [{ id: 'passed.json', document: placed(document(allow('s3:GetObject'), allow('iam:*'))) }]
    const parent = 'user/parent'
    expect(ask(fred, 's3:GetObject', `${PLAIN}/x`)).toBe('evaluate.parent')
    expect(ask(fred, 's3:GetObject', `${PLAIN}/x`, { parent: 'role/app' })).toBe('evaluate.parent')
    expect(ask(fred, 's3:GetObject', `${PLAIN}/x`, { parent })).toBe('implicit_deny')
    expect(ask(fred, 's3:GetObject', `${PLAIN}/x`, { parent, sessionPolicies: passing })).toBe('allow')
    expect(
      ask('federated-user/fred', 's3:PutObject', `${PLAIN}/x`, { parent, sessionPolicies: passing }),
    ).toBe('implicit_deny')
    expect(ask(fred, 'iam:ListUsers', '*', { parent, sessionPolicies: passing })).toBe('implicit_deny')
    // Named by the resource: limited by nothing.
    expect(ask(fred, 's3:GetObject', `${SHARED}/x`, { parent })).toBe('allow')
  })

  it('providers are trusted by the trust policy alone (43)', () => {
    const saml = `arn:aws:iam::${HOME}:saml-provider/corp`
    expect(ask(saml, 'sts:AssumeRoleWithSAML', role(HOME, 'app'))).toBe('allow')
    expect(ask(`${saml}2`, 'sts:AssumeRoleWithSAML', role(HOME, 'app'))).toBe('implicit_deny')
    expect(ask(saml, 'sts:AssumeRole', role(HOME, 'app'))).toBe('implicit_deny')
    expect(ask('federated:accounts.google.com', 'sts:AssumeRoleWithWebIdentity', role(HOME, 'app'))).toBe(
      'allow',
    )
    expect(ask('accounts.google.com', 'sts:AssumeRoleWithWebIdentity', role(HOME, 'app'))).toBe('allow')
    expect(ask('www.amazon.com', 'sts:AssumeRoleWithWebIdentity', role(HOME, 'app'))).toBe('implicit_deny')
    expect(ask(user(HOME, 'admin'), 'sts:AssumeRoleWithSAML', role(HOME, 'app'))).toBe('implicit_deny')
  })

  it('session tags and source identities need permissions of their own (44)', () => {
    const tagged = role(HOME, 'tagged')
    const asked = (context: Readonly<Record<string, string>>) =>
      ask(user(HOME, 'nobody'), 'sts:AssumeRole', tagged, { context })
    expect(asked({})).toBe('allow')
    expect(asked({ 'aws:RequestTag/team': 'red' })).toBe('allow')
    expect(asked({ 'aws:RequestTag/team': 'blue' })).toBe('implicit_deny')
    expect(asked({ 'sts:SourceIdentity': 'me' })).toBe('implicit_deny')
    const { answer } = evaluator.evaluate({
      principal: user(HOME, 'nobody'),
      action: 'sts:AssumeRole',
      resource: tagged,
      context: new Map([['sts:SourceIdentity', ['me']]]),
    })
    expect([answer?.request.action, answer?.note?.code]).toEqual([
      'sts:SetSourceIdentity',
      'evaluate.implied-action',
    ])
  })

  it('temporary credentials of a user call no IAM without MFA (45)', () => {
    const temporary = { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' }
    const mfa = { ...temporary, 'aws:MultiFactorAuthPresent': 'true' }
    const asked = (action: string, context: Readonly<Record<string, string>>) =>
      ask(user(HOME, 'parent'), action, '*', { context })
    expect(asked('iam:ListUsers', {})).toBe('allow')
    expect(asked('iam:ListUsers', temporary)).toBe('implicit_deny')
    expect(asked('iam:ListUsers', mfa)).toBe('allow')
    expect(asked('sts:GetCallerIdentity', temporary)).toBe('allow')
    expect(asked('sts:GetFederationToken', mfa)).toBe('implicit_deny')
    expect(asked('s3:ListAllMyBuckets', temporary)).toBe('allow')
  })

  it.each([
    ['a service that the resource names', 'logs.amazonaws.com', 's3:PutObject', `${SHARED}/x`, 'allow'],
    ['a service that it does not', 'sns.amazonaws.com', 's3:PutObject', `${SHARED}/x`, 'implicit_deny'],
    [
      'a service, and a bucket without a policy',
      'logs.amazonaws.com',
      's3:PutObject',
      `${PLAIN}/x`,
      'implicit_deny',
    ],
    ['anonymous, and a bucket that is not public', '*', 's3:GetObject', `${SHARED}/x`, 'explicit_deny'],
    [
      'anonymous, and a bucket that is not declared',
      '*',
      's3:GetObject',
      'arn:aws:s3:::else/x',
      'evaluate.unknown-owner',
    ],
    ['a boundary', user(HOME, 'capped'), 'kms:ListKeys', '*', 'implicit_deny'],
  ])('%s', (_, principal, action, resource, expected) => {
    expect(ask(principal, action, resource)).toBe(expected)
  })

  it('outsiders are decided as far as they can be', () => {
    const outsider = user(OUTSIDE, 'vendor')
    const assume = (context: Readonly<Record<string, string>>) =>
      evaluator.evaluate({
        principal: outsider,
        action: 'sts:AssumeRole',
        resource: role(HOME, 'app'),
        context: new Map(Object.entries(context).map(([name, value]) => [name, [value]])),
      }).answer
    expect(assume({})?.decision).toBe('implicit_deny')
    const allowed = assume({ 'sts:ExternalId': 'secret-free-id' })
    expect([allowed?.decision, allowed?.note?.code]).toEqual(['allow', 'evaluate.outside-account'])
    expect(allowed?.reasons.map(({ layer }) => layer)).toEqual(['rcp', 'rcp', 'rcp', 'resource'])
    expect(ask(outsider, 's3:GetObject', '*')).toBe('evaluate.foreign-principal')
    // A member whose manifests are not there is still bound by the organization.
    expect(ask(user(DARK, 'x'), 's3:GetObject', `${PUBLIC}/x`)).toBe('allow')
    expect(ask(user(DARK, 'x'), 'organizations:LeaveOrganization')).toBe('explicit_deny')
  })
})

describe('context keys of the organization', () => {
  it.each([
    ['aws:PrincipalOrgID', 'o-abcdefghij', 'allow'],
    ['aws:PrincipalOrgPaths', 'o-abcdefghij/r-ab12/ou-ab12-11111111/', 'allow'],
    ['aws:ResourceOrgID', 'o-abcdefghij', 'allow'],
    ['aws:ResourceOrgPaths', 'o-abcdefghij/r-ab12/ou-ab12-11111111/', 'allow'],
    ['aws:ResourceAccount', HOME, 'allow'],
    ['aws:PrincipalTag/team', 'red', 'allow'],
    ['aws:TokenIssueTime', '2026-01-01T00:00:00.000Z', 'allow'],
    ['aws:PrincipalOrgID', 'o-other00000', 'implicit_deny'],
  ])('%s is %s: %s', async (name, value, expected) => {
    const condition = { Condition: { 'ForAnyValue:StringEquals': { [name]: value } } }
    const asking = accountOf(
      HOME,
      {},
      {
        app: {
          policy: document(allow('s3:*', condition)),
          tags: { team: 'red' },
          trust: document(grant('*', 'sts:AssumeRole')),
        },
      },
    )
    const own = await createEvaluator(estateWith([asking], ORGANIZATION, RESOURCES), FACTS)
    const answered = own.evaluate({
      principal: 'role/app/session',
      action: 's3:GetObject',
      resource: `${PLAIN}/x`,
      context: new Map(),
    })
    expect(answered).toMatchObject({ answer: { decision: expected } })
  })

  it('a path with an unnamed unit is not known', async () => {
    const condition = { Condition: { Null: { 'aws:PrincipalOrgPaths': 'true' } } }
    const asking = accountOf(OTHER, { u: { policy: document(allow('s3:*', condition)) } })
    const own = await createEvaluator(estateWith([asking], ORGANIZATION), FACTS)
    const { answer } = own.evaluate({
      principal: 'user/u',
      action: 's3:ListAllMyBuckets',
      resource: '*',
      context: new Map(),
    })
    expect(answer?.decision).toBe('allow')
  })
})

it('explains every layer, with the documents that the statements stand in', () => {
  const { answer } = evaluator.explain({
    principal: user(OTHER, 'guest'),
    action: 's3:GetObject',
    resource: `${SHARED}/x`,
    context: new Map(),
  })
  const layers = answer?.explained.explanation.layers ?? []
  expect(layers.map(({ layer, level, verdict }) => `${layer} ${level} ${verdict}`)).toEqual([
    'identity null allow',
    'scp 0 allow',
    'scp 1 allow',
    'scp 2 allow',
    'rcp 0 allow',
    'rcp 1 allow',
    'rcp 2 allow',
    'resource null allow',
  ])
  const held = RESOURCES[2]?.[1].policy
  expect(held).toBeTruthy()
  expect(answer?.explained.documentOf('resource', SHARED)?.json).toBe(held ? jsonOf(held) : null)
  expect(answer?.explained.documentOf('scp', 'FullAWSAccess')?.json).toBe(FULL_ACCESS.document.json)
})

describe('who can', () => {
  const whoCan = (action: string, resource: string, context: Readonly<Record<string, string>> = {}) =>
    evaluator.whoCan({
      action,
      resource,
      context: new Map(Object.entries(context).map(([name, value]) => [name, [value]])),
    })
  const listed = (...args: Parameters<typeof whoCan>) =>
    whoCan(...args).grants.map(({ principal, decision }) => `${decision} ${principal}`)

  it('lists everybody whom evaluate allows, and nobody else', () => {
    for (const [action, resource] of [
      ['s3:GetObject', `${PLAIN}/x`],
      ['s3:GetObject', `${SHARED}/x`],
      ['kms:Decrypt', key('by-iam')],
      ['kms:Decrypt', key('by-name')],
      ['iam:ListUsers', '*'],
    ] as const) {
      const principals = ACCOUNTS.flatMap(({ account, entities: { user: users, role: roles } }) => [
        `arn:aws:iam::${account.id}:root`,
        ...[...users.values(), ...roles.values()].map(({ arn }) => arn),
      ])
      const allowed = principals.filter((principal) => ask(principal, action, resource) === 'allow')
      const lines = listed(action, resource)
      const always = lines.filter((line) => line.startsWith('allow arn:aws:iam'))
      const somehow = lines.map((line) => line.replace(/^\w+ /, ''))
      expect(allowed.filter((principal) => !somehow.includes(principal))).toEqual([])
      expect(always.filter((line) => !allowed.includes(line.replace('allow ', '')))).toEqual([])
      expect(lines.length).toBeGreaterThan(0)
    }
  })

  it('names services, providers and accounts that a trust policy names', () => {
    expect(listed('sts:AssumeRole', role(HOME, 'app'))).toEqual([
      `unknown account:${OUTSIDE}`,
      `allow ${role(HOME, 'app')}`,
      `allow ${role(HOME, 'aws-service-role/x.amazonaws.com/AWSServiceRoleForThings')}`,
      `allow ${user(HOME, 'admin')}`,
      `allow ${user(HOME, 'parent')}`,
      `allow ${user(HOME, 'reader')}`,
      `allow ${user(OTHER, 'guest')}`,
    ])
    expect(listed('sts:AssumeRoleWithSAML', role(HOME, 'app'))).toEqual([
      `allow arn:aws:iam::${HOME}:saml-provider/corp`,
    ])
    expect(listed('sts:AssumeRoleWithWebIdentity', role(HOME, 'app'))).toEqual([
      'allow federated:accounts.google.com',
    ])
  })

  const conditional = async (policy: PolicyDocument) => {
    const own = await createEvaluator(
      estateWith([accountOf(OTHER, { u: { policy, tags: { team: 'red' } } })]),
      FACTS,
    )
    const { grants } = own.whoCan({ action: 's3:GetObject', resource: `${PLAIN}/x`, context: new Map() })
    return grants.find(({ principal }) => principal === user(OTHER, 'u'))
  }
  const only = (operator: string, name: string, value: string) => ({
    Condition: { [operator]: { [name]: value } },
  })

  it.each([
    [
      'MFA',
      document(allow('s3:*', only('Bool', 'aws:MultiFactorAuthPresent', 'true'))),
      { 'aws:MultiFactorAuthPresent': 'true' },
    ],
    [
      'an address',
      document(allow('s3:*', only('IpAddress', 'aws:SourceIp', '10.0.0.0/8'))),
      { 'aws:SourceIp': '10.0.0.0' },
    ],
    [
      'a pattern',
      document(allow('s3:*', only('StringLike', 'aws:UserAgent', 'cli/*'))),
      { 'aws:UserAgent': 'cli/x' },
    ],
    [
      'a number',
      document(allow('s3:*', only('NumericLessThan', 's3:max-keys', '10'))),
      { 's3:max-keys': '9' },
    ],
    [
      'a variable',
      document(allow('s3:*', only('StringEquals', 'x:y', `$\{aws:username}-$\{aws:PrincipalTag/team}`))),
      { 'x:y': 'u-red' },
    ],
    [
      'a deny',
      document(allow('s3:*'), deny('s3:*', only('StringNotEquals', 'aws:RequestedRegion', 'eu-west-1'))),
      { 'aws:RequestedRegion': 'eu-west-1' },
    ],
  ])('finds a context for %s', async (_, policy, example) => {
    expect(await conditional(policy)).toMatchObject({ decision: 'conditional', conditions: { example } })
  })

  it('sees through conditions that settle nothing, or everything', async () => {
    expect(
      await conditional(document(allow('s3:*', only('StringEquals', 'aws:PrincipalTag/team', 'red')))),
    ).toMatchObject({
      decision: 'allow',
    })
    expect(
      await conditional(document(allow('s3:*', only('StringEquals', 'aws:PrincipalTag/team', 'blue')))),
    ).toBeUndefined()
    expect(
      await conditional(
        document(allow('s3:*', only('Bool', 'x:y', 'true')), deny('s3:*', only('Bool', 'x:y', 'true'))),
      ),
    ).toBeUndefined()
  })

  it('a given key settles what depends on it', () => {
    // Control policies don't bind service-linked roles.
    expect(listed('kms:Decrypt', key('by-iam'), { 'x:retire': 'true' })).toEqual([
      `allow ${role(HOME, 'aws-service-role/x.amazonaws.com/AWSServiceRoleForThings')}`,
    ])
    expect(whoCan('kms:Decrypt', key('by-iam')).grants).toContainEqual(
      expect.objectContaining({ principal: user(HOME, 'reader'), decision: 'conditional' }),
    )
  })

  it('an unknown key policy makes grants unknown', () => {
    expect(new Set(whoCan('kms:Decrypt', key('gone')).grants.map(({ decision }) => decision))).toEqual(
      new Set(['unknown']),
    )
  })
})

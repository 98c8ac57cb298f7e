// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
// `who-can` of a single request, and of the pattern that is that request: whom both must know.
import { beforeAll, describe, expect, it, test } from 'vitest'
import { loadCarriedKeys } from '../../src/catalog/carried-keys.ts'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import type { Estate, PolicyDocument, PolicyStatement } from '../../src/model/index.ts'
import {
  accountOf,
  allow,
  controlPolicy,
  deny,
  document,
  estateWith,
  grant,
  HOME,
  nodeOf,
  OUTSIDE,
  organizationOf,
  resourceOf,
} from '../evaluator/estate-world.ts'
import { analysisForTests, NOW, roleArn, userArn } from './diff/estate-diffs.ts'

const BUCKET = 'arn:aws:s3:::data'
const ROLE = roleArn('app')
/** Of the declared organization. */
const OURS = 'o-abcdefghij'

const analysis = analysisForTests()
let mayCarry: Awaited<ReturnType<typeof loadCarriedKeys>>
beforeAll(async () => {
  mayCarry = await loadCarriedKeys()
})

/** Long-term credentials say nothing of MFA. */
const ofNoSession = [
  allow('s3:GetObject', {
    Condition: {
      Null: { 'aws:TokenIssueTime': 'true' },
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    },
  }),
]

const nobody = document(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole'))
const withTrust = (trust: PolicyDocument): Estate => estateWith([accountOf(HOME, {}, { app: { trust } })])
const withBucket = (...statements: readonly ReturnType<typeof grant>[]): Estate =>
  estateWith([accountOf(HOME, {}, { app: { trust: nobody } })], null, [
    resourceOf(BUCKET, HOME, document(...statements.map((each) => ({ ...each, Resource: '*' })))),
  ])
const tagging = (condition: object) =>
  withTrust(document(grant({ AWS: ROLE }, 'sts:TagSession', { Condition: condition })))

async function single(estate: Estate, action: string, resource: string): Promise<readonly string[]> {
  const evaluator = await createEvaluator(estate, {
    documentOf: () => null,
    now: NOW,
    openCarriedKeys: async () => mayCarry,
  })
  const { grants } = evaluator.whoCan({ action, resource, context: new Map() })
  return grants.map(({ principal, decision }) => `${principal} ${decision}`)
}
const pattern = (estate: Estate, action: string, resource: string): readonly string[] =>
  analysis()
    .analyzer.whoMay(estate, { actions: [action], resources: [resource], context: new Map() })
    .violations.flatMap(({ principals }) => principals)

describe('who-can lists', () => {
  const reading = (principal: unknown, condition: object = {}) =>
    grant(principal, 's3:GetObject', { Condition: condition })
  test.each<[string, string, readonly ReturnType<typeof grant>[]]>([
    [
      'a service that a condition names',
      'lambda.amazonaws.com',
      [reading('*', { StringEqualsIgnoreCase: { 'aws:PrincipalServiceName': 'lambda.amazonaws.com' } })],
    ],
    [
      'a service that a condition on all its names names',
      'lambda.amazonaws.com',
      [
        reading(
          { AWS: '*' },
          { 'ForAnyValue:StringEquals': { 'aws:PrincipalServiceNamesList': ['lambda.amazonaws.com'] } },
        ),
      ],
    ],
    [
      'a service that a condition names beside another that the statement leaves out',
      'logging.s3.amazonaws.com',
      [
        {
          ...reading('*', { StringEquals: { 'aws:PrincipalServiceName': 'logging.s3.amazonaws.com' } }),
          Principal: undefined,
          NotPrincipal: { Service: 'lambda.amazonaws.com' },
        } as unknown as ReturnType<typeof grant>,
      ],
    ],
    [
      'a federated user of an account whose other principals a condition leaves out',
      `account:${OUTSIDE}`,
      [reading({ AWS: OUTSIDE }, { StringNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${OUTSIDE}:*` } })],
    ],
    [
      'an account that a deny spares',
      `account:${OUTSIDE}`,
      [
        reading('*'),
        {
          Sid: 'No',
          Effect: 'Deny',
          NotPrincipal: { AWS: [OUTSIDE, `arn:aws:iam::${OUTSIDE}:user/any`] },
          Action: '*',
        } as unknown as ReturnType<typeof grant>,
      ],
    ],
    [
      'users of an account that a pattern with nothing but the account names',
      `account:${OUTSIDE}`,
      [reading('*', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OUTSIDE}:*` } })],
    ],
    [
      'an account that a deny of all but those whom such a pattern names spares',
      `account:${OUTSIDE}`,
      [
        reading('*'),
        deny('s3:GetObject', {
          Principal: '*',
          Condition: { StringNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${OUTSIDE}:*` } },
        }),
      ],
    ],
    [
      'a session of a role that is there',
      `arn:aws:sts::${HOME}:assumed-role/app/s1`,
      [reading({ AWS: `arn:aws:sts::${HOME}:assumed-role/app/s1` })],
    ],
  ])('%s', async (_, who, statements) => {
    const names = (await single(withBucket(...statements), 's3:GetObject', `${BUCKET}/x`)).map(
      (each) => each.split(' ')[0],
    )
    expect(names).toContain(who)
  })

  it('whom a control policy spares', async () => {
    const sparing = deny('s3:GetObject', {
      Principal: '*',
      Condition: { StringNotEquals: { 'aws:PrincipalAccount': OUTSIDE } },
    })
    const root = nodeOf('root', 'r-ab12', {
      resourceControlPolicies: [controlPolicy('all', sparing)],
      children: [nodeOf('account', HOME)],
    })
    const estate = { ...withBucket(reading('*')), organization: organizationOf(root) }
    const names = await single(estate, 's3:GetObject', `${BUCKET}/x`)
    expect(names.some((each) => each.startsWith(`account:${OUTSIDE} `))).toBe(true)
  })

  it('a user whose temporary credentials call IAM: with MFA only', async () => {
    const may = async (...statements: readonly PolicyStatement[]) => {
      const estate = estateWith([accountOf(HOME, { al: { policy: document(...statements) } })])
      const [action, asked] = ['iam:CreateAccessKey', userArn('al')]
      const both = [await single(estate, action, asked), pattern(estate, action, asked)]
      return both.map((lines) => lines.some((line) => line.split(' ')[0] === asked))
    }
    const issued = allow('iam:*', { Condition: { Null: { 'aws:TokenIssueTime': 'false' } } })
    expect(await may(issued)).toEqual([true, true])
    const withMfa = deny('iam:*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })
    expect(await may(issued, withMfa)).toEqual([false, false])
  })

  it('nobody for sure who would be of two organizations', async () => {
    const [ours, theirs] = ['o-a1b2c3d4e5', 'o-zzzzzzzzz9']
    const may = async (id: string) => {
      const unless = deny('*', { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': id } } })
      const estate = estateWith(
        [accountOf(HOME, {}, { app: { trust: nobody, policy: document(unless) } })],
        null,
        [
          resourceOf(
            BUCKET,
            HOME,
            document({
              ...reading('*', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${theirs}/*` } }),
              Resource: '*',
            }),
          ),
        ],
      )
      const asked = `${BUCKET}/x`
      const both = [await single(estate, 's3:GetObject', asked), pattern(estate, 's3:GetObject', asked)]
      // Lists have more values than are tried: what isn't found isn't known.
      return both.map((lines) => lines.some((line) => /^(\S+)(?: conditional)?$/.exec(line)?.[1] === ROLE))
    }
    expect(await may(ours)).toEqual([false, false])
    expect(await may(theirs)).toEqual([true, true])
  })

  it('no session of a role that is gone', async () => {
    const gone = reading({ AWS: `arn:aws:sts::${HOME}:assumed-role/gone/s1` })
    expect(await single(withBucket(gone), 's3:GetObject', `${BUCKET}/x`)).toEqual([
      `arn:aws:iam::${HOME}:root allow`,
    ])
  })
})

describe('both forms of one question go by the keys that requests have', () => {
  const when = (condition: object) => ({ Condition: condition })
  test.each<[string, Estate, string, string]>([
    [
      'a key of another service',
      withBucket(grant('*', 's3:GetObject', when({ StringEquals: { 'iam:PassedToService': 'x' } }))),
      's3:GetObject',
      `${BUCKET}/x`,
    ],
    [
      'a key of requests for credentials',
      withBucket(grant('*', 's3:GetObject', when({ StringEquals: { 'sts:ExternalId': 'abc' } }))),
      's3:GetObject',
      `${BUCKET}/x`,
    ],
    [
      'a key of a sign-in, of whoever has not signed in',
      withTrust(
        document(
          grant(
            { AWS: ROLE },
            'sts:AssumeRole',
            when({ StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } }),
          ),
        ),
      ),
      'sts:AssumeRole',
      ROLE,
    ],
    [
      "KMS's name for the caller's account",
      estateWith([accountOf(HOME, {}, { app: { trust: nobody, policy: document(allow('s3:*')) } })], null, [
        resourceOf(
          `arn:aws:kms:eu-west-1:${HOME}:key/k`,
          HOME,
          document({
            ...grant({ AWS: ROLE }, 'kms:Decrypt', when({ StringEquals: { 'kms:CallerAccount': OUTSIDE } })),
            Resource: '*',
          }),
        ),
      ]),
      'kms:Decrypt',
      `arn:aws:kms:eu-west-1:${HOME}:key/k`,
    ],
    [
      'a network by a text that no id is like',
      withBucket(
        grant({ AWS: ROLE }, 's3:GetObject', when({ StringEqualsIgnoreCase: { 'aws:SourceVpc': 'vpc-*' } })),
      ),
      's3:GetObject',
      `${BUCKET}/x`,
    ],
    [
      'an organization by a text that no id is like',
      withBucket(
        grant({ AWS: ROLE }, 's3:GetObject', when({ StringEquals: { 'aws:PrincipalOrgID': '123' } })),
      ),
      's3:GetObject',
      `${BUCKET}/x`,
    ],
    [
      'an organization by a pattern that is compared as a text',
      withBucket(
        grant({ AWS: ROLE }, 's3:GetObject', when({ StringEquals: { 'aws:PrincipalOrgID': 'o-*' } })),
      ),
      's3:GetObject',
      `${BUCKET}/x`,
    ],
    [
      'the organization, whatever the case, of an account that is in none',
      {
        ...withBucket(
          grant(
            { AWS: ROLE },
            's3:GetObject',
            when({ StringEqualsIgnoreCase: { 'aws:PrincipalOrgID': OURS } }),
          ),
        ),
        organization: organizationOf(nodeOf('root', 'r-ab12', { children: [nodeOf('account', OUTSIDE)] })),
      },
      's3:GetObject',
      `${BUCKET}/x`,
    ],
    [
      'a tag that is handed on and not passed',
      tagging({
        Null: { 'aws:TagKeys': 'true' },
        'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' },
      }),
      'sts:TagSession',
      ROLE,
    ],
    [
      'a tag that is named and not passed',
      tagging({
        Null: { 'aws:RequestTag/team': 'true' },
        // To `Null` what is passed empty is missing.
        StringNotEquals: { 'aws:RequestTag/team': '' },
        'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' },
      }),
      'sts:TagSession',
      ROLE,
    ],
    [
      'what only a session says, of a user without one',
      estateWith([accountOf(HOME, { app: { policy: document(...ofNoSession) } })]),
      's3:GetObject',
      `${BUCKET}/x`,
    ],
  ])('%s lets in nobody', async (_, estate, action, resource) => {
    const isOwn = (each: string) => / |:(?:role|user)\/app/.test(each) && !/:root/.test(each)
    expect((await single(estate, action, resource)).filter(isOwn)).toEqual([])
    expect(pattern(estate, action, resource).filter(isOwn)).toEqual([])
  })

  test.each<[string, string, string]>([
    ['a key that nobody knows', 'arn:aws:s3:::${no:such}/*', 'arn:aws:s3:::free/x'],
    ['a part of a name', 'arn:aws:s3:::free/${no:such}-?/*', 'arn:aws:s3:::free/x-1/y'],
    ['one of two', 'arn:aws:s3:::${no:such}/${aws:PrincipalAccount}', `arn:aws:s3:::free/${HOME}`],
  ])('a variable of the resource may be what makes a statement about it: %s', async (_, own, asked) => {
    const user = (...statements: readonly PolicyStatement[]) =>
      estateWith([accountOf(HOME, { al: { policy: document(...statements) } })])
    const al = userArn('al')
    const granting = user(allow('s3:GetObject', { Resource: own }))
    expect(await single(granting, 's3:GetObject', asked)).toContain(`${al} conditional`)
    expect(pattern(granting, 's3:GetObject', asked)).toContain(al)
    const denying = user(allow('s3:GetObject'), deny('s3:GetObject', { Resource: own }))
    expect(await single(denying, 's3:GetObject', asked)).toContain(`${al} conditional`)
    const others = user(allow('s3:GetObject', { Resource: undefined, NotResource: own }))
    expect(await single(others, 's3:GetObject', asked)).toContain(`${al} conditional`)
    const elsewhere = user(allow('s3:GetObject', { Resource: `${own}/no` }))
    expect((await single(elsewhere, 's3:GetObject', asked)).map((each) => each.split(' ')[0])).not.toContain(
      al,
    )
  })

  it('a tag that is passed beside another that must be is found', async () => {
    const estate = withTrust(
      document(
        grant(
          { AWS: ROLE },
          'sts:TagSession',
          when({
            StringEquals: { 'aws:RequestTag/team': 'payments' },
            'ForAnyValue:StringEquals': { 'aws:TagKeys': 'env' },
          }),
        ),
      ),
    )
    expect(await single(estate, 'sts:TagSession', ROLE)).toContain(`${ROLE} conditional`)
    expect(pattern(estate, 'sts:TagSession', ROLE)).toContain(ROLE)
  })

  it('a key of a sign-in is open for sessions of a role that lets in a provider', async () => {
    const provider = `arn:aws:iam::${HOME}:saml-provider/corp`
    const estate = estateWith(
      [
        accountOf(
          HOME,
          {},
          { app: { trust: document(grant({ Federated: provider }, 'sts:AssumeRoleWithSAML')) } },
        ),
      ],
      null,
      [
        resourceOf(
          BUCKET,
          HOME,
          document({
            ...grant({ AWS: ROLE }, 's3:GetObject', when({ StringEquals: { 'saml:aud': 'x' } })),
            Resource: '*',
          }),
        ),
      ],
    )
    expect(await single(estate, 's3:GetObject', `${BUCKET}/x`)).toContain(`${ROLE} conditional`)
    expect(pattern(estate, 's3:GetObject', `${BUCKET}/x`)).toContain(ROLE)
  })
})

// IAM User Guide, "AWS global condition context keys": aws:TokenIssueTime
test('neither a service nor an anonymous caller tells when credentials were issued', async () => {
  const issued = { Condition: { Null: { 'aws:TokenIssueTime': 'false' } } }
  const estate = withBucket(
    grant({ Service: 'sns.amazonaws.com' }, 's3:ListBucket', issued),
    grant('*', 's3:ListBucket', issued),
  )
  const found = [
    await single(estate, 's3:ListBucket', BUCKET),
    pattern(estate, 's3:ListBucket', BUCKET),
  ].flat()
  expect(found.filter((each) => /^(?:anonymous|\*|service:|sns)/.test(each))).toEqual([])
})

// IAM User Guide, "Compare AWS STS credentials"
test('whoever signs in to the console tells of MFA, and calls IAM with it or without', async () => {
  const user = `arn:aws:iam::${HOME}:user/new`
  for (const mfa of ['true', 'false']) {
    const Condition = {
      Bool: { 'aws:MultiFactorAuthPresent': mfa },
      Null: { 'aws:TokenIssueTime': 'true' },
    }
    const estate = estateWith([
      accountOf(HOME, { al: { policy: document(allow('iam:CreateUser', { Condition })) } }),
    ])
    const al = `arn:aws:iam::${HOME}:user/al`
    expect(await single(estate, 'iam:CreateUser', user)).toContain(`${al} conditional`)
    expect(pattern(estate, 'iam:CreateUser', user)).toContain(al)
  }
})

describe('what services say of themselves is not documented, and both forms say so', () => {
  const below = (key: string) => ({ Condition: { NumericLessThan: { [key]: '600000000000' } } })
  const ofServices = (found: readonly string[]) => found.filter((each) => /^(?:service:|sns)/.test(each))
  const both = async (...statements: readonly PolicyStatement[]) => {
    const estate = withBucket(...statements)
    const arn = `${BUCKET}/x`
    return [await single(estate, 's3:GetObject', arn), pattern(estate, 's3:GetObject', arn)].map(ofServices)
  }

  test('beside any account it is no news', async () => {
    expect(await both(grant('*', 's3:GetObject', below('aws:PrincipalAccount')))).toEqual([[], []])
  })

  test('of a service that is named alone nothing is known', async () => {
    const sns = { Service: 'sns.amazonaws.com' }
    const [ofOne, ofPattern] = await both(grant(sns, 's3:GetObject', below('aws:PrincipalAccount')))
    expect(ofOne).toEqual(['sns.amazonaws.com unknown'])
    expect(ofPattern).toEqual([])
    const named = { Condition: { StringEquals: { 'aws:SourceAccount': HOME } } }
    expect((await both(grant(sns, 's3:GetObject', named)))[0]).toEqual(['sns.amazonaws.com conditional'])
  })
})

describe('both forms list whom a condition on how a request is sent lets in', () => {
  const al = userArn('al')
  const owned = (...statements: readonly PolicyStatement[]) =>
    estateWith([accountOf(HOME, { al: { policy: document(...statements) } })])
  const ask = (estate: Estate) => single(estate, 's3:GetObject', `${BUCKET}/x`)
  const askPattern = (estate: Estate) => pattern(estate, 's3:GetObject', `${BUCKET}/x`)

  test.each([
    { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } },
    { StringEquals: { 'aws:CalledViaFirst': 'athena.amazonaws.com' } },
    { StringLike: { 'aws:CalledViaLast': '*.amazonaws.com' } },
    { Bool: { 'aws:ViaAWSService': 'true' } },
    { Bool: { 'aws:viaawsservice': 'false' } },
    { DateGreaterThan: { 'aws:CurrentTime': '2090-01-01T00:00:00Z' } },
    { DateGreaterThan: { 'aws:EpochTime': '2090-01-01T00:00:00Z' } },
    { NumericGreaterThan: { 'aws:EpochTime': '3786912000' } },
    {
      DateGreaterThan: { 'aws:CurrentTime': '2090-01-01T00:00:00Z' },
      NumericLessThan: { 'aws:EpochTime': '3786912002' },
    },
  ])('%j', async (condition) => {
    const own = owned(allow('s3:GetObject', { Condition: condition }))
    expect(await ask(own)).toContain(`${al} conditional`)
    expect(askPattern(own)).toContain(al)
    const outside = withBucket(grant({ AWS: OUTSIDE }, 's3:GetObject', { Condition: condition }))
    expect((await ask(outside)).map((each) => each.split(' ')[0])).toContain(`account:${OUTSIDE}`)
    expect(askPattern(outside)).toContain(`account:${OUTSIDE}`)
    const denied = owned(allow('s3:GetObject'), deny('s3:GetObject', { Condition: condition }))
    expect(await ask(denied)).toContain(`${al} conditional`)
  })

  test('whom a condition on an empty text lets in is listed by both', async () => {
    const own = owned(allow('s3:ListBucket', { Condition: { StringEquals: { 's3:prefix': '' } } }))
    expect(await single(own, 's3:ListBucket', BUCKET)).toContain(`${al} conditional`)
    expect(pattern(own, 's3:ListBucket', BUCKET)).toContain(al)
  })

  test.each([
    ['a time that has passed', { DateLessThan: { 'aws:CurrentTime': '2001-01-01T00:00:00Z' } }],
    [
      'two keys that tell of two moments',
      {
        DateGreaterThan: { 'aws:CurrentTime': '2090-01-01T00:00:00Z' },
        NumericLessThan: { 'aws:EpochTime': '3786912000' },
      },
    ],
  ])('nobody is listed by %s', async (_, condition) => {
    expect((await ask(owned(allow('s3:GetObject', { Condition: condition })))).join()).not.toContain(al)
  })

  test.each([
    [
      'services by which it comes though it comes by none',
      {
        'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' },
        Bool: { 'aws:ViaAWSService': 'false' },
      },
    ],
    [
      'the last of services where there is none',
      { Null: { 'aws:CalledViaLast': 'false' }, StringEquals: { 'aws:ViaAWSService': 'false' } },
    ],
  ])('neither form lists anybody by %s', async (_, condition) => {
    const own = owned(allow('s3:GetObject', { Condition: condition }))
    expect((await ask(own)).join()).not.toContain(al)
    expect(askPattern(own).join()).not.toContain(al)
  })

  test('what is given to come by services is sent by one, and the other way round', async () => {
    const condition = (isVia: string) => ({ Condition: { Bool: { 'aws:ViaAWSService': isVia } } })
    const by = { Condition: { Null: { 'aws:CalledVia': 'false' } } }
    const given = (key: string, value: string) => new Map([[key, [value]]])
    const via = given('aws:CalledVia', 'athena.amazonaws.com')
    const listed = async (estate: Estate, context: typeof via) => {
      const asked = { action: 's3:GetObject', resource: `${BUCKET}/x`, context }
      const evaluator = await createEvaluator(estate, { documentOf: () => null, now: NOW })
      const { violations, unknown } = analysis().analyzer.whoMay(estate, {
        actions: [asked.action],
        resources: [asked.resource],
        context,
      })
      return [
        evaluator.whoCan(asked).grants.some(({ principal }) => principal === al),
        [...violations, ...unknown].some(({ principals }) => principals.includes(al)),
        evaluator.evaluate({ ...asked, principal: al }).answer?.decision === 'allow',
      ]
    }
    expect(await listed(owned(allow('s3:GetObject', condition('true'))), via)).toEqual([true, true, true])
    expect(await listed(owned(allow('s3:GetObject', condition('false'))), via)).toEqual([false, false, false])
    const notVia = given('aws:ViaAWSService', 'false')
    expect(await listed(owned(allow('s3:GetObject', by)), notVia)).toEqual([false, false, false])
  })

  it('whatever is true of every request needs no context, and names its statement', async () => {
    const both = ['true', 'false'].map((value) =>
      allow('s3:GetObject', { Sid: `Is${value}`, Condition: { Bool: { 'aws:ViaAWSService': value } } }),
    )
    const evaluator = await createEvaluator(owned(...both), { documentOf: () => null, now: NOW })
    const { grants } = evaluator.whoCan({
      action: 's3:GetObject',
      resource: `${BUCKET}/x`,
      context: new Map(),
    })
    const found = grants.find(({ principal }) => principal === al)
    expect([found?.decision, found?.via.length]).toEqual(['allow', 1])
  })

  it('a time that the question gives is the time of the request', async () => {
    const later = { Condition: { DateGreaterThan: { 'aws:CurrentTime': '2090-01-01T00:00:00Z' } } }
    const evaluator = await createEvaluator(owned(allow('s3:GetObject', later)), {
      documentOf: () => null,
      now: NOW,
    })
    const at = (time: string) =>
      evaluator
        .whoCan({
          action: 's3:GetObject',
          resource: `${BUCKET}/x`,
          context: new Map([['aws:CurrentTime', [time]]]),
        })
        .grants.flatMap(({ principal, decision }) => (principal === al ? [decision] : []))
    expect([at('2089-01-01T00:00:00Z'), at('2091-01-01T00:00:00Z')]).toEqual([[], ['allow']])
  })
})

describe('both forms list any account where a condition tells some of them apart without a name', () => {
  test.each([
    { StringLike: { 'aws:PrincipalAccount': '4444????6666' } },
    {
      StringLike: { 'aws:PrincipalAccount': '4444*' },
      StringNotLike: { 'aws:PrincipalAccount': ['444*4', '44445*', '4444?1*', '*2'] },
    },
    { NumericLessThan: { 'aws:PrincipalAccount': '444455556667' } },
    {
      NumericGreaterThan: { 'aws:PrincipalAccount': '444455556665' },
      NumericLessThan: { 'aws:PrincipalAccount': '444455556667' },
    },
    { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::4444????6666:role/*' } },
    { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::4444*:user/eng/*' } },
    { StringLike: { 'aws:PrincipalArn': '*:4?4455556666:*' } },
    { StringLike: { 'aws:PrincipalArn': '*6:user/eng/*' } },
  ])('%j', async (condition) => {
    const estate = withBucket(grant('*', 's3:GetObject', { Condition: condition }))
    const listed = await single(estate, 's3:GetObject', `${BUCKET}/x`)
    expect(listed.filter((each) => each.startsWith('account:*'))).toHaveLength(1)
    expect(pattern(estate, 's3:GetObject', `${BUCKET}/x`)).toContain('account:*')
  })

  it('an account that no text of twelve digits is like is nobody', async () => {
    const estate = withBucket(
      grant('*', 's3:GetObject', { Condition: { StringLike: { 'aws:PrincipalAccount': '4444?' } } }),
    )
    expect((await single(estate, 's3:GetObject', `${BUCKET}/x`)).join()).not.toContain('account:')
    expect(pattern(estate, 's3:GetObject', `${BUCKET}/x`)).not.toContain('account:*')
  })
})

// What is listed for good reason, and was taken for wrong: the request that shows it is a rare one.
import { beforeAll, expect, it } from 'vitest'
import { Random } from '../evaluator/random-cases.ts'
import { checkPair } from './check-pair.ts'
import type { EstatePair, EstateSpec, Statements } from './estate-spec.ts'
import { kindOf } from './faults.ts'
import { Gates, isCrash } from './gates.ts'
import { type HuntTools, huntTools } from './hunt.ts'
import { drawQuestions } from './questions.ts'
import { requestersOf } from './requesters.ts'
import {
  CANONICAL,
  HOME,
  iam,
  MEMBER,
  ORGANIZATION,
  OTHER,
  OTHER_ORGANIZATION,
  PARTNER,
  providersOf,
  ROOT_ID,
  resourcesOf,
  UNIQUE_ROLE,
  UNIQUE_USER,
} from './world.ts'

let tools: HuntTools
beforeAll(async () => {
  tools = await huntTools()
})

const { bucket, key, queue, secret } = resourcesOf('aws')
const { github } = providersOf('aws')
const of = (after: EstateSpec): EstatePair => ({ before: { accounts: { [HOME]: {} } }, after })
const trustedOnly = (...trust: Statements) => of({ accounts: { [HOME]: { roles: { app: { trust } } } } })
const trusted = (...trust: Statements) =>
  of({ accounts: { [HOME]: { roles: { app: { trust: [ANYBODY_ASSUMES, ...trust] } } } } })

const ANYBODY_ASSUMES = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' } as const

const outsideOf = (key: string) =>
  ({
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: '*',
    Condition: { StringNotLike: { [key]: OTHER_ORGANIZATION } },
  }) as const
const joining = (accounts: readonly string[]): EstateSpec => ({
  organization: { accounts },
  accounts: {
    [HOME]: {},
    [OTHER]: {
      users: {
        al: { policy: [outsideOf('aws:PrincipalOrgID')] },
        bo: { policy: [outsideOf('aws:ResourceOrgID')] },
      },
    },
  },
  resources: { [bucket]: { account: OTHER } },
})

const anybodyOf = (Condition: NonNullable<Statements[number]['Condition']>) =>
  ({ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*', Condition }) as const
const queueOf = (...policy: Statements): EstateSpec => ({
  accounts: { [HOME]: {} },
  resources: { [queue]: { account: HOME, policy } },
})

/** Says nothing of anybody whose request has no such key. */
const OF_CANONICAL = {
  Effect: 'Deny',
  Principal: { CanonicalUser: CANONICAL },
  Action: 'sqs:*',
  Resource: '*',
  Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/*` } },
} as const
type Conditions = NonNullable<Statements[number]['Condition']>

const UNPAID: Conditions = { StringNotEquals: { 'aws:PrincipalTag/team': 'payments' } }
const PAID: Conditions = { StringEquals: { 'aws:PrincipalTag/team': 'payments' } }

/**
 * A chain of three roles.
 * @param asked of whoever goes on to the second; absent: of them what is asked of everybody at the end
 */
const handingOn = (Condition: Conditions, asked?: Conditions): EstateSpec => {
  const Action = ['sts:AssumeRole', 'sts:TagSession']
  const policy: Statements = [{ Effect: 'Allow', Action, Resource: '*' }]
  const of = (name: string) =>
    ({ Effect: 'Allow', Principal: { AWS: iam('aws', HOME, name) }, Action }) as const
  return {
    accounts: {
      [HOME]: {
        users: { al: { policy } },
        roles: {
          hop: { policy, trust: [{ ...of('user/al'), Condition }] },
          middle: { policy, trust: [{ ...of('role/hop'), Condition: asked ?? UNPAID }] },
          end: {
            policy,
            trust: [asked === undefined ? { ...of('root'), Condition: UNPAID } : of('role/middle')],
          },
        },
      },
    },
  }
}

const KEPT: Readonly<Record<string, EstatePair>> = {
  'a role that is denied outside of an organization is in it': of({
    accounts: {
      [HOME]: {
        users: { al: {} },
        roles: {
          app: {
            policy: [
              {
                Effect: 'Allow',
                Action: 's3:GetObject',
                Resource: '*',
                Condition: { StringNotLikeIfExists: { 'aws:PrincipalOrgID': OTHER_ORGANIZATION } },
              },
              {
                Effect: 'Deny',
                Action: '*',
                Resource: '*',
                Condition: { StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } },
              },
            ],
            trust: [
              {
                ...ANYBODY_ASSUMES,
                Condition: {
                  StringEquals: { 'aws:SourceVpce': 'vpce-*' },
                  StringNotLikeIfExists: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' },
                },
              },
            ],
          },
        },
      },
    },
    resources: {
      [key]: { account: HOME, policy: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: key }] },
    },
  }),
  'a session began with a sign-in of somebody else than whom a deny names': trusted({
    Effect: 'Deny',
    Principal: { AWS: PARTNER },
    Action: 'sts:AssumeRole',
    Condition: { 'ForAllValues:StringLike': { 'accounts.google.com:sub': '1234567890' } },
  }),
  'a session began with a sign-in of somebody whose name has a wildcard in it': trusted({
    Effect: 'Deny',
    Principal: { AWS: PARTNER },
    Action: 'sts:AssumeRole',
    Condition: { StringNotEqualsIfExists: { 'token.actions.githubusercontent.com:sub': 'repo:*' } },
  }),
  'a user whom a deny spares with temporary credentials has some': trusted({
    Effect: 'Deny',
    Principal: { AWS: iam('aws', PARTNER, 'user/deep/v') },
    Action: 'sts:AssumeRole',
    Condition: { Null: { 'aws:TokenIssueTime': 'true' } },
  }),
  'whom a deny names in one region asks in another': trusted({
    Effect: 'Deny',
    Principal: { AWS: iam('aws', PARTNER, 'user/u') },
    Action: 'sts:AssumeRole',
    Condition: {
      'ForAllValues:StringEquals': { 'aws:RequestedRegion': 'eu-west-1' },
      StringEqualsIfExists: { 'accounts.google.com:sub': '1234567890' },
    },
  }),
  'an account that joins the organization was in another before': {
    before: joining([HOME]),
    after: joining([HOME, OTHER]),
  },
  "a provider's session is of an account that a condition names": of({
    accounts: { [HOME]: {} },
    resources: {
      [bucket]: {
        account: HOME,
        policy: [
          { Effect: 'Deny', Principal: { Federated: github }, Action: 's3:PutObject', Resource: bucket },
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:ListBucket',
            Resource: bucket,
            Condition: { StringLike: { 'aws:PrincipalAccount': MEMBER } },
          },
          {
            Effect: 'Allow',
            NotPrincipal: { AWS: [iam('aws', PARTNER, 'role/deep/q')] },
            Action: 's3:GetObject',
            Resource: `${bucket}/*`,
          },
        ],
      },
    },
  }),
  'a canonical user may be called as the resource is': of({
    accounts: { [HOME]: {} },
    resources: {
      [bucket]: {
        account: HOME,
        policy: [
          {
            Effect: 'Deny',
            Principal: { CanonicalUser: CANONICAL },
            Action: 's3:ListBucket',
            Resource: `${bucket}/*`,
          },
          {
            Effect: 'Allow',
            NotPrincipal: { Service: 'logging.s3.amazonaws.com' },
            Action: 's3:PutObject',
            Resource: `${bucket}/x-\${aws:username}-*`,
          },
        ],
      },
    },
  }),
  'a canonical user is of an account that only a pattern names': of(
    queueOf(
      {
        Effect: 'Deny',
        Principal: { CanonicalUser: CANONICAL },
        Action: 'sqs:*',
        Resource: '*',
        Condition: { StringLike: { 'aws:PrincipalServiceName': 'logging.s3.amazonaws.com' } },
      },
      anybodyOf({ StringLike: { 'aws:PrincipalAccount': '4444????6666' } }),
    ),
  ),
  'a service is told of by a rule that is open, whatever request of it is found': of(
    queueOf(
      { Effect: 'Allow', Principal: '*', Action: '*', Resource: queue },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: '*',
        Resource: queue,
        Condition: {
          ArnNotLikeIfExists: { 'aws:PrincipalArn': iam('aws', PARTNER, 'role/*') },
          DateGreaterThan: { 'aws:CurrentTime': '2999' },
        },
      },
    ),
  ),
  'a canonical user is of an organization, or of none': of({
    accounts: { [HOME]: {} },
    resources: {
      [bucket]: {
        account: HOME,
        policy: [
          { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${bucket}/*` },
          {
            Effect: 'Deny',
            Principal: { CanonicalUser: CANONICAL },
            Action: 's3:*',
            Resource: '*',
            Condition: { StringNotLike: { 'aws:PrincipalOrgID': 'o-*' } },
          },
        ],
      },
    },
  }),
  'a canonical user has the id that a condition names': {
    before: queueOf(anybodyOf({ NumericLessThan: { 'aws:PrincipalAccount': '600000000000' } }), OF_CANONICAL),
    after: queueOf(
      anybodyOf({ StringNotLike: { 'aws:userid': [UNIQUE_USER, `${PARTNER}:fred`] } }),
      OF_CANONICAL,
    ),
  },
  'a role is of any organization that a pattern of its paths begins with': of({
    accounts: {
      [HOME]: {
        users: { al: { policy: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }] } },
        roles: {
          app: {
            policy: [
              {
                Effect: 'Allow',
                Action: 'sts:AssumeRole',
                Resource: '*',
                Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `*/${ROOT_ID}/*` } },
              },
            ],
          },
        },
      },
      [OTHER]: { roles: { far: { trust: [ANYBODY_ASSUMES] } } },
    },
  }),
  'any account is one that a pattern fits, below a number, and not another pattern': {
    before: queueOf(
      anybodyOf({
        StringLike: { 'aws:PrincipalAccount': '*6666' },
        NumericLessThan: { 'aws:PrincipalAccount': '600000000000' },
      }),
    ),
    after: queueOf(anybodyOf({ StringLike: { 'aws:PrincipalAccount': '4444????6666' } })),
  },
  'a role by way of another has the tags that the other hands on': {
    before: handingOn({ Null: { 'aws:RequestTag/team': 'true' } }),
    after: handingOn({ 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' } }),
  },
  'a tag is passed from where a role is assumed only': of(
    handingOn({ IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } }, PAID),
  ),
  'a tag is passed by somebody of an organization that nobody has declared': of(
    handingOn({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': '*/r-ab12/*' } }, PAID),
  ),
  "a provider's session in our organization is of an account of it": {
    before: { accounts: { [HOME]: {}, [OTHER]: {} } },
    after: {
      accounts: { [HOME]: {}, [OTHER]: {} },
      organization: { accounts: [OTHER, MEMBER, HOME] },
      resources: {
        [bucket]: {
          account: HOME,
          policy: [
            {
              Effect: 'Allow',
              Principal: { Federated: 'cognito-identity.amazonaws.com' },
              Action: '*',
              Resource: `${bucket}/*`,
            },
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 's3:PutObject',
              Resource: bucket,
              Condition: {
                StringEqualsIgnoreCaseIfExists: { 'aws:PrincipalType': 'AssumedRole' },
                StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION },
              },
            },
          ],
        },
      },
    },
  },
  'a member stands somewhere, though the organization it joins has no ids': {
    before: { accounts: { [HOME]: {}, [OTHER]: {} }, organization: { accounts: [MEMBER], hasNoIds: true } },
    after: {
      accounts: { [HOME]: {}, [OTHER]: {} },
      organization: { accounts: [OTHER, MEMBER], hasNoIds: true },
      resources: {
        [queue]: {
          account: HOME,
          policy: [
            anybodyOf({
              'ForAllValues:StringEquals': { 'aws:PrincipalOrgPaths': `${OTHER_ORGANIZATION}/*` },
            }),
          ],
        },
      },
    },
  },
  'what somebody else owns is in no organization of the caller': {
    before: {
      accounts: {
        [HOME]: {
          users: {
            al: {
              policy: [
                {
                  Effect: 'Allow',
                  Action: 'sns:*',
                  Resource: '*',
                  Condition: { StringNotEquals: { 'aws:ResourceAccount': HOME } },
                },
              ],
            },
          },
        },
      },
      organization: {
        accounts: [MEMBER],
        unit: [HOME],
        rcp: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 'secretsmanager:*',
            Resource: '*',
            Condition: { Null: { 'aws:ResourceOrgID': 'true' } },
          },
        ],
      },
    },
    after: { accounts: { [HOME]: {} } },
  },
  'a tag that is empty stands in the name of what is asked about': of({
    accounts: { [HOME]: {} },
    resources: {
      [bucket]: {
        account: HOME,
        policy: [
          {
            Effect: 'Allow',
            Principal: { AWS: PARTNER, Service: 'sns.amazonaws.com' },
            Action: 's3:GetObject',
            Resource: `${bucket}/\${aws:PrincipalTag/team}/*`,
            Condition: { StringEquals: { 'aws:PrincipalTag/team': ['', 'payments'] } },
          },
        ],
      },
    },
  }),
  "of a resource that has the caller's account in its name the owner is nobody else": of({
    accounts: { [HOME]: {} },
    resources: {
      [`arn:aws:sqs:eu-west-1:${OTHER}:jobs`]: {
        account: OTHER,
        policy: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 'sqs:SendMessage',
            Resource: `arn:aws:sqs:eu-west-1:\${aws:PrincipalAccount}:jobs`,
          },
        ],
      },
    },
  }),
  'a session is of any time': of({
    accounts: { [HOME]: { roles: { app: {} } } },
    resources: {
      [bucket]: {
        account: HOME,
        policy: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:GetObject',
            Resource: `${bucket}/\${aws:TokenIssueTime, 'none'}/*`,
          },
        ],
      },
    },
  }),
  'any account is one that no pattern fits': {
    before: queueOf(anybodyOf({ StringLike: { 'aws:username': 'u' } })),
    after: queueOf(anybodyOf({ StringLike: { 'aws:PrincipalAccount': '*6666' } })),
  },
}

it.each(Object.entries(KEPT))('%s', async (_, pair) => {
  const asked = drawQuestions(pair, new Random(1), 60)
  const faults = await checkPair(pair, asked, tools.analyzer, tools.facts)
  expect(faults.map(kindOf)).toEqual([])
})

it.each([
  ['is asked as it stands, though no service would allow it', 's3:DeleteBucket', 'arn:aws:s3:::other/x'],
  ['is shown with a name that there can be', 's3:GetObject', 'arn:aws:s3:::*/x'],
])('a resource that somebody has written %s', async (_, action, resource) => {
  const pair = of({
    accounts: { [HOME]: { users: { al: { policy: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } } } },
  })
  const requester = requestersOf(pair).find(({ after }) => after === iam('aws', HOME, 'user/al'))
  if (requester === undefined) throw new Error('the user is one of those who ask')
  const asked = [{ requester, action, resource, context: new Map() }]
  const faults = await checkPair(pair, asked, tools.analyzer, tools.facts)
  expect(faults.map(kindOf)).toEqual([])
})

it('what a role may do with the tags that it had, passed now, is not lost', async () => {
  const withTag = (team: string): EstateSpec => ({
    accounts: {
      [HOME]: {
        roles: {
          app: {
            tags: { team },
            policy: [
              { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
              {
                Effect: 'Deny',
                Action: 's3:*',
                Resource: '*',
                Condition: { StringEquals: { 'aws:PrincipalTag/team': 'payments' } },
              },
            ],
            trust: [
              { Effect: 'Allow', Principal: { AWS: PARTNER }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
            ],
          },
        },
      },
    },
  })
  const pair = { before: withTag('red'), after: withTag('payments') }
  const asked = drawQuestions(pair, new Random(1), 200).filter(({ requester }) => requester.role === 'app')
  expect(asked.some(({ action }) => action === 's3:GetObject')).toBe(true)
  const faults = await checkPair(pair, asked, tools.analyzer, tools.facts)
  expect(faults.map(kindOf)).toEqual([])
})

it('a session by a provider tells when it began, and a sign-in does not say whose it will be', async () => {
  const { secret } = resourcesOf('aws')
  const condition = {
    ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' },
    Null: { 'aws:TokenIssueTime': 'true' },
  }
  const pair = of({
    accounts: {
      [HOME]: {
        roles: {
          app: {
            trust: [
              {
                Effect: 'Allow',
                Principal: { Federated: github },
                Action: 'sts:AssumeRoleWithWebIdentity',
                Condition: condition,
              },
            ],
          },
        },
      },
    },
    resources: {
      [secret]: {
        account: HOME,
        policy: [
          {
            Effect: 'Allow',
            NotPrincipal: { AWS: HOME },
            Action: 'secretsmanager:*',
            Resource: '*',
            Condition: condition,
          },
        ],
      },
    },
  })
  const asked = drawQuestions(pair, new Random(1), 400).filter(
    ({ requester }) => requester.kind === 'provider',
  )
  const said = asked.map(({ action, context }) =>
    action.startsWith('sts:')
      ? !context.has('aws:tokenissuetime') && !context.has('aws:principalarn')
      : context.has('aws:tokenissuetime'),
  )
  expect(new Set(asked.map(({ action }) => action.startsWith('sts:'))).size).toBe(2)
  expect(said).not.toContain(false)
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

// Whom an id stands for is nobody of the project. In our organization they are of a member outside of it, by whose account the gate
// tells of them; where all of its accounts are the project's, they are in another organization or in none.
it.each([
  ['belongs to the organization', MEMBER, true],
  ['of ours alone does', HOME, false],
])('whom an id stands for is in our organization where an account %s', async (_, account, isIn) => {
  const speaksOfId = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:DeleteQueue',
    Resource: '*',
    Condition: { StringLike: { 'aws:userid': `${UNIQUE_ROLE}:*` } },
  } as const
  const pair = {
    before: queueOf(anybodyOf({ StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }), speaksOfId),
    after: { ...queueOf(speaksOfId), organization: { accounts: [account] } },
  }
  const asked = drawQuestions(pair, new Random(1), 400).filter(
    ({ requester: { kind }, resource }) => kind === 'unique id' && resource === queue,
  )
  expect(asked.length).toBeGreaterThan(2)
  expect(asked.some(({ context }) => context.get('aws:principalorgid')?.[0] === ORGANIZATION)).toBe(isIn)
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

// A statement that denies an account is about all who are of it, whatever else they are known by.
it('whoever says that they are of an account is denied as it is', async () => {
  const pair = of({
    ...queueOf(
      anybodyOf({}),
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Resource: '*',
        Condition: { StringNotLike: { 'aws:PrincipalAccount': PARTNER } },
      },
      {
        Effect: 'Deny',
        Principal: { AWS: PARTNER },
        Action: 'sqs:*',
        Resource: '*',
        Condition: { StringLike: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:*` } },
      },
    ),
    accounts: {
      [HOME]: {
        roles: {
          app: {
            trust: [
              { Effect: 'Allow', Principal: { Federated: github }, Action: 'sts:AssumeRoleWithWebIdentity' },
            ],
          },
        },
      },
    },
  })
  const context = new Map([
    ['aws:principalarn', [iam('aws', PARTNER, 'role/x')]],
    ['aws:principalaccount', [PARTNER]],
  ])
  const asked = requestersOf(pair).flatMap((requester) =>
    requester.kind === 'provider' ? [{ requester, action: 'sqs:SendMessage', resource: queue, context }] : [],
  )
  expect(asked.length).toBeGreaterThan(0)
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

// A user who gets the right to ask for credentials of federated users may do nothing by them that they could not do before.
it('what a user may do already is no news of their federated users, where its bucket is declared now', async () => {
  const reads = { Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucket}/*` } as const
  const issues = { Effect: 'Allow', Action: 'sts:GetFederationToken', Resource: '*' } as const
  const pair = {
    before: { accounts: { [HOME]: { users: { al: { policy: [reads] } } } } },
    after: {
      accounts: { [HOME]: { users: { al: { policy: [reads, issues] } } } },
      resources: { [bucket]: { account: HOME } },
    },
  }
  const asked = drawQuestions(pair, new Random(1), 200).filter(
    ({ requester }) => requester.kind === 'own federated user',
  )
  expect(asked.some(({ action, resource }) => action === 's3:GetObject' && resource.startsWith(bucket))).toBe(
    true,
  )
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

// An organization that only one state declares is taken to be there in both: a request that shows what changes says so.
it('a request that an organization was kept from tells the organization', async () => {
  const free = { Effect: 'Allow', Action: '*', Resource: '*' } as const
  const denied = {
    Effect: 'Deny',
    Principal: '*',
    Action: '*',
    Resource: '*',
    Condition: { StringLike: { 'aws:PrincipalOrgID': ORGANIZATION } },
  } as const
  const accounts = { [HOME]: { roles: { app: { policy: [free] } } } }
  const pair = {
    before: { accounts, resources: { [queue]: { account: HOME, policy: [denied] } } },
    after: { accounts, organization: { accounts: [HOME, MEMBER] } },
  }
  const asked = drawQuestions(pair, new Random(1), 40)
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

// By tags of a user or role policies say what may be done with it: other tags are other access, and none are none.
it.each([
  ['other tags', { env: 'dev' }, { env: 'prod' }],
  ['the same tags', { env: 'dev' }, { env: 'dev' }],
  ['tags taken off', { env: 'prod' }, {}],
])('a role with %s may be passed as its tags say', async (_, former, latter) => {
  const passes = {
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: '*',
    Condition: { StringLike: { 'aws:ResourceTag/env': 'prod' } },
  } as const
  const withTags = (tags: Readonly<Record<string, string>>): EstateSpec => ({
    accounts: {
      [HOME]: { users: { al: { policy: [passes] } }, roles: { app: { tags, trust: [ANYBODY_ASSUMES] } } },
    },
  })
  const pair = { before: withTags(former), after: withTags(latter) }
  const asked = drawQuestions(pair, new Random(1), 300).filter(({ action }) => action === 'iam:PassRole')
  expect(asked.some(({ requester }) => requester.kind === 'own user')).toBe(true)
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

// What only one state has is taken to have its tags in both, as its requests say.
it('a role that may be passed by its tags is no loss when it goes', async () => {
  const passes = {
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: '*',
    Condition: { StringEquals: { 'iam:ResourceTag/env': 'prod' } },
  } as const
  const users = { al: { policy: [passes] } }
  const pair = {
    before: {
      accounts: { [HOME]: { users, roles: { app: { tags: { env: 'prod' }, trust: [ANYBODY_ASSUMES] } } } },
    },
    after: { accounts: { [HOME]: { users } } },
  }
  const asked = drawQuestions(pair, new Random(1), 300).filter(({ action }) => action === 'iam:PassRole')
  expect(asked.some(({ context }) => context.get('iam:resourcetag/env')?.[0] === 'prod')).toBe(true)
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

it('whom a provider outside lets in stands where a member of the organization does', async () => {
  const ofRoot = anybodyOf({
    'ForAnyValue:StringEquals': { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/${ROOT_ID}/` },
  })
  const deniesGoogle = {
    Effect: 'Deny',
    Principal: { Federated: 'accounts.google.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
  } as const
  const pair = of({
    ...queueOf(ofRoot),
    accounts: { [HOME]: { roles: { app: { trust: [deniesGoogle] } } } },
    organization: { accounts: [MEMBER] },
  })
  const asked = drawQuestions(pair, new Random(1), 400).filter(
    ({ requester: { kind, account } }) => kind === 'provider' && account === null,
  )
  expect(asked.some(({ context }) => context.get('aws:principalorgid')?.[0] === ORGANIZATION)).toBe(true)
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

it('a bucket of nobody known is taken for one of the caller, in their organization', async () => {
  const policy = [
    { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
    {
      Effect: 'Deny',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { StringEquals: { 'aws:ResourceOrgID': ORGANIZATION } },
    },
  ] as const
  const accounts = { [HOME]: { users: { al: { policy } } } }
  const pair = { before: { accounts }, after: { accounts, organization: { accounts: [HOME] } } }
  const asked = drawQuestions(pair, new Random(1), 300).filter(
    ({ requester }) => requester.kind === 'own user',
  )
  expect(asked.some(({ action }) => action === 's3:GetObject')).toBe(true)
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

it('what a session does by its tags is gained where those can be passed now', async () => {
  const byTag = {
    Effect: 'Allow',
    Action: 'secretsmanager:GetSecretValue',
    Resource: '*',
    Condition: { StringEquals: { 'aws:PrincipalTag/team': 'payments' } },
  } as const
  const session = `arn:aws:sts::${HOME}:assumed-role/app/s1`
  const sends = {
    Effect: 'Allow',
    Principal: { AWS: session },
    Action: 'sqs:SendMessage',
    Resource: '*',
  } as const
  const passed = {
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  } as const
  const pair = {
    before: { accounts: { [HOME]: { roles: { app: { policy: [byTag] } } } } },
    after: {
      accounts: { [HOME]: { roles: { app: { policy: [byTag], trust: [passed] } } } },
      resources: { [queue]: { account: HOME, policy: [sends] } },
    },
  }
  const asked = drawQuestions(pair, new Random(1), 60)
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

it('tags of a role that is not declared are any', async () => {
  const passes = {
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: '*',
    Condition: { StringLike: { 'aws:ResourceTag/env': 'prod' } },
  } as const
  const pair = of({ accounts: { [HOME]: { users: { al: { policy: [passes] } } } } })
  const root = requestersOf(pair).filter(({ kind }) => kind === 'own root')
  const asked = root.map((requester) => ({
    requester,
    action: 'iam:PassRole',
    resource: iam('aws', HOME, 'role/end'),
    context: new Map(),
  }))
  expect(asked).toHaveLength(1)
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

// Of one name there is one role in an account: whoever is of the role with a path is of no other.
it('sessions of a role with a path are not let in by a role without', async () => {
  const role = (rest: string) => iam('aws', PARTNER, rest)
  const pair = of(
    queueOf(
      { Effect: 'Allow', Principal: { AWS: role('role/r') }, Action: 'sqs:*', Resource: '*' },
      {
        Effect: 'Allow',
        Principal: { AWS: role('role/deep/r') },
        Action: 'sqs:ReceiveMessage',
        Resource: '*',
      },
      {
        Effect: 'Deny',
        Principal: { AWS: PARTNER },
        Action: 'sqs:DeleteQueue',
        Resource: '*',
        Condition: { StringNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:*` } },
      },
    ),
  )
  const asked = drawQuestions(pair, new Random(1), 200)
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

// A code that comes with the call is a user's: root assumes no role.
it('root tags no session with a code in the call', async () => {
  const byCode = {
    Effect: 'Allow',
    Principal: { AWS: HOME },
    Action: ['sts:TagSession'],
    Condition: { Null: { 'aws:TokenIssueTime': 'true' }, Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  } as const
  const pair = of({ accounts: { [HOME]: { roles: { app: { trust: [byCode] } } } } })
  const asked = drawQuestions(pair, new Random(1), 800).filter(
    ({ requester, action }) => requester.kind === 'own root' && action === 'sts:TagSession',
  )
  expect(asked.some(({ context }) => context.get('aws:multifactorauthpresent')?.[0] === 'true')).toBe(true)
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

// Who may start sessions with tags hangs on an open rule of another role's trust policy: what those do is unknown then.
it('what an open rule lets come along a chain of session tags passes no gate', async () => {
  const free = { Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'], Resource: '*' } as const
  const trusting = (Condition: Conditions) =>
    [
      { Effect: 'Allow', Principal: { AWS: HOME }, Action: ['sts:AssumeRole', 'sts:TagSession'], Condition },
    ] as const
  const pair = of({
    accounts: {
      [HOME]: {
        roles: {
          hop: { policy: [free], trust: trusting({ StringEquals: { 'aws:PrincipalAccount': [] } }) },
          end: {
            policy: [
              {
                Effect: 'Allow',
                Action: 'secretsmanager:GetSecretValue',
                Resource: '*',
                Condition: { StringEquals: { 'aws:PrincipalTag/team': 'payments' } },
              },
            ],
            trust: trusting({ Null: { 'aws:TagKeys': 'true' } }),
          },
        },
      },
    },
  })
  const asked = drawQuestions(pair, new Random(1), 400).filter(
    ({ action, requester }) => action === 'secretsmanager:GetSecretValue' && requester.kind === 'own session',
  )
  expect(asked.length).toBeGreaterThan(0)
  expect((await checkPair(pair, asked, tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

// What is asked about by name is asked as it stands: whatever the catalogue says of the action's resources.
it('an action that takes no role is decided on one that is named, by its tags', async () => {
  const byTag = {
    Effect: 'Allow',
    Action: '*',
    Resource: '*',
    Condition: { StringEquals: { 'aws:ResourceTag/env': 'prod' } },
  } as const
  const pair = of({
    accounts: {
      [HOME]: {
        users: { al: { policy: [byTag] } },
        roles: { app: { tags: { env: 'prod' }, trust: [ANYBODY_ASSUMES] } },
      },
    },
  })
  const asked = requestersOf(pair)
    .filter(({ kind }) => kind === 'own user')
    .flatMap((requester) =>
      ['s3:GetObject', 'brandnew:Thing', 'iam:PassRole'].map((action) => ({
        requester,
        action,
        resource: iam('aws', HOME, 'role/app'),
        context: new Map(),
      })),
    )
  expect(asked).toHaveLength(3)
  const faults = await checkPair(pair, asked, tools.analyzer, tools.facts)
  // A comparison, and a gate about any resource, tell of no action on what it doesn't take.
  expect(faults.filter(({ gate }) => gate !== 'diff' && gate !== 'notGranted').map(kindOf)).toEqual([])
})

it.each([`a\${*}`, `a\${?}`, `\${*}`, `a\${*}\${aws:username}`])(
  'a request has the very %s that is escaped',
  async (text) => {
    const literally = {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: { StringLike: { 's3:prefix': text } },
    } as const
    const pair = of({ accounts: { [HOME]: { users: { al: { policy: [literally] } } } } })
    const asked = requestersOf(pair)
      .filter(({ kind }) => /^own (?:user|root)$/.test(kind))
      .map((requester) => ({
        requester,
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::free/x',
        context: new Map(),
      }))
    expect(asked.length).toBeGreaterThan(1)
    const faults = await checkPair(pair, asked, tools.analyzer, tools.facts)
    expect(faults.map(kindOf)).toEqual([])
  },
)

it('somebody of an account that is denied may be called as the one that is spared', async () => {
  const pair: EstatePair = {
    before: { accounts: { [HOME]: {} } },
    after: {
      accounts: { [HOME]: {} },
      resources: {
        [bucket]: {
          account: HOME,
          policy: [
            { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${bucket}/*` },
            {
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:GetObject',
              NotResource: `${bucket}/\${aws:username}/*`,
              Condition: { StringEquals: { 'aws:PrincipalAccount': PARTNER } },
            },
          ],
        },
      },
    },
  }
  const asked = requestersOf(pair).map((requester) => ({
    requester,
    action: 's3:GetObject',
    resource: `${bucket}/other/x`,
    context: new Map(),
  }))
  const faults = await checkPair(pair, asked, tools.analyzer, tools.facts)
  expect(faults.map(kindOf)).toEqual([])
})

it.each([true, false])(
  'what is called by the organization and a name (places unknown: %s)',
  async (hasNoIds) => {
    const pair: EstatePair = {
      before: { accounts: { [HOME]: {} } },
      after: {
        accounts: { [HOME]: {} },
        organization: { accounts: [MEMBER], ...(hasNoIds ? { hasNoIds } : {}) },
        resources: {
          [bucket]: {
            account: HOME,
            policy: [
              {
                Effect: 'Allow',
                Principal: '*',
                Action: 's3:PutObject',
                Resource: `${bucket}/\${aws:PrincipalOrgID}/\${aws:username}`,
              },
            ],
          },
        },
      },
    }
    const asked = requestersOf(pair).map((requester) => ({
      requester,
      action: 's3:PutObject',
      resource: `${bucket}/${ORGANIZATION}/u`,
      context: new Map(),
    }))
    const faults = await checkPair(pair, asked, tools.analyzer, tools.facts)
    expect(faults.map(kindOf)).toEqual([])
  },
)

it.each(['2001-01-01T00:00:00Z', '2999-01-01T00:00:00Z'])(
  'tags are passed from now on alone (until %s)',
  async (end) => {
    const estate = (until: string | null): EstateSpec => ({
      accounts: {
        [HOME]: {
          users: {
            al: {
              policy: [{ Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'], Resource: '*' }],
            },
          },
          roles: {
            end: {
              policy: [
                {
                  Effect: 'Allow',
                  Action: 's3:GetObject',
                  Resource: '*',
                  Condition: { StringEquals: { 'aws:PrincipalTag/team': 'payments' } },
                },
              ],
              trust: [
                {
                  Effect: 'Allow',
                  Principal: { AWS: HOME },
                  Action: ['sts:AssumeRole', 'sts:TagSession'],
                  ...(until === null ? {} : { Condition: { DateLessThan: { 'aws:CurrentTime': until } } }),
                },
              ],
            },
          },
        },
      },
    })
    for (const pair of [
      { before: estate(null), after: estate(end) },
      { before: estate(end), after: estate(null) },
    ]) {
      const [drawn] = drawQuestions(pair, new Random(1), 300).filter(
        ({ sessionTags }) => sessionTags?.team === 'payments',
      )
      if (drawn === undefined) throw new Error('sessions with tags are asked about')
      const asked = ['2041-01-01T00:00:00Z', null].map((at) => ({
        ...drawn,
        action: 's3:GetObject',
        resource: key,
        context: new Map([
          ...(at === null ? [] : [['aws:currenttime', [at]] as const]),
          ['aws:PrincipalTag/team', ['payments']] as const,
        ]),
      }))
      const faults = await checkPair(pair, asked, tools.analyzer, tools.facts)
      expect(faults.map(kindOf)).toEqual([])
    }
  },
)

it('a bucket that is called like a tag is asked about with what lies in it', () => {
  const pair = of({
    accounts: {
      [HOME]: {
        users: {
          al: {
            policy: [
              {
                Effect: 'Allow',
                Action: '*',
                Resource: `arn:aws:s3:::\${aws:PrincipalTag/team, 'company-wide'}/*`,
              },
            ],
          },
        },
      },
    },
  })
  const asked = drawQuestions(pair, new Random(1), 200).filter(({ resource }) =>
    resource.includes('company-wide/'),
  )
  expect(new Set(asked.map(({ action }) => action))).toEqual(new Set(['s3:GetObject', 's3:PutObject']))
})

it('a role is reached by way of its own session with an empty tag, where none may be passed', async () => {
  const assumes = (...actions: readonly string[]) =>
    [{ Effect: 'Allow', Action: actions, Resource: '*' }] as const
  const lets = (principal: string, ...actions: readonly string[]) =>
    ({ Effect: 'Allow', Principal: { AWS: principal }, Action: actions }) as const
  const al = { policy: assumes('sts:AssumeRole') }
  const pair: EstatePair = {
    before: {
      accounts: {
        [HOME]: {
          users: { al },
          roles: {
            hop: {
              policy: assumes('sts:AssumeRole', 'sts:TagSession'),
              tags: { team: 'payments' },
              trust: [
                {
                  ...lets(HOME, 'sts:AssumeRole', 'sts:TagSession'),
                  Condition: { Null: { 'aws:RequestTag/team': 'true' } },
                },
              ],
            },
          },
        },
        [OTHER]: {
          roles: {
            end: {
              trust: [
                {
                  ...lets(iam('aws', HOME, 'role/hop'), 'sts:AssumeRole'),
                  Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'payments' } },
                },
              ],
            },
          },
        },
      },
    },
    after: {
      accounts: {
        [HOME]: {
          users: { al },
          roles: { hop: { policy: assumes('sts:AssumeRole'), trust: [lets(HOME, 'sts:AssumeRole')] } },
        },
        [OTHER]: { roles: { end: { trust: [lets(iam('aws', HOME, 'role/hop'), 'sts:AssumeRole')] } } },
      },
    },
  }
  const faults = await checkPair(pair, [], tools.analyzer, tools.facts)
  expect(faults.map(kindOf)).toEqual([])
})

it('the other reading of an open operator leaves what another operator asks of the key', async () => {
  const pair = trustedOnly({
    Effect: 'Allow',
    Principal: '*',
    Action: 'sts:AssumeRole',
    Condition: {
      StringLike: { 'aws:PrincipalArn': iam('aws', OTHER, 'role/r') },
      ArnLike: { 'aws:PrincipalArn': '*' },
    },
  })
  const asked = drawQuestions(pair, new Random(1), 200).filter(({ action }) => action === 'sts:AssumeRole')
  expect(asked.length).toBeGreaterThan(0)
  const faults = await checkPair(pair, asked, tools.analyzer, tools.facts)
  expect(faults.map(kindOf)).toEqual([])
})

it('whoever a canonical id stands for may be a federated user of any account', async () => {
  const pair = of({
    accounts: { [HOME]: {}, [OTHER]: {} },
    resources: {
      [bucket]: {
        account: OTHER,
        policy: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:GetObject',
            Resource: `${bucket}/\${aws:PrincipalType, 'none'}/*`,
          },
        ],
      },
      [queue]: { account: HOME, policy: [OF_CANONICAL] },
    },
  })
  const [requester] = requestersOf(pair).filter(({ kind }) => kind === 'canonical user')
  if (requester === undefined) throw new Error('nobody has a canonical id')
  const question = {
    requester,
    action: 's3:GetObject',
    resource: `${bucket}/FederatedUser/x`,
    context: new Map([['aws:principaltype', ['FederatedUser']]]),
  }
  const faults = await checkPair(pair, [question], tools.analyzer, tools.facts)
  expect(faults.map(kindOf)).toEqual([])
})

const allowing = (Resource: string, Principal: PrincipalBlock, Action: string) =>
  ({ Effect: 'Allow', Principal, Action, Resource }) as const

it('an example of a statement is none of what another one allows besides', async () => {
  const pair = of({
    accounts: { [HOME]: {} },
    organization: { unit: [HOME] },
    resources: {
      [key]: {
        account: HOME,
        policy: [
          allowing(key, { CanonicalUser: CANONICAL }, 'kms:*'),
          {
            ...allowing('*', { AWS: '*' }, 'kms:*'),
            Condition: { ArnNotEquals: { 'aws:PrincipalArn': iam('aws', HOME, 'role/app') } },
          },
        ],
      },
    },
  })
  const found = new Gates(tools.analyzer, pair).notGranted('kms:Decrypt', '*')
  if (isCrash(found)) throw new Error(found.crash)
  expect(found.value.violations.length).toBeGreaterThan(1)
  for (const { witness } of found.value.violations)
    expect(witness.context.get('aws:PrincipalArn')).not.toEqual([iam('aws', HOME, 'role/app')])
})

it('of what everybody and one account of our organization may, that account may be shown', async () => {
  const pair = of({
    accounts: { [HOME]: {} },
    organization: { accounts: [OTHER], unit: [HOME], rcp: [WITHIN_ANOTHER] },
    resources: {
      [secret]: {
        account: HOME,
        policy: [OTHER, '*'].map((AWS) => allowing(secret, { AWS }, 'secretsmanager:*')),
      },
    },
  })
  const faults = await checkPair(pair, [], tools.analyzer, tools.facts)
  expect(faults.map(kindOf)).toEqual([])
})

type PrincipalBlock = NonNullable<Statements[number]['Principal']>

const WITHIN_ANOTHER = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'kms:*',
  Resource: '*',
  Condition: { StringLikeIfExists: { 'aws:PrincipalOrgID': OTHER_ORGANIZATION } },
} as const

it.each(['nosuch:GetComposition', 'ec2:DescribeInstances'])(
  'nobody calls %s in a region of another partition',
  async (action) => {
    const pair: EstatePair = {
      before: { partition: 'aws-cn', accounts: { [HOME]: {} } },
      after: {
        partition: 'aws-cn',
        accounts: {
          [HOME]: {
            users: {
              al: {
                policy: [
                  {
                    Effect: 'Allow',
                    Action: action,
                    Resource: '*',
                    Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
                  },
                ],
              },
            },
          },
        },
      },
    }
    const diff = new Gates(tools.analyzer, pair).diff()
    if (isCrash(diff)) throw new Error(diff.crash)
    expect(diff.value.gained.map(({ witness }) => witness)).toEqual([])
  },
)

it('what hangs on a tag that a user may get is told, though the user has none', async () => {
  const may = (Condition: Conditions = {}): EstateSpec => ({
    accounts: {
      [HOME]: {
        users: {
          al: { policy: [{ Effect: 'Allow', Action: 'iam:CreateAccessKey', Resource: AL, Condition }] },
        },
      },
    },
  })
  const pair = { before: may(), after: may({ StringNotLike: { 'aws:ResourceTag/env': 'prod' } }) }
  expect((await checkPair(pair, [], tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

const AL = iam('aws', HOME, 'user/al')

it('a step of a chain is taken with a tag at a time that a control policy leaves', async () => {
  const lets = (principal: string, ...actions: readonly string[]) =>
    ({ Effect: 'Allow', Principal: { AWS: iam('aws', HOME, principal) }, Action: actions }) as const
  const pair = of({
    accounts: {
      [HOME]: {
        users: { al: {} },
        roles: {
          hop: {
            tags: { team: 'payments' },
            trust: [lets('user/al', 'sts:AssumeRole', 'sts:TagSession')],
          },
          middle: { path: '/svc/', trust: [{ ...lets('role/hop', 'sts:AssumeRole'), Condition: UNPAID }] },
          end: { trust: [lets('role/svc/middle', 'sts:AssumeRole')] },
        },
      },
    },
    organization: {
      accounts: [MEMBER],
      unit: [HOME],
      rcp: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'sts:AssumeRole',
          Resource: '*',
          Condition: { DateLessThanEquals: { 'aws:CurrentTime': '1906545600' } },
        },
      ],
    },
  })
  expect((await checkPair(pair, [], tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

it('who is issued a session through a provider from now on may be meant where a policy names that', async () => {
  const { saml: corp } = providersOf('aws')
  const within = (roles: NonNullable<EstateSpec['accounts'][string]['roles']>): EstateSpec => ({
    accounts: { [HOME]: { roles } },
    resources: {
      [queue]: { account: HOME, policy: [allowing(queue, { Federated: corp }, 'sqs:*')] },
    },
  })
  const trust = [
    { Effect: 'Allow', Principal: { Federated: corp }, Action: 'sts:AssumeRoleWithSAML' },
  ] as const
  const pair = { before: within({ app: {} }), after: within({ app: { trust } }) }
  const diff = new Gates(tools.analyzer, pair).diff()
  if (isCrash(diff)) throw new Error(diff.crash)
  const told = diff.value.unknown.filter(({ direction }) => direction === 'gained')
  expect(told.flatMap(({ principals }) => principals)).toContain(iam('aws', HOME, 'role/app'))
})

it("what is its owner's alone is no stranger's", async () => {
  const pair = of({
    accounts: { [HOME]: {} },
    resources: {
      [queue]: {
        account: OTHER,
        policy: [
          {
            ...allowing(queue, { AWS: '*' }, 'sqs:SendMessage'),
            Condition: { StringEquals: { 'aws:ResourceAccount': `\${aws:PrincipalAccount}` } },
          },
        ],
      },
    },
  })
  const found = new Gates(tools.analyzer, pair).noPublicAccess()
  if (isCrash(found)) throw new Error(found.crash)
  expect(found.value.violations.flatMap(({ principals }) => principals)).toEqual([])
})

it("what is of IAM and of no account is nobody else's", async () => {
  const pair = of({
    organization: {
      accounts: [MEMBER, HOME],
      scp: [{ Effect: 'Deny', Action: '*', NotResource: ['arn:aws:iam::*:role/app'] }],
    },
    accounts: {
      [HOME]: {
        roles: {
          app: {
            policy: [
              {
                Effect: 'Allow',
                Action: 'sns:*',
                Resource: '*',
                Condition: { StringNotEquals: { 'aws:ResourceAccount': HOME } },
              },
            ],
          },
        },
      },
    },
  })
  expect((await checkPair(pair, [], tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

it('what was of another organization, perhaps, and is of ours now, is lost', async () => {
  const { bucket2 } = resourcesOf('aws')
  const owned = (...accounts: readonly string[]): EstateSpec => ({
    accounts: { [HOME]: {} },
    organization: { accounts },
    resources: {
      [bucket2]: {
        account: OTHER,
        policy: [
          {
            ...allowing(bucket2, '*', '*'),
            Condition: { StringEqualsIgnoreCase: { 'aws:ResourceOrgID': OTHER_ORGANIZATION } },
          },
        ],
      },
    },
  })
  const pair = { before: owned(MEMBER), after: owned(OTHER, MEMBER) }
  expect((await checkPair(pair, [], tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

it('what one state declares is asked about as it stands in the other', async () => {
  const pair: EstatePair = {
    before: { accounts: { [HOME]: {} }, resources: { [`${bucket}/a/x`]: { account: HOME } } },
    after: {
      accounts: { [HOME]: {} },
      resources: {
        [bucket]: { account: HOME, policy: [allowing(`${bucket}/*`, '*', 's3:ListBucket')] },
      },
    },
  }
  expect((await checkPair(pair, [], tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

it('where accounts stand that have no ids no step of a chain is told', async () => {
  const lets = (principal: string): Statements => [
    { Effect: 'Allow', Principal: { AWS: iam('aws', HOME, principal) }, Action: 'sts:AssumeRole' },
  ]
  const pair = of({
    accounts: {
      [HOME]: {
        users: { al: { managed: ['arn:aws:iam::aws:policy/AdministratorAccess'] } },
        roles: { hop: { trust: lets('root') }, end: { trust: lets('role/hop') } },
      },
    },
    organization: {
      accounts: [MEMBER],
      unit: [HOME],
      hasNoIds: true,
      scp: [
        {
          Effect: 'Deny',
          Action: 'sts:AssumeRole',
          Resource: '*',
          Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/*` } },
        },
      ],
    },
  })
  expect((await checkPair(pair, [], tools.analyzer, tools.facts)).map(kindOf)).toEqual([])
})

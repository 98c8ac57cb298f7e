// Random small estates of two accounts: users and roles, boundaries, trust policies, a bucket each and a key, all near each
// other.
import type {
  AccountState,
  Estate,
  Organization,
  PlacedDocument,
  PolicyDocument,
  PolicyStatement,
  PrincipalBlock,
  ResourceFacts,
  RoleState,
  UserState,
} from '../../src/model/index.ts'
import {
  accountOf,
  controlPolicy,
  document,
  estateWith,
  HOME,
  MANAGEMENT,
  nodeOf,
  OTHER,
  OUTSIDE,
  organizationOf,
  placed,
  resourceOf,
} from '../evaluator/estate-world.ts'
import type { Random } from '../evaluator/random-cases.ts'
import { roleArn, userArn } from './diff/estate-diffs.ts'

const BUCKET = 'arn:aws:s3:::data'
const ELSEWHERE = 'arn:aws:s3:::theirs'
const KEY = `arn:aws:kms:eu-west-1:${HOME}:key/k1`
const LIMITS = `arn:aws:iam::${HOME}:policy/limits`

const PRINCIPALS = [
  userArn('al'),
  userArn('bo'),
  roleArn('deploy'),
  roleArn('audit'),
  userArn('cy', OTHER),
  roleArn('far', OTHER),
]
const OUTSIDERS = ['lambda.amazonaws.com', '*', `arn:aws:iam::${OUTSIDE}:role/x`]
export const ASKERS = [...PRINCIPALS, ...OUTSIDERS]

export const ACTIONS = ['s3:GetObject', 's3:PutObject', 'kms:Decrypt', 'sts:AssumeRole', 'ec2:RunInstances']
export const RESOURCES = [
  BUCKET,
  `${BUCKET}/a/x`,
  `${BUCKET}/b`,
  `${ELSEWHERE}/a/x`,
  'arn:aws:s3:::free/x',
  KEY,
  `arn:aws:ec2:eu-west-1:${HOME}:instance/i-1`,
  roleArn('deploy'),
  roleArn('audit'),
  roleArn('far', OTHER),
  '*',
]
export const CONTEXTS: readonly ReadonlyMap<string, readonly string[]>[] = [
  new Map(),
  new Map([['x:k', ['a']]]),
  new Map([['x:k', ['b']]]),
]

const PATTERNS = [
  '*',
  `${BUCKET}/*`,
  `${BUCKET}/a/*`,
  BUCKET,
  `${ELSEWHERE}/*`,
  'arn:aws:s3:::*',
  KEY,
  roleArn('*'),
  roleArn('far', OTHER),
]
const ACTION_PATTERNS = [...ACTIONS, 's3:*', '*', 's3:Get*', 'sts:AssumeRole', 'kms:*']
const CONDITIONS = [
  { StringEquals: { 'x:k': 'a' } },
  { StringNotEquals: { 'x:k': 'a' } },
  { Null: { 'x:k': 'true' } },
  { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/*' } },
  { StringEquals: { 'aws:PrincipalTag/team': 'red' } },
  { StringEquals: { 'aws:PrincipalAccount': HOME } },
]
const NAMED: readonly PrincipalBlock[] = [
  '*',
  { AWS: '*' },
  { AWS: HOME },
  { AWS: OTHER },
  { AWS: userArn('al') },
  { AWS: [roleArn('deploy'), userArn('cy', OTHER)] },
  { AWS: OUTSIDE },
  { Service: 'lambda.amazonaws.com' },
]

const statement = (random: Random): PolicyStatement => ({
  Effect: random.chance(0.75) ? 'Allow' : 'Deny',
  Action: random.pick(ACTION_PATTERNS),
  ...(random.chance(0.9) ? { Resource: random.pick(PATTERNS) } : { NotResource: random.pick(PATTERNS) }),
  ...(random.chance(0.4) ? { Condition: random.pick(CONDITIONS) } : {}),
})

const identity = (random: Random): PolicyDocument =>
  document(...Array.from({ length: 1 + random.below(3) }, () => statement(random)))

const resourcePolicy = (random: Random): PolicyDocument =>
  document(
    ...Array.from(
      { length: 1 + random.below(3) },
      (): PolicyStatement => ({
        ...statement(random),
        Principal: random.pick(NAMED),
      }),
    ),
  )

const trust = (random: Random): PolicyDocument =>
  document(
    ...Array.from(
      { length: 1 + random.below(2) },
      (): PolicyStatement => ({
        Effect: random.chance(0.85) ? 'Allow' : 'Deny',
        Principal: random.pick(NAMED),
        Action: 'sts:AssumeRole',
        ...(random.chance(0.3) ? { Condition: random.pick(CONDITIONS.slice(0, 4)) } : {}),
      }),
    ),
  )

const parts = (random: Random) => ({
  policy: identity(random),
  ...(random.chance(0.25) ? { boundary: LIMITS } : {}),
  ...(random.chance(0.3) ? { tags: { team: random.pick(['red', 'blue']) } } : {}),
})

/** An organization with resource control policies here and there. */
export function randomControls(random: Random): Organization {
  const policies = (name: string) =>
    Array.from({ length: random.below(3) }, (_, index) =>
      controlPolicy(`${name}${index}`, {
        ...statement(random),
        Sid: `No${index}`,
        Effect: 'Deny',
        Principal: '*',
      }),
    )
  return organizationOf(
    nodeOf('root', null, {
      resourceControlPolicies: random.chance(0.3) ? policies('root') : [],
      children: [
        nodeOf('account', MANAGEMENT),
        nodeOf('account', HOME, { resourceControlPolicies: policies('home') }),
        nodeOf('account', OTHER, { resourceControlPolicies: policies('other') }),
      ],
    }),
  )
}

export function randomEstate(random: Random): Estate {
  const home = accountOf(
    HOME,
    { al: parts(random), bo: parts(random) },
    { deploy: { ...parts(random), trust: trust(random) }, audit: { ...parts(random), trust: trust(random) } },
    { limits: identity(random) },
  )
  const { boundary: _, ...far } = parts(random)
  const { boundary: __, ...cy } = parts(random)
  const other = accountOf(OTHER, { cy }, { far: { ...far, trust: trust(random) } })
  return estateWith([home, other], null, [
    resourceOf(BUCKET, HOME, random.chance(0.8) ? resourcePolicy(random) : null),
    resourceOf(ELSEWHERE, OTHER, random.chance(0.8) ? resourcePolicy(random) : null),
    resourceOf(KEY, HOME, resourcePolicy(random)),
  ])
}

/** One thing changed. */
export function changedEstate(estate: Estate, random: Random): Estate {
  const [home, other] = estate.accounts
  if (home === undefined || other === undefined) return estate
  const inAccount = (state: AccountState): Estate => ({ ...estate, accounts: [state, other] })
  const own = (
    make: () => PolicyDocument,
  ): { readonly inlinePolicies: ReadonlyMap<string, PlacedDocument> } => ({
    inlinePolicies: new Map([['own', placed(make())]]),
  })
  const user = (change: Partial<UserState>): Estate => {
    const old = home.entities.user.get('al')
    return old === undefined
      ? estate
      : inAccount({
          ...home,
          entities: {
            ...home.entities,
            user: new Map([...home.entities.user, ['al', { ...old, ...change }]]),
          },
        })
  }
  const role = (change: Partial<RoleState>): Estate => {
    const old = home.entities.role.get('deploy')
    return old === undefined
      ? estate
      : inAccount({
          ...home,
          entities: {
            ...home.entities,
            role: new Map([...home.entities.role, ['deploy', { ...old, ...change }]]),
          },
        })
  }
  const resource = (arn: string): Estate => {
    const old = estate.resources.get(arn)
    const changed: ResourceFacts | undefined =
      old === undefined
        ? undefined
        : { ...old, policy: random.chance(0.2) && arn !== KEY ? null : placed(resourcePolicy(random)) }
    return changed === undefined
      ? estate
      : { ...estate, resources: new Map([...estate.resources, [arn, changed]]) }
  }
  switch (random.below(9)) {
    case 0:
      return user(own(() => identity(random)))
    case 1:
      return role(own(() => identity(random)))
    case 2:
      return user({ permissionsBoundary: random.chance(0.5) ? null : LIMITS })
    case 3:
      return user({ tags: new Map(random.chance(0.5) ? [] : [['team', 'red']]) })
    case 4:
      return role({ trustPolicy: placed(trust(random)) })
    case 5:
      return resource(BUCKET)
    case 6:
      return resource(ELSEWHERE)
    case 7:
      return resource(KEY)
    default: {
      const { al: _, ...rest } = Object.fromEntries(home.entities.user)
      return inAccount({ ...home, entities: { ...home.entities, user: new Map(Object.entries(rest)) } })
    }
  }
}

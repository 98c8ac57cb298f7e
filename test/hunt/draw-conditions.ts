// Conditions on every key that speaks of who asks, and on some that don't.
import type { ConditionBlock } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import {
  HOME,
  iam,
  MEMBER,
  ORGANIZATION,
  OTHER,
  OTHER_ORGANIZATION,
  PARTNER,
  PARTNER_2,
  type Partition,
  ROOT_ID,
  regionOf,
  SERVICES,
  sts,
  UNIQUE_ROLE,
  UNIQUE_USER,
} from './world.ts'

type Kind = 'text' | 'arn' | 'bool' | 'ip'

/** A key, with values that policies compare it with. */
interface DrawnKey {
  readonly kind: Kind
  readonly isSet?: boolean
  readonly values: readonly string[]
}

const principalKeys = (partition: Partition): Readonly<Record<string, DrawnKey>> => ({
  'aws:PrincipalArn': {
    kind: 'arn',
    values: [
      iam(partition, PARTNER, 'role/*'),
      iam(partition, PARTNER_2, 'role/*'),
      iam(partition, PARTNER, '*'),
      iam(partition, PARTNER, 'role/r'),
      iam(partition, PARTNER, 'user/deep/*'),
      iam(partition, PARTNER, 'root'),
      iam(partition, '*', 'role/*'),
      iam(partition, '*', 'user/*'),
      iam(partition, HOME, 'user/*'),
      iam(partition, HOME, 'role/app'),
      iam(partition, HOME, 'user/team/*'),
      sts(partition, PARTNER, 'federated-user/*'),
    ],
  },
  'aws:PrincipalAccount': { kind: 'text', values: [HOME, OTHER, PARTNER, PARTNER_2, MEMBER] },
  'aws:userid': {
    kind: 'text',
    values: [`${UNIQUE_ROLE}:*`, UNIQUE_USER, HOME, PARTNER, `${PARTNER}:fred`, 'AROA*:s1', 'AIDA*'],
  },
  'aws:PrincipalOrgID': { kind: 'text', values: [ORGANIZATION, OTHER_ORGANIZATION, 'o-*'] },
  'aws:PrincipalOrgPaths': {
    kind: 'text',
    isSet: true,
    values: [
      `${ORGANIZATION}/${ROOT_ID}/*`,
      `${ORGANIZATION}/*`,
      `${ORGANIZATION}/${ROOT_ID}/ou-ab12-unit0001/`,
      `${OTHER_ORGANIZATION}/*`,
    ],
  },
  'aws:PrincipalServiceName': { kind: 'text', values: [SERVICES[0], SERVICES[1]] },
  'aws:PrincipalServiceNamesList': { kind: 'text', isSet: true, values: [SERVICES[0], SERVICES[1]] },
  'aws:PrincipalIsAWSService': { kind: 'bool', values: ['true', 'false'] },
  'aws:PrincipalType': {
    kind: 'text',
    values: ['User', 'AssumedRole', 'Account', 'FederatedUser', 'Anonymous'],
  },
  'aws:username': { kind: 'text', values: ['al', 'u', 'bo', 'v'] },
  'aws:PrincipalTag/team': { kind: 'text', values: ['red', 'payments', 're*', ''] },
  'kms:CallerAccount': { kind: 'text', values: [HOME, PARTNER] },
})

const requestKeys = (partition: Partition): Readonly<Record<string, DrawnKey>> => ({
  'aws:SourceArn': {
    kind: 'arn',
    values: [
      `arn:${partition}:sns:${regionOf(partition)}:${HOME}:news`,
      `arn:${partition}:s3:::data`,
      `arn:${partition}:lambda:*:${HOME}:function:*`,
    ],
  },
  'aws:SourceAccount': { kind: 'text', values: [HOME, PARTNER] },
  'aws:SourceIp': {
    kind: 'ip',
    values: ['192.0.2.0/24', '203.0.113.7/32', '0.0.0.0/0', '0.0.0.0/1', '10.0.0.0/8', '2001:db8::/32'],
  },
  'aws:SourceVpc': { kind: 'text', values: ['vpc-0a1b2c3d', 'vpc-*'] },
  'aws:SourceVpce': { kind: 'text', values: ['vpce-0a1b2c3d', 'vpce-*'] },
  'aws:SecureTransport': { kind: 'bool', values: ['true', 'false'] },
  'aws:ResourceAccount': { kind: 'text', values: [HOME, PARTNER] },
  'aws:ResourceTag/env': { kind: 'text', values: ['prod', 'dev', ''] },
  'aws:ResourceOrgID': { kind: 'text', values: [ORGANIZATION, OTHER_ORGANIZATION] },
  'aws:RequestedRegion': { kind: 'text', values: [regionOf(partition), 'us-east-1'] },
  'sts:ExternalId': { kind: 'text', values: ['abc'] },
  'aws:TokenIssueTime': { kind: 'text', values: [] },
  'ec2:ResourceTag/env': { kind: 'text', values: ['prod', 'dev', ''] },
})

const providerKeys: Readonly<Record<string, DrawnKey>> = {
  'token.actions.githubusercontent.com:aud': { kind: 'text', values: ['sts.amazonaws.com'] },
  'token.actions.githubusercontent.com:sub': {
    kind: 'text',
    values: ['repo:example/app:*', 'repo:*', 'repo:example/app:ref:refs/heads/main'],
  },
  'accounts.google.com:aud': { kind: 'text', values: ['app.example.com'] },
  'accounts.google.com:sub': { kind: 'text', values: ['1234567890'] },
  'SAML:aud': { kind: 'text', values: ['https://signin.aws.amazon.com/saml'] },
}

/** By the kinds of operator that fit a key. */
const OPERATORS: Readonly<Record<Kind, readonly string[]>> = {
  text: [
    'StringEquals',
    'StringEquals',
    'StringLike',
    'StringNotEquals',
    'StringNotLike',
    'StringEqualsIgnoreCase',
  ],
  arn: [
    'ArnLike',
    'ArnLike',
    'ArnEquals',
    'StringLike',
    'StringEquals',
    'ArnNotLike',
    'StringNotLike',
    'ArnNotEquals',
  ],
  bool: ['Bool'],
  ip: ['IpAddress', 'IpAddress', 'NotIpAddress'],
}

/** One operator on one key. */
function drawOne(random: Random, key: string, { kind, isSet = false, values }: DrawnKey): ConditionBlock {
  if (values.length === 0 || random.chance(0.06)) return { Null: { [key]: random.pick(['true', 'false']) } }
  const operator = random.pick(OPERATORS[kind])
  // A plain operator on a key with several values, and `ForAnyValue…IfExists` in a Deny, are open by the documentation.
  const quantifier = isSet
    ? random.pick(['ForAnyValue:', 'ForAnyValue:', 'ForAllValues:'])
    : random.chance(0.05)
      ? 'ForAllValues:'
      : ''
  const ifExists = quantifier !== 'ForAnyValue:' && random.chance(0.15) ? 'IfExists' : ''
  const first = random.pick(values)
  const second = random.chance(0.25) && kind !== 'bool' ? random.pick(values) : first
  return { [`${quantifier}${operator}${ifExists}`]: { [key]: second === first ? first : [first, second] } }
}

/** Those by which a policy most often tells principals apart. */
const OFTEN = [
  'aws:PrincipalArn',
  'aws:PrincipalOrgID',
  'aws:PrincipalAccount',
  'aws:PrincipalTag/team',
  'aws:SourceIp',
]

/** Which kind of policy a condition is for: keys that its requests never carry come seldom. */
type ConditionUse = 'identity' | 'resource' | 'trust' | 'control'

/** @returns perhaps none */
export function drawCondition(
  random: Random,
  partition: Partition,
  use: ConditionUse,
): ConditionBlock | null {
  const pools =
    use === 'identity'
      ? [requestKeys(partition), requestKeys(partition), principalKeys(partition)]
      : use === 'trust'
        ? [principalKeys(partition), principalKeys(partition), requestKeys(partition), providerKeys]
        : [principalKeys(partition), principalKeys(partition), requestKeys(partition)]
  let block: ConditionBlock = {}
  for (let left = random.chance(0.2) ? 2 : 1; left > 0; left--) {
    const pool = random.pick(pools)
    const key = random.chance(0.35) ? random.pick(OFTEN) : random.pick(Object.keys(pool))
    if (!(key in pool)) continue
    const spec = pool[key]
    if (spec !== undefined) block = { ...block, ...drawOne(random, key, spec) }
  }
  return Object.keys(block).length === 0 ? null : block
}

/** One operator on one key that speaks of who asks. */
export function drawOfPrincipal(random: Random, partition: Partition): ConditionBlock {
  const keys = principalKeys(partition)
  const [key, spec] = random.pick(Object.entries(keys))
  return drawOne(random, key, spec)
}

/** What one of two accounts outside meets, and the other doesn't. */
export function drawOneOfTwo(random: Random, partition: Partition): ConditionBlock {
  const one = random.pick([PARTNER, PARTNER_2])
  const is = random.chance(0.6)
  switch (random.below(3)) {
    case 0:
      return { [is ? 'StringEquals' : 'StringNotEquals']: { 'aws:PrincipalAccount': one } }
    case 1:
      return { [is ? 'ArnLike' : 'ArnNotLike']: { 'aws:PrincipalArn': iam(partition, one, 'role/*') } }
    default:
      return { [is ? 'StringLike' : 'StringNotLike']: { 'aws:PrincipalArn': iam(partition, one, '*') } }
  }
}

/** What a trust policy asks of sessions of a provider. */
export function drawProviderCondition(random: Random, provider: string): ConditionBlock | null {
  const prefix = provider.includes('githubusercontent')
    ? 'token.actions.githubusercontent.com'
    : provider === 'accounts.google.com'
      ? provider
      : null
  if (prefix === null)
    return random.chance(0.5) ? { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } } : null
  const block: Record<string, ConditionBlock[string]> = {}
  for (const [key, spec] of Object.entries(providerKeys))
    if (key.startsWith(prefix) && random.chance(0.5)) Object.assign(block, drawOne(random, key, spec))
  return Object.keys(block).length === 0 ? null : block
}

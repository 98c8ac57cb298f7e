// Random cases that mean something: a request first, then policies that nearly match it: one character, one case, one
// layer, one missing key off.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import type { CasePolicies, CaseRequest, Document, Given, Statement } from '../oracle/case.ts'

export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)]
    if (picked === undefined) throw new Error('nothing to pick from')
    return picked
  }

  some<T>(most: number, make: () => T): readonly T[] {
    return Array.from({ length: this.below(most + 1) }, make)
  }
}

const HOME = '111122223333'
const AWAY = '444455556666'

const PRINCIPALS = [
  `arn:aws:iam::${HOME}:user/alice`,
  `arn:aws:iam::${HOME}:user/team/bob`,
  `arn:aws:iam::${HOME}:role/deploy`,
  `arn:aws:sts::${HOME}:assumed-role/deploy/ci`,
  `arn:aws:sts::${HOME}:assumed-role/AWSServiceRoleForX/s1`,
  `arn:aws:sts::${HOME}:federated-user/fred`,
  `arn:aws:iam::${HOME}:root`,
  `arn:aws:iam::${AWAY}:user/alice`,
  `arn:aws:iam::${AWAY}:root`,
  `arn:aws:sts::${AWAY}:assumed-role/deploy/ci`,
  `arn:aws:iam::${HOME}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX`,
  `arn:aws-cn:iam::${HOME}:user/alice`,
  'lambda.amazonaws.com',
  '*',
  `arn:aws:iam::${HOME}:saml-provider/corp`,
  'federated:accounts.google.com',
  'cognito-identity.amazonaws.com',
  `canonical:${'79a59df9'.repeat(8)}`,
  'id:AIDAEXAMPLEEXAMPLE01',
  'id:AROAEXAMPLEEXAMPLE01',
  `arn:aws-cn:iam::${HOME}:root`,
  `arn:aws:sts::${AWAY}:federated-user/fred`,
]
/** The ordinary ones come most often. */
const USUAL = [...PRINCIPALS.slice(0, 4), ...PRINCIPALS.slice(0, 4), ...PRINCIPALS]

const ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  's3:ListAllMyBuckets',
  'iam:PassRole',
  'sqs:SendMessage',
  'sts:AssumeRole',
  'sts:AssumeRoleWithSAML',
  'sts:AssumeRoleWithWebIdentity',
  'sts:TagSession',
  'sts:GetSessionToken',
  'sts:GetCallerIdentity',
  'kms:Decrypt',
  'sts:SetContext',
  'sts:AssumeRoot',
  'iam:GetPolicy',
  'iam:DeletePolicy',
  'kms:DeleteAlias',
]

const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  s3: [
    'arn:aws:s3:::data/alice/x',
    'arn:aws:s3:::data/team:a/é*',
    'arn:aws:s3:::data',
    '*',
    'arn:aws-cn:s3:::data/x',
  ],
  iam: [
    `arn:aws:iam::${HOME}:role/deploy`,
    `arn:aws:iam::${AWAY}:role/team/x`,
    'arn:aws:iam::aws:policy/ReadOnlyAccess',
  ],
  sqs: [`arn:aws:sqs:us-east-1:${HOME}:q`, `arn:aws:sqs:us-west-1:${AWAY}:q:r`],
  sts: [`arn:aws:iam::${HOME}:role/deploy`, `arn:aws:iam::${AWAY}:role/other`, '*'],
  kms: [
    `arn:aws:kms:us-east-1:${HOME}:key/k1`,
    `arn:aws:kms:us-east-1:${AWAY}:key/k2`,
    `arn:aws:kms:us-east-1:${HOME}:alias/a1`,
    `arn:aws:kms:us-east-1:${HOME}:alias/aws/s3`,
    '*',
  ],
}

const TEXTS = [
  'alice',
  'Alice',
  'al*ce',
  'al?ce',
  'bob',
  '',
  'é',
  'É',
  'a:b/c',
  'data',
  'team a',
  '${x}',
  'aaa',
]
const NUMBERS = [
  '0',
  '-0',
  '10',
  '10.0',
  '10.05',
  '1.005e1',
  '9.99',
  '1e1',
  '-3',
  '007',
  '.5',
  '5.',
  '1.',
  'x',
  '',
  '1e',
  '99999999999999999999',
  '99999999999999999998',
]
const DATES = [
  '2026-01-01T00:00:00Z',
  '2026-01-01T01:00:00+01:00',
  '2026-01-01',
  '2026-01',
  '2026',
  '1767225600',
  '1767225600.5',
  '2026-01-01T00:00:00.5Z',
  '2026-02-30',
  '2026-01-01T00:00Z',
  '2025-12-31T24:00:00Z',
  '-1.5',
  '1969-12-31T23:59:58.5Z',
  '2026-01-01T00:00:00',
  '2024-02-29',
  '2023-02-29',
  '0000-01-01',
  '9999-12-31T23:59:60-0130',
  'soon',
  '',
]
const ADDRESSES = [
  '10.0.0.1',
  '10.0.0.0/8',
  '10.1.2.3/8',
  '10.0.0.1/32',
  '0.0.0.0/0',
  '10.0.0.01',
  '10.0.0.256',
  '2001:db8::1',
  '2001:DB8:0:0:0:0:0:1',
  '2001:db8::/32',
  '::ffff:10.0.0.1',
  '::ffff:a00:1',
  '::/0',
  '::',
  '1:2:3:4:5:6:7::',
  '10.0.0.0/33',
  '10.0.0.0/08',
  'x',
  '',
]
const BOOLEANS = ['true', 'false', 'True', 'FALSE', 'yes', '']
const BINARIES = ['QUJD', 'QUI=', 'QUJ=', 'QQ==', 'QR==', 'QQ', '', '*', 'QUJDRA==']
const ARNS = [
  'arn:aws:s3:::data',
  'arn:aws:s3:::da*',
  'arn:aws:iam::*:user/alice',
  `arn:aws:iam::${HOME}:user/alice`,
  `arn:aws:iam::${HOME}:role/*`,
  'arn:aws:*',
  '*',
  'arn:aws:sns:us-*-1:*:t',
  `arn:aws:sns:us-east-1:${HOME}:t:u`,
  'arn:*:iam::?:x',
  'data',
  '${aws:PrincipalArn}',
  'arn:aws:iam::${aws:PrincipalAccount}:user/${aws:username}',
  '',
]

const ACCOUNTS = [HOME, AWAY, 'anonymous', '']
const SERVICES = ['lambda.amazonaws.com', 'ec2.amazonaws.com']

/** Context keys with the values that they may have and what may be asked of them. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'aws:PrincipalTag/team': TEXTS,
  'aws:TagKeys': TEXTS,
  's3:prefix': TEXTS,
  'aws:username': TEXTS,
  's3:max-keys': NUMBERS,
  'aws:CurrentTime': DATES,
  'aws:SourceIp': ADDRESSES,
  'aws:SecureTransport': BOOLEANS,
  'aws:MultiFactorAuthPresent': BOOLEANS,
  'x:binary': BINARIES,
  'aws:SourceArn': ARNS,
  'aws:PrincipalArn': ARNS,
  'aws:TokenIssueTime': DATES,
  'aws:PrincipalType': ['User', 'AssumedRole', 'Account'],
  'aws:PrincipalAccount': ACCOUNTS,
  'aws:ResourceAccount': ACCOUNTS,
  'aws:PrincipalIsAWSService': BOOLEANS,
  'aws:userid': [...ACCOUNTS, `${HOME}:fred`],
  'aws:PrincipalServiceName': SERVICES,
  'aws:PrincipalServiceNamesList': SERVICES,
  'kms:CallerAccount': ACCOUNTS,
}
const KEY_NAMES = Object.keys(KEYS)

const OPERATORS: readonly (readonly [string, readonly string[]])[] = [
  ['StringEquals', TEXTS],
  ['StringNotEquals', TEXTS],
  ['StringEqualsIgnoreCase', TEXTS],
  ['StringNotEqualsIgnoreCase', TEXTS],
  ['StringLike', TEXTS],
  ['StringNotLike', TEXTS],
  ['NumericEquals', NUMBERS],
  ['NumericNotEquals', NUMBERS],
  ['NumericLessThan', NUMBERS],
  ['NumericLessThanEquals', NUMBERS],
  ['NumericGreaterThan', NUMBERS],
  ['NumericGreaterThanEquals', NUMBERS],
  ['DateEquals', DATES],
  ['DateNotEquals', DATES],
  ['DateLessThan', DATES],
  ['DateLessThanEquals', DATES],
  ['DateGreaterThan', DATES],
  ['DateGreaterThanEquals', DATES],
  ['Bool', BOOLEANS],
  ['BinaryEquals', BINARIES],
  ['IpAddress', ADDRESSES],
  ['NotIpAddress', ADDRESSES],
  ['ArnEquals', ARNS],
  ['ArnLike', ARNS],
  ['ArnNotEquals', ARNS],
  ['ArnNotLike', ARNS],
  ['Null', BOOLEANS],
]

const VARIABLES = [
  '${aws:username}',
  '${AWS:UserName}',
  "${aws:PrincipalTag/team, 'none'}",
  '${aws:PrincipalTag/team}',
  '${aws:TagKeys}',
  "${aws:TagKeys, 'many'}",
  '${*}',
  '${?}',
  '${$}',
  '${aws:PrincipalAccount}',
  '${aws:ResourceAccount}',
  '${no:such}',
  "${no:such , 'a*b' }",
]

/** One change that a person could make by mistake. */
function nearMiss(random: Random, text: string): string {
  if (text === '') return random.pick(['', '*', 'x'])
  const at = random.below(text.length)
  switch (random.below(10)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1)
    case 1:
      return `${text.slice(0, at)}x${text.slice(at)}`
    case 2:
      return `${text.slice(0, at)}?${text.slice(at + 1)}`
    case 3:
      return `${text.slice(0, at)}*`
    case 4:
      return `${text.slice(0, at)}*${text.slice(at + random.below(6))}`
    case 5:
      return text.toUpperCase()
    case 6:
      return `*${text.slice(at)}`
    case 7:
      return `${text.slice(0, at)}${random.pick(VARIABLES)}${text.slice(at + random.below(8))}`
    case 8:
      return `${text}*`
    default:
      return text
  }
}

function request(random: Random): CaseRequest {
  const action = random.pick(ACTIONS)
  const service = action.split(':')[0] ?? ''
  const context: Record<string, string | readonly string[]> = {}
  for (const key of KEY_NAMES) {
    if (!random.chance(0.35)) continue
    const values = KEYS[key] ?? TEXTS
    const spelled = random.chance(0.2) ? key.toLowerCase() : key
    context[spelled] = random.chance(0.25)
      ? random.some(3, () => random.pick(values))
      : random.chance(0.2)
        ? nearMiss(random, random.pick(values))
        : random.pick(values)
  }
  const resource =
    action === 's3:ListAllMyBuckets' && random.chance(0.7) ? '*' : random.pick(RESOURCES[service] ?? ['*'])
  return {
    principal: random.pick(USUAL),
    action,
    resource: resource !== '*' && random.chance(0.1) ? nearMissOfArn(random, resource) : resource,
    ...(random.chance(0.1) ? { resourceAccount: random.pick([HOME, AWAY]) } : {}),
    context,
  }
}

/** An ARN of somebody else who is nearly called the same; a principal has no wildcards. */
function nearMissOfName(random: Random, arn: string): string {
  const at = arn.length - 1 - random.below(3)
  return random.pick([
    `${arn}x`,
    arn.slice(0, -1),
    arn.slice(0, at) + arn.slice(at).toUpperCase(),
    arn.replace(HOME, AWAY),
    arn.replace('arn:aws:', 'arn:aws-cn:'),
  ])
}

/** A request's ARN must stay one. */
function nearMissOfArn(random: Random, arn: string): string {
  const [head = '', tail = ''] = /^((?:[^:]*:){5})(.*)$/s.exec(arn)?.slice(1) ?? []
  return head + nearMiss(random, tail)
}

function actionEntry(random: Random, { action }: CaseRequest): string {
  const [prefix = '', name = ''] = action.split(':')
  const at = random.below(name.length)
  switch (random.below(8)) {
    case 0:
      return '*'
    case 1:
      return `${prefix}:*`
    case 2:
      return `${prefix}:${name.slice(0, at)}*`
    case 3:
      return `${prefix}:${name.slice(0, at)}?${name.slice(at + 1)}`
    case 4:
      return action.toUpperCase()
    case 5:
      return random.pick(ACTIONS)
    case 6:
      return `${prefix}:${name.slice(0, at)}*${name.slice(at + 1)}`
    default:
      return action
  }
}

const FOR_ANY_RESOURCE = [
  '*',
  'arn:*',
  'arn:aws:s3:::*',
  'arn:aws:s3:::**',
  'arn:aws:s3:::',
  'arn:aws:s3:::?*',
  'arn:aws:s3:::data',
]

function resourceEntry(random: Random, { resource }: CaseRequest): string {
  const entry = resource === '*' ? random.pick(FOR_ANY_RESOURCE) : resource
  const changed = random.chance(0.25)
    ? '*'
    : random.chance(0.15)
      ? entry
          .split(':')
          .slice(0, 3 + random.below(3))
          .join(':')
      : random.chance(0.6)
        ? nearMiss(random, entry)
        : entry
  return changed.startsWith('arn:') || /^\*+$/.test(changed) ? changed : entry
}

const many = <T>(random: Random, make: () => T): T | readonly T[] =>
  random.chance(0.6) ? make() : random.chance(0.05) ? [] : [make(), make()]

function condition(random: Random, { context }: CaseRequest): NonNullable<Statement['Condition']> {
  const block: Record<string, Record<string, string | readonly string[]>> = {}
  for (let left = 1 + random.below(2); left > 0; left--) {
    const [operator, values] = random.pick(OPERATORS)
    const set = random.chance(0.3) ? random.pick(['ForAllValues:', 'ForAnyValue:']) : ''
    const ifExists = operator !== 'Null' && random.chance(0.25) ? 'IfExists' : ''
    const given = Object.entries(context ?? {})
    const fitting = KEY_NAMES.filter((key) => KEYS[key] === values)
    const key = random.chance(0.75) && fitting.length > 0 ? random.pick(fitting) : random.pick(KEY_NAMES)
    const ofRequest = given.find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1]
    const wanted = () => {
      if (random.chance(0.45) && typeof ofRequest === 'string') {
        const changed = random.chance(0.5) ? nearMiss(random, ofRequest) : ofRequest
        return changed
      }
      return random.chance(0.15) ? random.pick(VARIABLES) : random.pick(values)
    }
    const keys = block[`${set}${operator}${ifExists}`] ?? {}
    if (!Object.keys(keys).some((name) => name.toLowerCase() === key.toLowerCase()))
      keys[random.chance(0.2) ? key.toUpperCase() : key] = many(random, wanted)
    block[`${set}${operator}${ifExists}`] = keys
  }
  return block
}

function principalBlock(random: Random, { principal }: CaseRequest): NonNullable<Statement['Principal']> {
  const session = /^arn:aws:sts::(\d+):assumed-role\/([^/]+)\//.exec(principal)
  const [, partition = 'aws', account = HOME] = /^arn:([^:]*):(?:iam|sts)::(\d+):/.exec(principal) ?? []
  const names = [
    account,
    `arn:${partition}:iam::${account}:root`,
    random.pick([HOME, AWAY]),
    ...(principal.startsWith('arn:') && !principal.includes('-provider/')
      ? [principal, principal, principal, nearMissOfName(random, principal)]
      : []),
    ...(session === null
      ? []
      : ['', 'team/', 'aws-service-role/x.amazonaws.com/', 'x'].map(
          (path) => `arn:aws:iam::${session[1]}:role/${path}${session[2]}`,
        )),
    ...[HOME, AWAY].map((one) => `arn:${random.pick(['aws', 'aws-cn'])}:iam::${one}:root`),
    random.pick(PRINCIPALS.filter((one) => one.startsWith('arn:') && !one.includes('-provider/'))),
  ]
  if (/-provider|^federated:|^cognito/.test(principal) && random.chance(0.7)) {
    const provider = principal.replace('federated:', '')
    return { Federated: random.chance(0.2) ? nearMiss(random, provider) : provider }
  }
  const [, form, id = ''] = /^(canonical|id):(.*)$/.exec(principal) ?? []
  if (form !== undefined && random.chance(0.7)) {
    const given = random.chance(0.2) ? `${id.slice(0, -1)}${random.pick(['2', 'a', 'A'])}` : id
    return form === 'canonical' ? { CanonicalUser: given } : { AWS: [given, random.pick(names)] }
  }
  switch (random.below(6)) {
    case 0:
      return '*'
    case 1:
      return { Service: random.pick(['lambda.amazonaws.com', 'ec2.amazonaws.com']) }
    case 2:
      return { AWS: random.chance(0.1) ? [] : ['*'], Service: 'ec2.amazonaws.com' }
    default:
      return {
        AWS: random.chance(0.5)
          ? random.pick(names)
          : [random.pick(names), random.pick(names), random.pick(names)],
      }
  }
}

type Use = 'identity' | 'scp' | 'rcp' | 'resource'

function statement(random: Random, asked: CaseRequest, use: Use): Statement {
  const isTrust = use === 'resource' && asked.action.startsWith('sts:')
  const action = many(random, () => actionEntry(random, asked))
  const resource = many(random, () => resourceEntry(random, asked))
  const block = use === 'resource' ? principalBlock(random, asked) : null
  return {
    Effect: random.chance(use === 'rcp' ? 0.2 : 0.3) ? 'Deny' : 'Allow',
    ...(block === null
      ? use === 'rcp'
        ? { Principal: '*' }
        : {}
      : random.chance(0.15) && !isTrust
        ? { NotPrincipal: block }
        : { Principal: block }),
    ...(random.chance(0.12) ? { NotAction: action } : { Action: action }),
    ...(isTrust || (use === 'resource' && random.chance(0.2))
      ? {}
      : random.chance(0.12)
        ? { NotResource: resource }
        : { Resource: resource }),
    ...(random.chance(0.55) ? { Condition: condition(random, asked) } : {}),
  }
}

function document(random: Random, asked: CaseRequest, use: Use): Document {
  const statements = Array.from({ length: 1 + random.below(2) }, () => statement(random, asked, use))
  const version = random.chance(0.85) ? '2012-10-17' : random.pick(['2008-10-17', null])
  return { ...(version === null ? {} : { Version: version }), Statement: statements }
}

const EVERYTHING: Document = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}

const FOR_EVERYBODY: Document = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
}

export function randomCase(random: Random): Given {
  const asked = request(random)
  const documents = (use: Use, most: number) =>
    Array.from({ length: 1 + random.below(most) }, () =>
      random.chance(0.3) && use !== 'rcp' ? EVERYTHING : document(random, asked, use),
    )
  const policies: CasePolicies = {
    ...(random.chance(0.9) ? { identity: documents('identity', 2) } : {}),
    ...(random.chance(0.25) ? { boundary: documents('identity', 1) } : {}),
    ...(random.chance(0.2) ? { session: documents('identity', 2) } : {}),
    ...(random.chance(0.15)
      ? {
          scp: random.some(2, () =>
            random.some(2, () => (random.chance(0.6) ? EVERYTHING : document(random, asked, 'scp'))),
          ),
        }
      : {}),
    ...(random.chance(0.1)
      ? {
          rcp: random.some(2, () => [...documents('rcp', 1), FOR_EVERYBODY]),
        }
      : {}),
    ...(random.chance(0.4) ? { resource: document(random, asked, 'resource') } : {}),
    ...(random.chance(0.12)
      ? {
          endpoint: Array.from({ length: 1 + random.below(2) }, () =>
            random.chance(0.4) ? FOR_EVERYBODY : document(random, asked, 'resource'),
          ),
          ...(random.chance(0.5) ? { endpointType: random.pick(['interface', 'gateway'] as const) } : {}),
        }
      : {}),
  }
  return { request: asked, policies, ...parentOf(random, asked.principal) }
}

/** Federated users have the credentials of a user whom policies name, too. */
function parentOf(random: Random, principal: string): Pick<Given, 'parent'> {
  const [, account] = /^arn:aws:sts::(\d{12}):federated-user\//.exec(principal) ?? []
  return account === undefined || random.chance(0.3) ? {} : { parent: `arn:aws:iam::${account}:user/alice` }
}

// Keys that few policies ask for, by operators of every kind: numbers, dates, bytes, addresses, sets with several values; in other
// letter cases; and compared with what else the request says. Put into policies that are drawn already, where the action has them.
import type { ConditionBlock, PolicyStatement } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import type { Asked } from './asked.ts'
import { replacing, statementsIn } from './draw-sign-in.ts'
import type { EstatePair } from './estate-spec.ts'
import { HOME, ORGANIZATION, PARTNER } from './world.ts'

/** @see Service Authorization Reference: condition keys of each action; IAM User Guide, "AWS global condition context keys" */
interface RareKey {
  readonly key: string
  /** Actions whose requests may carry it, in lower case. */
  readonly of: RegExp
  readonly operators: readonly string[]
  /** What policies compare it with. */
  readonly values: readonly string[]
  /** What requests say. */
  readonly said: readonly string[]
  /** Requests may say several at once. */
  readonly isSet?: true
  readonly isAlwaysThere?: true
}

const TEXT = ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase']
const ARN = ['ArnLike', 'ArnNotLike', 'ArnEquals', 'StringLike', 'StringNotEquals']
const NUMBER = [
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
]
const DATE = ['DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan']
const ADDRESS = ['IpAddress', 'NotIpAddress']
const ANY = /./

const KEYS: readonly RareKey[] = [
  {
    key: 's3:max-keys',
    of: /^s3:listbucket$/,
    operators: NUMBER,
    values: ['10', '10.0', '100', '0'],
    said: ['10', '9', '100', '1000', '0'],
  },
  {
    key: 's3:prefix',
    of: /^s3:listbucket$/,
    operators: TEXT,
    values: ['', 'home/', 'home/*', 'Home/?', `\${aws:username}/*`],
    said: ['', 'home/', 'home/al', 'HOME/', 'Home/x', 'al/x'],
  },
  {
    key: 's3:delimiter',
    of: /^s3:listbucket$/,
    operators: TEXT,
    values: ['/', ''],
    said: ['/', '', '-'],
  },
  {
    key: 's3:signatureAge',
    of: /^s3:/,
    operators: NUMBER,
    values: ['600000', '60000'],
    said: ['0', '60000', '600001', '60000.5'],
  },
  {
    key: 's3:TlsVersion',
    of: /^s3:/,
    operators: NUMBER,
    values: ['1.2', '1.20', '1.3'],
    said: ['1.1', '1.2', '1.3'],
  },
  {
    key: 's3:x-amz-acl',
    of: /^s3:putobject$/,
    operators: TEXT,
    values: ['public-read', 'bucket-owner-full-control', 'public-*'],
    said: ['public-read', 'private', 'bucket-owner-full-control'],
  },
  {
    key: 's3:RequestObjectTagKeys',
    of: /^s3:putobject$/,
    operators: TEXT,
    values: ['env', 'team', 'e*'],
    said: ['env', 'team', 'cost'],
    isSet: true,
  },
  {
    key: 's3:RequestObjectTag/env',
    of: /^s3:putobject$/,
    operators: TEXT,
    values: ['prod', 'dev', '', `\${aws:PrincipalTag/team}`],
    said: ['prod', 'dev', '', 'red', 'payments'],
  },
  {
    key: 's3:ExistingObjectTag/env',
    of: /^s3:getobject$/,
    operators: TEXT,
    values: ['prod', 'p*', `\${aws:PrincipalTag/team}`],
    said: ['prod', 'pre', '', 'red'],
  },
  {
    key: 'kms:ViaService',
    of: /^kms:decrypt$/,
    operators: TEXT,
    values: ['s3.eu-west-1.amazonaws.com', 's3.*.amazonaws.com', 'ec2.*.amazonaws.com'],
    said: ['s3.eu-west-1.amazonaws.com', 'ec2.us-east-1.amazonaws.com'],
  },
  {
    key: 'kms:EncryptionContext:app',
    of: /^kms:decrypt$/,
    operators: TEXT,
    values: ['pay', 'p*', `\${aws:username}`],
    said: ['pay', 'PAY', 'al', 'other'],
  },
  {
    key: 'kms:EncryptionContextKeys',
    of: /^kms:decrypt$/,
    operators: TEXT,
    values: ['app', 'APP', 'dep*'],
    said: ['app', 'department', 'x'],
    isSet: true,
  },
  {
    key: 'kms:ResourceAliases',
    of: /^kms:decrypt$/,
    operators: TEXT,
    values: ['alias/app', 'alias/*', 'alias/app*'],
    said: ['alias/app', 'alias/other'],
    isSet: true,
  },
  {
    key: 'kms:GrantIsForAWSResource',
    of: /^kms:(?:creategrant|revokegrant|listgrants)$/,
    operators: ['Bool'],
    values: ['true', 'false'],
    said: ['true', 'false'],
  },
  {
    key: 'iam:PassedToService',
    of: /^iam:passrole$/,
    operators: TEXT,
    values: ['ec2.amazonaws.com', 'lambda.amazonaws.com', '*.amazonaws.com'],
    said: ['ec2.amazonaws.com', 'ecs-tasks.amazonaws.com'],
  },
  {
    key: 'iam:AssociatedResourceArn',
    of: /^iam:passrole$/,
    operators: ARN,
    values: [`arn:aws:ec2:*:${HOME}:instance/*`, `arn:aws:lambda:*:*:function:work`],
    said: [`arn:aws:ec2:eu-west-1:${HOME}:instance/i-1`, `arn:aws:lambda:eu-west-1:${PARTNER}:function:work`],
  },
  {
    key: 'secretsmanager:VersionStage',
    of: /^secretsmanager:getsecretvalue$/,
    operators: TEXT,
    values: ['AWSCURRENT', 'AWS*'],
    said: ['AWSCURRENT', 'AWSPREVIOUS', 'own'],
  },
  {
    key: 'secretsmanager:ResourceTag/env',
    of: /^secretsmanager:getsecretvalue$/,
    operators: TEXT,
    values: ['prod', 'dev'],
    said: [],
  },
  {
    key: 'ec2:InstanceType',
    of: /^ec2:stopinstances$/,
    operators: TEXT,
    values: ['t3.*', 't3.micro'],
    said: ['t3.micro', 'm5.large'],
  },
  {
    key: 'ec2:SourceInstanceARN',
    of: ANY,
    operators: ARN,
    values: [`arn:aws:ec2:*:${HOME}:instance/*`],
    said: [`arn:aws:ec2:eu-west-1:${HOME}:instance/i-1`],
  },
  {
    key: 'aws:UserAgent',
    of: ANY,
    operators: TEXT,
    values: ['aws-cli/*', 'secret'],
    said: ['aws-cli/2', 'secret', '', 'Secret'],
  },
  {
    key: 'aws:Referer',
    of: ANY,
    operators: TEXT,
    values: ['https://www.example.com/*', ''],
    said: ['https://www.example.com/', '', 'x'],
  },
  {
    key: 'aws:VpcSourceIp',
    of: ANY,
    operators: ADDRESS,
    values: ['10.0.0.0/8', '10.1.2.3', '10.1.2.3/8', '2001:DB8::/32'],
    said: ['10.1.2.3', '192.168.0.1', '2001:db8:0:0::1'],
  },
  {
    key: 'aws:CurrentTime',
    of: ANY,
    operators: DATE,
    values: ['2030-06-01T12:00:00Z', '2030-06-01T14:00:00+02:00', '1906545600', '2030-06-02'],
    said: ['2030-06-01T12:00:00Z', '2030-06-01', '2031-01-01T00:00:00Z', '2026-06-01T12:00:00Z'],
    isAlwaysThere: true,
  },
  {
    key: 'aws:EpochTime',
    of: ANY,
    operators: [...NUMBER, ...DATE],
    values: ['1906545600', '1906545600.0'],
    said: ['1906545600', '1906545601', '1780315200'],
    isAlwaysThere: true,
  },
  {
    key: 'aws:ResourceOrgPaths',
    of: ANY,
    operators: TEXT,
    values: [`${ORGANIZATION}/*`, `${ORGANIZATION}/r-ab12/ou-ab12-unit0001/*`],
    said: [],
    isSet: true,
  },
  {
    key: 'sts:RoleSessionName',
    of: /^sts:assumerole/,
    operators: TEXT,
    values: [`\${aws:username}`, 's1', 'ci-*'],
    said: ['al', 's1', 'ci-7', 'S1', 'u'],
  },
  {
    key: 'aws:ResourceAccount',
    of: ANY,
    operators: ['StringEquals', 'StringNotEquals'],
    values: [`\${aws:PrincipalAccount}`],
    said: [],
  },
  {
    key: 'aws:ResourceOrgID',
    of: ANY,
    operators: ['StringEquals', 'StringNotEquals'],
    values: [`\${aws:PrincipalOrgID}`],
    said: [],
  },
  {
    key: 'aws:ResourceTag/env',
    of: ANY,
    operators: TEXT,
    values: [`\${aws:PrincipalTag/team}`, `\${aws:PrincipalTag/team, 'prod'}`],
    said: [],
  },
  {
    key: 'aws:PrincipalTag/team',
    of: ANY,
    operators: TEXT,
    values: [`\${aws:ResourceTag/env}`, `\${aws:username}`, `x\${aws:PrincipalAccount}`],
    said: [],
  },
]

const BY_NAME = new Map(KEYS.map((each) => [each.key.toLowerCase(), each]))

/** What a request says of one of them; null: it is none of them, or another module knows. @param key in lower case */
export function choicesOfRareKeys(
  key: string,
  { action, resource, requester: { kind, before, after } }: Asked,
): readonly (readonly string[] | null)[] | null {
  const found = BY_NAME.get(key)
  if (found === undefined || found.said.length === 0) return null
  if (!found.of.test(action.toLowerCase()) || resource === '*') return [null]
  if (key === 'ec2:sourceinstancearn') {
    // An instance has a role of its own account.
    const account = (after ?? before ?? '').split(':')[4] ?? ''
    return / (?:role|session)$/.test(kind)
      ? [null, [`arn:aws:ec2:eu-west-1:${account}:instance/i-1`]]
      : [null]
  }
  const one = found.said.map((value) => [value])
  const several = found.isSet === true ? [found.said.slice(0, 2), found.said.slice(1), [...found.said]] : []
  return [null, ...one, ...several]
}

/** Some statements ask for such a key: in both states, or from now on, or otherwise in each. */
export function withRareKeys(pair: EstatePair, random: Random): EstatePair {
  const all = [...new Set(statementsIn(pair.after))]
  if (all.length === 0) return pair
  const now = new Map<unknown, PolicyStatement>()
  const was = new Map<unknown, PolicyStatement>()
  for (let left = 1 + random.below(3); left > 0; left--) {
    const statement = random.pick(all)
    const block = drawRare(random, statement)
    if (block === null) continue
    const asking = (each: ConditionBlock) => ({ ...statement, Condition: merged(statement.Condition, each) })
    now.set(statement, asking(block))
    const other = random.chance(0.3) ? drawRare(random, statement) : block
    if (other !== null) was.set(statement, asking(other))
  }
  const after = replacing(pair.after, now)
  return { before: random.chance(0.7) ? replacing(pair.before, was) : pair.before, after }
}

const merged = (one: ConditionBlock | undefined, other: ConditionBlock): ConditionBlock => {
  const block: Record<string, ConditionBlock[string]> = { ...one }
  for (const [operator, keys] of Object.entries(other)) block[operator] = { ...block[operator], ...keys }
  return block
}

/** null: nothing fits the statement's actions. */
function drawRare(random: Random, { Action: action }: PolicyStatement): ConditionBlock | null {
  const actions = [action ?? '*'].flat().map((each) => each.toLowerCase())
  const fitting = KEYS.filter(
    ({ of }) => of === ANY || actions.some((each) => of.test(each) || isWide(each, of)),
  )
  const ofAction = fitting.filter(({ of }) => of !== ANY)
  const found = random.pick(ofAction.length > 0 && random.chance(0.6) ? ofAction : fitting)
  return conditionOn(random, found)
}

/** `kms:*` and `*`: some action of the service. */
const isWide = (action: string, of: RegExp): boolean =>
  action === '*' || (action.endsWith(':*') && of.source.startsWith(`^${action.slice(0, -1)}`))

function conditionOn(
  random: Random,
  { key, operators, values, isSet, isAlwaysThere }: RareKey,
): ConditionBlock {
  const spelled = random.chance(0.1) ? random.pick([key.toLowerCase(), key.toUpperCase()]) : key
  if (random.chance(0.08) && isAlwaysThere !== true)
    return { Null: { [spelled]: random.pick(['true', 'false']) } }
  const operator = random.pick(operators)
  const quantifier = random.chance(isSet === true ? 0.8 : 0.12)
    ? random.pick(['ForAnyValue:', 'ForAllValues:'])
    : ''
  const ifExists = random.chance(0.2) ? 'IfExists' : ''
  const first = random.pick(values)
  const second = random.chance(0.25) ? random.pick(values) : first
  return {
    [`${quantifier}${operator}${ifExists}`]: { [spelled]: second === first ? first : [first, second] },
  }
}

// Statements in shapes that are rare: actions by pattern or by what they are not, in other letter cases, several at once;
// resources with wildcards anywhere, short ARNs; control policies that allow instead of denying, or spare some actions.
import type { PolicyStatement } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import { replacing, statementsIn } from './draw-sign-in.ts'
import type { EstatePair, OrganizationSpec, Statements } from './estate-spec.ts'
import { HOME } from './world.ts'

/** In both states, or from now on, or otherwise in each. */
export function withShapes(pair: EstatePair, random: Random): EstatePair {
  const all = [...new Set(statementsIn(pair.after))]
  if (all.length === 0) return pair
  const now = new Map<unknown, PolicyStatement>()
  const was = new Map<unknown, PolicyStatement>()
  for (let left = 1 + random.below(3); left > 0; left--) {
    const statement = random.pick(all)
    const shaped = reshaped(statement, random)
    now.set(statement, shaped)
    was.set(statement, random.chance(0.3) ? reshaped(statement, random) : shaped)
  }
  const after = replacing(pair.after, now)
  return { before: random.chance(0.6) ? replacing(pair.before, was) : pair.before, after }
}

function reshaped(statement: PolicyStatement, random: Random): PolicyStatement {
  const roll = random.below(3)
  const once = roll === 1 ? statement : withOtherActions(statement, random)
  return roll === 0 ? once : withOtherResources(once, random)
}

const isTrust = ({ Action: action }: PolicyStatement): boolean =>
  [action ?? []].flat().some((each) => each.startsWith('sts:'))

function withOtherActions(statement: PolicyStatement, random: Random): PolicyStatement {
  const { Action: action, NotAction: besides, ...others } = statement
  const [first = '*', ...more] = [action ?? besides ?? '*'].flat()
  const [service = '', name = '*'] = first === '*' ? ['*', '*'] : first.split(':')
  if (service === 'sts' || service === '*') {
    if (service === 'sts' || statement.Principal !== undefined) return statement
    return {
      ...others,
      NotAction: random.pick<string | readonly string[]>([
        's3:*',
        ['sts:*', 'iam:*'],
        ['s3:Get*', 'sqs:*', 'KMS:*'],
        'iam:PassRole',
      ]),
    }
  }
  switch (random.below(6)) {
    case 0:
      return { ...others, Action: [`${service}:${name.slice(0, 3)}*`, ...more] }
    case 1:
      return { ...others, Action: `${service}:*${name.replace('*', 't').slice(-4)}` }
    case 2:
      return { ...others, Action: `${service.toUpperCase()}:${name.toLowerCase()}` }
    case 3:
      return {
        ...others,
        Action: `${service}:${name.replace(/[a-z]/g, (letter, at) => (at === 3 ? '?' : letter))}`,
      }
    case 4:
      return { ...others, NotAction: [first === `${service}:*` ? 'iam:*' : first, 'iam:*'] }
    default:
      return { ...others, Action: [first, 'iam:PassRole', `${service}:List*`] }
  }
}

function withOtherResources(statement: PolicyStatement, random: Random): PolicyStatement {
  const { Resource: resource, NotResource: besides, ...others } = statement
  const [first, ...more] = [resource ?? besides ?? []].flat()
  // A variable that is cut up is none.
  if (first === undefined || first.includes('${') || isTrust(statement)) return statement
  if (first === '*') {
    // What doesn't begin as an ARN does, and isn't `*`, is refused.
    const wide = random.pick(['arn:*', 'arn:aws:*', 'arn:aws:s3*', `arn:aws:*:*:${HOME}:*`])
    return { ...others, [random.chance(0.75) ? 'Resource' : 'NotResource']: wide }
  }
  const at = random.below(first.length)
  const shaped = random.pick([
    () => `${first.slice(0, at)}?${first.slice(at + 1)}`,
    () => `${first.slice(0, Math.max(8, at))}*`,
    () => first.replace(/:[^:]*$/, ':*'),
    () => first.replace(/\/\*$/, '/?*'),
    () => first.replace(/[^/:]{3}$/, '*'),
    () => first.replace(/:\d{12}:/, ':*:'),
    () => first.replace(/:\d{12}:/, ':1111*:'),
    () => first.replace(/^arn:aws:/, 'arn:*:'),
    () => first.replace(/data/, 'd?t?'),
    () => first.replace(/\/\*$/, '/*/*'),
    () => first.toUpperCase().replace(/^ARN:AWS:[^:]*/, (text) => text.toLowerCase()),
  ])()
  // What AWS refuses as malformed has no meaning.
  if (!/^arn:(?:aws(?:-[\w-]+)?|\*):/.test(shaped)) return statement
  const list = random.chance(0.3) ? [shaped, first, ...more] : shaped
  const isNegated = besides !== undefined ? random.chance(0.8) : random.chance(0.15)
  return { ...others, [isNegated ? 'NotResource' : 'Resource']: list }
}

const REGIONS = ['eu-west-1', 'us-east-1']
const GLOBAL = ['iam:*', 'sts:*', 's3:ListAllMyBuckets']

/** What organizations write: a list of what is allowed, of regions, of principals that are spared. */
const CONTROLS: readonly PolicyStatement[] = [
  {
    Effect: 'Deny',
    NotAction: GLOBAL,
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:RequestedRegion': REGIONS } },
  },
  {
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { StringLike: { 'aws:PrincipalArn': `arn:aws:iam::*:root` } },
  },
  {
    Effect: 'Deny',
    Action: ['iam:*', 's3:Put*', 'sqs:*'],
    Resource: '*',
    Condition: { ArnNotLike: { 'aws:PrincipalArn': [`arn:*:iam::*:role/svc/*`, `arn:*:iam::*:role/app`] } },
  },
  { Effect: 'Deny', NotAction: 's3:GetObject', Resource: '*' },
  { Effect: 'Deny', Action: '*', NotResource: ['arn:aws:s3:::data/*', 'arn:aws:iam::*:role/app'] },
  {
    Effect: 'Deny',
    Action: 's3:*',
    NotResource: `arn:aws:s3:::\${aws:PrincipalAccount}-*`,
    Condition: { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
  },
  {
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: {
      StringNotEqualsIfExists: { 'aws:ResourceOrgID': `\${aws:PrincipalOrgID}` },
      Null: { 'aws:PrincipalOrgID': 'false' },
    },
  },
]
const ALLOWED: readonly Statements[] = [
  [],
  [{ Effect: 'Allow', Action: ['s3:*', 'sqs:*', 'sts:*'], Resource: '*' }],
  [{ Effect: 'Allow', NotAction: 's3:PutObject', Resource: '*' }],
  [{ Effect: 'Allow', Action: '*', Resource: ['arn:aws:s3:::*', 'arn:aws:sqs:*:*:jobs'] }],
  [
    {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    },
  ],
  [
    { Effect: 'Allow', Action: '*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
    { Effect: 'Deny', Action: 'kms:*', Resource: '*' },
  ],
  [{ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::data/a/*' }],
]
/** Of resources, such as denies about a perimeter. */
const PERIMETERS: readonly PolicyStatement[] = [
  {
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:*', 'sts:AssumeRole', 'sqs:*', 'kms:*'],
    Resource: '*',
    Condition: {
      StringNotEqualsIfExists: { 'aws:PrincipalOrgID': `\${aws:ResourceOrgID}` },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    },
  },
  {
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:*', 'sqs:*'],
    Resource: '*',
    Condition: {
      StringNotEqualsIfExists: { 'aws:SourceAccount': `\${aws:ResourceAccount}` },
      Bool: { 'aws:PrincipalIsAWSService': 'true' },
    },
  },
  {
    Effect: 'Deny',
    Principal: '*',
    NotAction: ['s3:GetObject', 'iam:*'],
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:PrincipalAccount': `\${aws:ResourceAccount}` } },
  },
  { Effect: 'Deny', Principal: '*', Action: 's3:*', NotResource: 'arn:aws:s3:::data/*' },
]

/** An organization that writes down what is allowed, at the root or an account. */
export function withControls(pair: EstatePair, random: Random): EstatePair {
  const drawn = (): OrganizationSpec => {
    const { organization } = pair.after
    const base = organization ?? {
      accounts: random.chance(0.5) ? ['333344445555', HOME] : ['333344445555'],
      unit: [],
    }
    const accounts = base.accounts ?? []
    const unit = base.unit ?? []
    const isIn = [...accounts, ...unit].includes(HOME)
    const whole = isIn ? base : { ...base, unit: [HOME] }
    return {
      ...whole,
      ...(random.chance(0.6) ? { scp: [random.pick(CONTROLS)] } : {}),
      ...(random.chance(0.4) ? { unitScp: [random.pick(CONTROLS), random.pick(CONTROLS)] } : {}),
      ...(random.chance(0.4) ? { allowed: random.pick(ALLOWED) } : {}),
      ...(random.chance(0.4) ? { rcp: [random.pick(PERIMETERS)] } : {}),
    }
  }
  const now = drawn()
  return {
    before: random.chance(0.6)
      ? { ...pair.before, organization: random.chance(0.6) ? now : drawn() }
      : pair.before,
    after: { ...pair.after, organization: now },
  }
}

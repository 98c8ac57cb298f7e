// Random policies of every type.
import type { ConditionBlock, PolicyStatement, PrincipalBlock } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import { drawCondition, drawOneOfTwo, drawProviderCondition } from './draw-conditions.ts'
import { drawPrincipal, drawSpared, drawTrusted } from './draw-principals.ts'
import type { Statements } from './estate-spec.ts'
import { HOME, iam, OTHER, type Partition, resourcesOf } from './world.ts'

const ANY_ACTIONS = [
  's3:GetObject',
  's3:GetObject',
  's3:*',
  's3:ListBucket',
  's3:PutObject',
  'sqs:SendMessage',
  'sns:Publish',
  'kms:Decrypt',
  'kms:*',
  'sts:AssumeRole',
  'sts:TagSession',
  'sts:GetFederationToken',
  'secretsmanager:GetSecretValue',
  'lambda:InvokeFunction',
  'ec2:StopInstances',
  'iam:PassRole',
  'iam:CreateUser',
  '*',
  '*',
]

function identityResources(partition: Partition): readonly string[] {
  const found = resourcesOf(partition)
  return [
    '*',
    '*',
    '*',
    `${found.bucket}/*`,
    found.bucket,
    `${found.bucket2}/a/*`,
    found.queue,
    found.key,
    found.secret,
    iam(partition, HOME, 'role/app'),
    iam(partition, OTHER, 'role/far'),
    iam(partition, HOME, 'role/*'),
    `arn:*:s3:::data/*`,
    `arn:${partition}:ecs:*:*:task-definition/open:*`,
  ]
}

const maybe = (random: Random, probability: number, make: () => ConditionBlock | null) => {
  const condition = random.chance(probability) ? make() : null
  return condition === null ? {} : { Condition: condition }
}

const statements = (random: Random, most: number, make: () => PolicyStatement): Statements =>
  Array.from({ length: 1 + random.below(most) }, make)

/** Policies as they are written: action, resource and condition fit each other. */
const USUAL: readonly PolicyStatement[] = [
  {
    Effect: 'Allow',
    Action: 'ec2:StopInstances',
    Resource: '*',
    Condition: { StringEquals: { 'ec2:ResourceTag/env': 'prod' } },
  },
  {
    Effect: 'Allow',
    Action: 'secretsmanager:GetSecretValue',
    Resource: '*',
    Condition: { StringEquals: { 'aws:PrincipalTag/team': 'payments' } },
  },
  {
    Effect: 'Allow',
    Action: 's3:*',
    Resource: '*',
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
  },
  {
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
  },
  { Effect: 'Allow', Action: 's3:*', Resource: '*' },
  { Effect: 'Allow', Action: '*', Resource: '*' },
  { Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: 'arn:aws:s3:::data/*' },
  { Effect: 'Deny', Action: 'ecs:RunTask', Resource: 'arn:aws:ecs:*:*:task-definition/secret:*' },
  { Effect: 'Allow', Action: 'ecs:RunTask', Resource: 'arn:aws:ecs:*:*:task-definition/open:*' },
  {
    Effect: 'Allow',
    Action: 'sns:*',
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:ResourceAccount': '111122223333' } },
  },
]

/** What reads the tags of a declared instance. */
export const BY_INSTANCE_TAG = USUAL.slice(0, 1)

export const drawIdentity = (random: Random, partition: Partition): Statements =>
  statements(random, 2, () =>
    random.chance(0.35)
      ? random.pick(USUAL)
      : {
          Effect: random.chance(0.8) ? 'Allow' : 'Deny',
          ...(random.chance(0.95) ? { Action: random.pick(ANY_ACTIONS) } : { NotAction: ['iam:*', 'kms:*'] }),
          ...(random.chance(0.92)
            ? { Resource: random.pick(identityResources(partition)) }
            : { NotResource: random.pick(identityResources(partition).slice(3)) }),
          ...maybe(random, 0.4, () => drawCondition(random, partition, 'identity')),
        },
  )

export const drawBoundary = (random: Random, partition: Partition): Statements =>
  random.chance(0.5)
    ? [{ Effect: 'Allow', Action: '*', Resource: '*' }, ...drawIdentity(random, partition)]
    : drawIdentity(random, partition)

/** Actions that a resource's own policy speaks of. */
function actionsOn(arn: string): readonly string[] {
  const [, , service = ''] = arn.split(':')
  const actions: Readonly<Record<string, readonly string[]>> = {
    s3: ['s3:GetObject', 's3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:*', '*'],
    sqs: ['sqs:SendMessage', 'sqs:*', '*'],
    sns: ['sns:Publish', 'sns:*'],
    kms: ['kms:Decrypt', 'kms:*'],
    secretsmanager: ['secretsmanager:GetSecretValue', 'secretsmanager:*'],
    lambda: ['lambda:InvokeFunction', 'lambda:*'],
  }
  return actions[service] ?? ['*']
}

function resourcesIn(random: Random, arn: string): PolicyStatement['Resource'] {
  if (arn.includes(':s3:'))
    return random.pick<string | readonly string[]>([
      `${arn}/*`,
      `${arn}/*`,
      [arn, `${arn}/*`],
      `${arn}/a/*`,
      arn,
    ])
  return random.pick(['*', arn])
}

export const drawResourcePolicy = (random: Random, partition: Partition, arn: string): Statements =>
  statements(random, 3, () => {
    const effect = random.chance(0.75) ? 'Allow' : 'Deny'
    const principal: Pick<PolicyStatement, 'Principal' | 'NotPrincipal'> = random.chance(0.07)
      ? { NotPrincipal: drawSpared(random, partition) }
      : { Principal: effect === 'Deny' && random.chance(0.6) ? '*' : drawPrincipal(random, partition) }
    return {
      Effect: effect,
      ...principal,
      Action: random.pick(actionsOn(arn)),
      Resource: resourcesIn(random, arn) ?? '*',
      ...(isOfTwo(principal.Principal) && random.chance(0.6)
        ? { Condition: drawOneOfTwo(random, partition) }
        : {}),
      ...maybe(random, principal.Principal === '*' ? 0.75 : 0.4, () =>
        drawCondition(random, partition, 'resource'),
      ),
    }
  })

/** Two accounts outside, which a condition may tell apart. */
const isOfTwo = (principal: PrincipalBlock | undefined): boolean =>
  typeof principal === 'object' &&
  Array.isArray(principal.AWS) &&
  principal.AWS.every((each) => /^\d{12}$/.test(each))

const providerIn = (principal: PrincipalBlock): string | null =>
  principal !== '*' && typeof principal.Federated === 'string' ? principal.Federated : null

export const drawTrust = (random: Random, partition: Partition): Statements =>
  statements(random, 2, () => {
    const principal = drawTrusted(random, partition)
    const provider = providerIn(principal)
    if (provider !== null)
      return {
        Effect: 'Allow',
        Principal: principal,
        Action: provider.includes('saml-provider')
          ? 'sts:AssumeRoleWithSAML'
          : 'sts:AssumeRoleWithWebIdentity',
        ...maybe(random, 0.7, () => drawProviderCondition(random, provider)),
      }
    return {
      Effect: random.chance(0.88) ? 'Allow' : 'Deny',
      Principal: principal,
      Action: random.chance(0.3) ? ['sts:AssumeRole', 'sts:TagSession'] : 'sts:AssumeRole',
      ...(isOfTwo(principal) && random.chance(0.5) ? { Condition: drawOneOfTwo(random, partition) } : {}),
      ...maybe(random, principal === '*' ? 0.8 : 0.45, () => drawCondition(random, partition, 'trust')),
    }
  })

export const drawServiceControl = (random: Random, partition: Partition): Statements =>
  statements(random, 2, () => ({
    Effect: 'Deny',
    Action: random.pick(ANY_ACTIONS.slice(0, -2)),
    Resource: '*',
    ...maybe(random, 0.6, () => drawCondition(random, partition, 'control')),
  }))

export const drawResourceControl = (random: Random, partition: Partition): Statements =>
  statements(random, 2, () => ({
    Effect: 'Deny',
    Principal: '*',
    Action: random.pick(['s3:*', 's3:GetObject', 'sqs:*', 'kms:*', 'secretsmanager:*', 'sts:AssumeRole']),
    Resource: '*',
    ...maybe(random, 0.85, () => drawCondition(random, partition, 'control')),
  }))

// Questions: one request each, of somebody about something that they might do there.
import type { Random } from '../evaluator/random-cases.ts'
import type { Constants } from './asked.ts'
import { type Context, constantsIn, drawContext } from './contexts.ts'
import { calledLike, objectsIn } from './draw-variables.ts'
import type { EstatePair } from './estate-spec.ts'
import { type Requester, requestersOf } from './requesters.ts'
import { iam, resourcesOf } from './world.ts'

export interface Question {
  readonly requester: Requester
  readonly action: string
  readonly resource: string
  readonly context: Context
  /** Of a session: tags that were passed when it began. */
  readonly sessionTags?: Readonly<Record<string, string>>
}

/** Actions that take a resource of the kind. */
export function actionsFor(resource: string, requester: Requester): readonly string[] {
  if (resource === '*')
    return ['s3:ListAllMyBuckets', 'sts:GetFederationToken', 'kms:CreateKey', 'ec2:DescribeInstances']
  const [, , service = '', , , rest = ''] = resource.split(':')
  if (service === 'iam') {
    if (rest.startsWith('user/')) return ['iam:CreateAccessKey']
    if (requester.kind === 'provider')
      return [
        requester.after?.includes('saml') === true
          ? 'sts:AssumeRoleWithSAML'
          : 'sts:AssumeRoleWithWebIdentity',
      ]
    return ['sts:AssumeRole', 'sts:AssumeRole', 'sts:TagSession', 'iam:PassRole']
  }
  if (service === 's3')
    return rest.includes('/') ? ['s3:GetObject', 's3:PutObject'] : ['s3:ListBucket', 's3:DeleteBucket']
  const others: Readonly<Record<string, readonly string[]>> = {
    sqs: ['sqs:SendMessage'],
    sns: ['sns:Publish'],
    kms: ['kms:Decrypt'],
    secretsmanager: ['secretsmanager:GetSecretValue'],
    lambda: ['lambda:InvokeFunction'],
    ec2: ['ec2:StopInstances'],
  }
  return others[service] ?? []
}

function resourcesIn(pair: EstatePair): readonly string[] {
  const { before, after } = pair
  const partition = after.partition ?? 'aws'
  const declared = new Set([before, after].flatMap(({ resources = {} }) => Object.keys(resources)))
  const all = [...declared].flatMap((arn) => (arn.includes(':s3:') ? [arn, `${arn}/x`, `${arn}/a/x`] : [arn]))
  const roles = new Set(
    [before, after].flatMap(({ accounts }) =>
      Object.entries(accounts).flatMap(([account, { roles: own = {}, users = {} }]) => [
        ...Object.entries(own).map(([name, { path = '/' }]) => iam(partition, account, `role${path}${name}`)),
        ...Object.entries(users)
          .slice(0, 1)
          .map(([name, { path = '/' }]) => iam(partition, account, `user${path}${name}`)),
      ]),
    ),
  )
  const others = resourcesOf(partition)
  const called = objectsIn(pair)
  return [
    ...called,
    ...called,
    ...called,
    ...all,
    ...all,
    ...roles,
    ...roles,
    `${others.undeclaredBucket}/x`,
    others.queue,
    others.secret,
    '*',
  ]
}

const tagName = (key: string) => key.slice(key.indexOf('/') + 1)

export function drawQuestions(pair: EstatePair, random: Random, most: number): readonly Question[] {
  const constants = constantsIn(pair)
  const requesters = requestersOf(pair)
  const resources = resourcesIn(pair)
  const questions = new Map<string, Question>()
  for (let tries = 0; tries < 3 * most && questions.size < most; tries++) {
    const requester = random.pick(requesters)
    const resource = random.pick(resources)
    // A colon of a variable's name ends no segment.
    const actions = actionsFor(resource.replace(/\$\{[^}]*\}/g, 'x'), requester)
    if (actions.length === 0) continue
    const asked = { requester, resource, action: random.pick(actions) }
    const drawn = withSessionTags(
      { ...asked, context: drawContext(asked, constants, pair, random) },
      constants,
      random,
    )
    const question = { ...drawn, resource: calledLike(resource, requester, drawn.context, random) }
    questions.set(keyOf(question), question)
  }
  return [...questions.values()]
}

function withSessionTags(question: Question, constants: Constants, random: Random): Question {
  if (question.requester.kind !== 'own session') return question
  for (const [key, values] of constants)
    if (key.startsWith('aws:principaltag/') && values.size > 0 && random.chance(0.7)) {
      const value = random.pick([...values]).replace(/[*?]/g, 'x')
      return {
        ...question,
        context: new Map([...question.context, [`aws:PrincipalTag/${tagName(key)}`, [value]]]),
        sessionTags: { [tagName(key)]: value },
      }
    }
  return question
}

const keyOf = ({ requester, action, resource, context }: Question): string =>
  `${requester.kind} ${requester.before ?? requester.after} ${requester.parent?.after ?? ''} ${action} ${resource} ${JSON.stringify([...context])}`

import { describe, expect, it } from 'vitest'
import type { IdentifiedPolicy, PolicyLayers } from '../../src/evaluator/layers.ts'
import { createPolicyEvaluator, type PolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import type { RegisteredPrincipal } from '../../src/evaluator/registered.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import { Random } from './random-cases.ts'
import { SEED } from './seed.ts'

const ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  's3:ListAllMyBuckets',
  'kms:Decrypt',
  'iam:GetUser',
  'sts:GetCallerIdentity',
]
const RESOURCES = [
  '*',
  'arn:aws:s3:::data/a',
  'arn:aws:s3:::data/b/x',
  'arn:aws-cn:s3:::data/a',
  'arn:aws:iam::111122223333:user/a',
  'arn:aws:kms:eu-west-1:444455556666:key/k',
]
const CONDITIONS = [
  {},
  {},
  { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } },
  { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } },
  { Condition: { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } } },
  { Condition: { StringEquals: { 'aws:ResourceAccount': '$' + '{aws:PrincipalAccount}' } } },
]

function drawPolicy(random: Random, number: number): IdentifiedPolicy {
  const statements = Array.from({ length: 1 + random.below(3) }, () => ({
    Effect: random.chance(0.75) ? 'Allow' : 'Deny',
    Action: random.chance(0.3) ? '*' : random.pick([...ACTIONS, 's3:*', 'iam:*']),
    Resource: random.pick([
      '*',
      '*',
      'arn:aws:s3:::*',
      'arn:aws:s3:::data/$' + '{aws:PrincipalTag/team}',
      ...RESOURCES,
    ]),
    ...random.pick(CONDITIONS),
  }))
  const { policy } = parsePolicy(
    { Version: '2012-10-17', Statement: statements },
    null,
    'identity',
    'evaluate',
  )
  if (policy === null) throw new Error('the policy is malformed')
  return { id: String(number), policy }
}

/** Who share few policies, so that most are alike but for their tags. */
function drawPrincipal(
  random: Random,
  policies: readonly IdentifiedPolicy[],
  number: number,
): RegisteredPrincipal {
  const some = (most: number) => Array.from({ length: random.below(most + 1) }, () => random.pick(policies))
  const account = random.pick(['111122223333', '111122223333', '444455556666'])
  const partition = random.chance(0.05) ? 'aws-cn' : 'aws'
  const name = random.pick([
    `iam::${account}:user/u${number}`,
    `iam::${account}:user/u${number}`,
    `iam::${account}:role/r${number}`,
    `iam::${account}:role/aws-service-role/x.amazonaws.com/r${number}`,
    `sts::${account}:assumed-role/r/s${number}`,
    `sts::${account}:federated-user/f${number}`,
    `iam::${account}:root`,
  ])
  const principal = random.chance(0.05) ? 'x.amazonaws.com' : `arn:${partition}:${name}`
  const layers: PolicyLayers = {
    ...(random.chance(0.95) ? { identity: some(4) } : {}),
    ...(random.chance(0.3) ? { boundary: some(1) } : {}),
    ...(random.chance(0.1) ? { session: some(2) } : {}),
    ...(random.chance(0.2) ? { scp: [policies.slice(0, 1), some(2)] } : {}),
  }
  const context = new Map(random.chance(0.5) ? [['aws:PrincipalTag/team', [random.pick(['a', 'b'])]]] : [])
  return { principal, layers, context }
}

/** Everybody's own answers, one by one. */
function askEach(
  single: PolicyEvaluator,
  principals: readonly RegisteredPrincipal[],
  asked: Asked,
): readonly number[] {
  const decided = single.evaluateMany(
    principals.map(({ principal, layers, context = new Map() }) => ({
      layers,
      request: { ...asked, principal, context: new Map([...context, ...asked.context]) },
    })),
  )
  return decided.flatMap((decision, place) => (decision === 'allow' ? [place] : []))
}

interface Asked {
  readonly action: string
  readonly resource: string
  readonly context: ReadonlyMap<string, readonly string[]>
}

const drawQuestion = (random: Random): Asked => ({
  action: random.pick(ACTIONS),
  resource: random.pick(RESOURCES),
  context: new Map(
    random.chance(0.7) ? [['aws:RequestedRegion', [random.pick(['eu-west-1', 'us-east-1'])]]] : [],
  ),
})

describe('a question about everybody', () => {
  it.each([
    ['few policies', 12, 600],
    ['many policies', 400, 300],
  ])(
    `finds those whom their own answers allow, whoever came before (%s, seed ${SEED})`,
    async (_, policyCount, most) => {
      const random = new Random(SEED + policyCount)
      const policies = Array.from({ length: policyCount }, (_each, number) => drawPolicy(random, number))
      const evaluator = await createPolicyEvaluator()
      const single = await createPolicyEvaluator()
      const principals: RegisteredPrincipal[] = []
      let found = 0
      while (principals.length < most) {
        const more = 1 + random.below(principals.length + 100)
        for (let count = 0; count < more; count++) {
          const principal = drawPrincipal(random, policies, principals.length)
          principals.push(principal)
          evaluator.registerPrincipal(principal)
        }
        for (let count = 0; count < 25; count++) {
          const asked = drawQuestion(random)
          const answer = evaluator.whoCan(asked)
          expect([...answer], JSON.stringify(asked)).toEqual(askEach(single, principals, asked))
          found += answer.length
        }
      }
      expect(found).toBeGreaterThan(1000)
    },
  )
})

// The ARN of a role whose session a policy names: of which path is told nowhere.
import { describe, expect, test } from 'vitest'
import type { Proof } from '../../../src/access/analysis.ts'
import { proveInvariant } from '../../../src/checks/prove-invariant.ts'
import { createEvaluator } from '../../../src/evaluator/estate/evaluator.ts'
import type { ConditionBlock, PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  document,
  estateWith,
  FACTS,
  grant,
  HOME,
  OUTSIDE,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const BUCKET = 'arn:aws:s3:::data'

const SESSION = `arn:aws:sts::${OUTSIDE}:assumed-role/deploy/s1`
const roleOf = (path: string) => `arn:aws:iam::${OUTSIDE}:role/${path}`

const estateOf = (arn: string, ...statements: readonly PolicyStatement[]) =>
  estateWith([accountOf(HOME, {})], null, [resourceOf(arn, HOME, document(...statements))])
const whoMay = (action: string, arn: string, ...statements: readonly PolicyStatement[]): Proof =>
  analysis().analyzer.whoMay(estateOf(arn, ...statements), {
    actions: [action],
    resources: [`${arn}*`],
    context: new Map(),
  })
const typed = ({ violations }: Proof) =>
  violations.filter(
    ({ tier, principals }) => tier === 'typed' && !principals.every((each) => each.endsWith(':root')),
  )
const told = (proof: Proof) => [...new Set(typed(proof).flatMap(({ principals }) => principals))].sort()

describe('the role of a session that a policy names', () => {
  const letIn = (condition: ConditionBlock) =>
    whoMay('s3:ListBucket', BUCKET, grant({ AWS: SESSION }, 's3:ListBucket', { Condition: condition }))

  test.each<[string, ConditionBlock]>([
    ['any', { ArnLike: { 'aws:PrincipalArn': roleOf('deep/*') } }],
    ['none', { StringEquals: { 'aws:PrincipalArn': roleOf('deploy') } }],
    ['one that a policy gives', { ArnEquals: { 'aws:PrincipalArn': roleOf('a/b/deploy') } }],
    ['any but none', { ArnNotEquals: { 'aws:PrincipalArn': roleOf('deploy') } }],
  ])('has a path, %s', async (_, condition) => {
    const proof = letIn(condition)
    expect([told(proof), proof.unknown]).toEqual([[SESSION], []])
    const [context] = typed(proof).map(({ witness }) => witness.context)
    const [arn] = context?.get('aws:PrincipalArn') ?? [roleOf('deploy')]
    expect(arn).toMatch(new RegExp(`^${roleOf('(?:[^/].*/)?deploy')}$`))
  })

  test.each<[string, ConditionBlock]>([
    ['is called as the session says', { ArnLike: { 'aws:PrincipalArn': roleOf('deep/other') } }],
    [
      'is called so behind every path',
      {
        ArnLike: { 'aws:PrincipalArn': roleOf('deep/*') },
        StringNotLike: { 'aws:PrincipalArn': roleOf('*/deploy') },
      },
    ],
    ['is of that account', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${HOME}:role/*` } }],
    [
      'is a role for its id as well',
      { ArnLike: { 'aws:PrincipalArn': roleOf('deep/*') }, StringLike: { 'aws:userid': 'AIDA*' } },
    ],
  ])('%s', (_, condition) => {
    const proof = letIn(condition)
    expect([told(proof), proof.unknown]).toEqual([[], []])
  })
})

test.each(['deep/*', '*/deploy', 'deep/?*/deploy', 'deploy'])(
  'who asks of one resource is told alike: `role/%s`',
  async (name) => {
    const condition = { ArnLike: { 'aws:PrincipalArn': roleOf(name) } }
    const ask = async (...statements: readonly PolicyStatement[]) => {
      const estate = estateOf(BUCKET, ...statements)
      const evaluator = await createEvaluator(estate, FACTS)
      const { grants } = evaluator.whoCan({ action: 's3:ListBucket', resource: BUCKET, context: new Map() })
      const asked = { actions: ['s3:ListBucket'], resources: [BUCKET], context: new Map() }
      const never = {
        name: 'none',
        ...asked,
        rule: { type: 'never', principals: [{ text: SESSION, kind: 'session', id: SESSION }] },
        span: { file: 'a.yaml', start: 0, end: 0 },
      } as const
      return [
        grants.flatMap(({ principal, decision }) => (principal === SESSION ? [decision] : [])),
        proveInvariant(analysis().analyzer, estate, never).holds,
      ]
    }
    const named = grant({ AWS: SESSION }, 's3:ListBucket', { Condition: condition })
    const account = grant({ AWS: OUTSIDE }, 's3:ListBucket', { Condition: condition })
    // What its own account allows isn't known.
    expect(await ask(named)).toEqual([['unknown'], false])
    expect((await ask(account))[1]).toBe(false)
    expect(await ask(named, { ...named, Effect: 'Deny' })).toEqual([[], true])
  },
)

test('a name is never empty, of whom a service asks for or speaks', () => {
  const onlyEmpty = (key: string): ConditionBlock => ({
    StringLike: { [key]: 'arn:aws:iam::*:role/*' },
    StringNotLike: { [key]: 'arn:aws:iam::*:role/?*' },
  })
  for (const key of ['aws:SourceArn', 'aws:PrincipalArn']) {
    const Condition = onlyEmpty(key)
    const proof = whoMay(
      's3:ListBucket',
      BUCKET,
      grant({ Service: 'sns.amazonaws.com' }, 's3:ListBucket', { Condition }),
    )
    expect([told(proof), proof.unknown]).toEqual([[], []])
  }
})

test.each(['group/a', 'policy/a', 'a', 'role/'])('nobody of an account has an ARN like %s', (resource) => {
  const like = { StringLike: { 'aws:PrincipalArn': `arn:aws:iam::${OUTSIDE}:${resource}` } }
  for (const principal of ['*', { AWS: OUTSIDE }]) {
    const proof = whoMay('s3:ListBucket', BUCKET, grant(principal, 's3:ListBucket', { Condition: like }))
    expect([told(proof), proof.unknown]).toEqual([[], []])
  }
})

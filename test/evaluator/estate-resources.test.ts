import { describe, expect, it } from 'vitest'
import type { Answered, EstateQuestion } from '../../src/evaluator/estate/estate-question.ts'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import {
  accountOf,
  allow,
  document,
  estateWith,
  FACTS,
  grant,
  HOME,
  MANAGEMENT,
  nodeOf,
  OTHER,
  OUTSIDE,
  organizationOf,
  placed,
  resourceOf,
} from './estate-world.ts'

const INSTANCE = `arn:aws:ec2:eu-west-1:${HOME}:instance/i-0`
const ALICE = `arn:aws:iam::${HOME}:user/alice`

describe('tags of a declared resource, under the names of its service', () => {
  const policy = document(
    allow('ec2:*', { Condition: { StringEquals: { 'ec2:ResourceTag/team': 'red' } } }),
    allow('sqs:*', { Condition: { StringEquals: { 'sqs:ResourceTag/team': 'red' } } }),
  )
  const opened = (tags: Readonly<Record<string, string>>) =>
    createEvaluator(
      estateWith([accountOf(HOME, { alice: { policy } })], null, [resourceOf(INSTANCE, HOME, null, tags)]),
      {
        ...FACTS,
        openTagKeys: async () => (action, resource) =>
          action === 'ec2:StopInstances' && resource === INSTANCE ? ['ec2:ResourceTag/'] : [],
      },
    )
  const asked = (action: string) => ({
    principal: ALICE,
    action,
    resource: INSTANCE,
    context: new Map<string, readonly string[]>(),
  })

  it.each([
    ['an action that shows them', { team: 'red' }, 'ec2:StopInstances', 'allow'],
    ['another tag', { team: 'blue' }, 'ec2:StopInstances', 'implicit_deny'],
    ['an action that does not show them', { team: 'red' }, 'ec2:RunInstances', 'implicit_deny'],
    ['a resource without tags', {}, 'ec2:StopInstances', 'implicit_deny'],
  ])('%s', async (_, tags, action, expected) => {
    const evaluator = await opened(tags)
    expect(evaluator.evaluate(asked(action)).answer?.decision).toBe(expected)
  })

  it('a given key wins', async () => {
    const evaluator = await opened({ team: 'blue' })
    const context = new Map([['EC2:resourcetag/TEAM', ['red']]])
    expect(evaluator.evaluate({ ...asked('ec2:StopInstances'), context }).answer?.decision).toBe('allow')
  })
})

describe('a bucket of which nothing says who owns it', () => {
  const BUCKET = 'arn:aws:s3:::data'
  const policy = document(allow('s3:GetObject'))
  const BOB = `arn:aws:iam::${OTHER}:user/bob`
  const two = [accountOf(HOME, { alice: { policy } }), accountOf(OTHER, { bob: { policy } })]
  const asked = (principal: string, action: string, more: Partial<EstateQuestion> = {}) => ({
    principal,
    action,
    resource: `${BUCKET}/x`,
    context: new Map<string, readonly string[]>(),
    ...more,
  })
  const said = (answered: Answered) => answered.answer?.decision ?? codesOf(answered)
  const codesOf = (answered: Answered) =>
    answered.answer === null ? answered.diagnostics.map(({ code }) => code).join() : ''

  it('is refused where the answer hangs on it, and said where it does not', async () => {
    const evaluator = await createEvaluator(estateWith(two), FACTS)
    expect(said(evaluator.evaluate(asked(ALICE, 's3:GetObject')))).toBe('evaluate.unknown-owner')
    expect(said(evaluator.evaluate(asked(ALICE, 's3:PutObject')))).toBe('implicit_deny')
    expect(evaluator.evaluateMany([asked(ALICE, 's3:GetObject'), asked(ALICE, 's3:PutObject')])).toEqual([
      { decision: null, diagnostics: [expect.objectContaining({ code: 'evaluate.unknown-owner' })] },
      { decision: 'implicit_deny' },
    ])
    expect(said(evaluator.evaluate(asked(ALICE, 's3:GetObject', { resourceAccount: HOME })))).toBe('allow')
    const open = { id: 'b', document: placed(document(grant('*', 's3:GetObject', { Resource: '*' }))) }
    expect(said(evaluator.evaluate(asked(ALICE, 's3:GetObject', { resourcePolicy: open })))).toBe('allow')
  })

  it('belongs to whom it is declared for, or to the only account', async () => {
    const declared = await createEvaluator(estateWith(two, null, [resourceOf(BUCKET, HOME, null)]), FACTS)
    expect(said(declared.evaluate(asked(ALICE, 's3:GetObject')))).toBe('allow')
    expect(said(declared.evaluate(asked(BOB, 's3:GetObject')))).toBe('implicit_deny')
    const one = await createEvaluator(estateWith(two.slice(0, 1)), FACTS)
    expect(said(one.evaluate(asked(ALICE, 's3:GetObject')))).toBe('allow')
  })

  it('makes every grant of who-can unknown, and says why', async () => {
    const evaluator = await createEvaluator(estateWith(two), FACTS)
    const { principal: _, ...question } = asked(ALICE, 's3:GetObject')
    const { grants, diagnostics } = evaluator.whoCan(question)
    expect(grants.map(({ principal, decision }) => [principal, decision])).toEqual([
      [`arn:aws:iam::${HOME}:root`, 'unknown'],
      [ALICE, 'unknown'],
      [`arn:aws:iam::${OTHER}:root`, 'unknown'],
      [BOB, 'unknown'],
    ])
    expect(diagnostics.map(({ code }) => code)).toEqual(['evaluate.unknown-owner'])
    const owned = evaluator.whoCan({ ...question, resourceAccount: HOME })
    expect(owned.grants.map(({ principal, decision }) => [principal, decision])).toEqual([
      [`arn:aws:iam::${HOME}:root`, 'allow'],
      [ALICE, 'allow'],
      [`arn:aws:iam::${OTHER}:root`, 'unknown'],
      [BOB, 'unknown'],
    ])
  })
})

describe('root of a member account, by sts:AssumeRoot (51a)', () => {
  const policy = document(allow('sts:AssumeRoot'))
  const accounts = [HOME, OTHER, MANAGEMENT].map((id) => accountOf(id, { alice: { policy }, idle: {} }))
  const tree = organizationOf(
    nodeOf('root', 'r-ab12', { children: [HOME, OTHER, MANAGEMENT].map((id) => nodeOf('account', id)) }),
  )
  const ask = async (from: string, to: string, organization: typeof tree | null, name = 'alice') => {
    const evaluator = await createEvaluator(estateWith(accounts, organization), FACTS)
    const answered = evaluator.evaluate({
      principal: `arn:aws:iam::${from}:user/${name}`,
      action: 'sts:AssumeRoot',
      resource: `arn:aws:iam::${to}:root`,
      context: new Map(),
    })
    return answered.answer === null ? answered.diagnostics[0]?.code : answered.answer.decision
  }

  it.each([
    ['from the management account', MANAGEMENT, HOME, 'allow'],
    ['of the management account', HOME, MANAGEMENT, 'implicit_deny'],
    ['of the own account', MANAGEMENT, MANAGEMENT, 'implicit_deny'],
    ['from a member, which may administer IAM', OTHER, HOME, 'evaluate.unknown-organization'],
    ['of an account outside', MANAGEMENT, OUTSIDE, 'implicit_deny'],
  ])('%s', async (_, from, to, expected) => {
    expect(await ask(from, to, tree)).toBe(expected)
  })

  it('without a declared organization nobody knows', async () => {
    expect(await ask(MANAGEMENT, HOME, null)).toBe('evaluate.unknown-organization')
    expect(await ask(MANAGEMENT, HOME, null, 'idle')).toBe('implicit_deny')
  })

  it('needs an identity policy', async () => {
    expect(await ask(MANAGEMENT, HOME, tree, 'idle')).toBe('implicit_deny')
  })
})

describe('whoever has no identity policies here, on a resource that is not declared', () => {
  it.each([
    `arn:aws:iam::${HOME}:saml-provider/corp`,
    'accounts.google.com',
    'canonical:79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be',
    'id:AROAEXAMPLEEXAMPLE01',
    'lambda.amazonaws.com',
    '*',
  ])('%s: only its own policy would let them in', async (principal) => {
    const evaluator = await createEvaluator(estateWith([accountOf(HOME, {})]), FACTS)
    const ask = (action: string, resource: string) => {
      const answered = evaluator.evaluate({ principal, action, resource, context: new Map() })
      return answered.answer === null ? answered.diagnostics[0]?.code : answered.answer.decision
    }
    expect(ask('sqs:SendMessage', `arn:aws:sqs:eu-west-1:${HOME}:q`)).toBe('evaluate.unknown-resource-policy')
    expect(ask('iam:GetRole', `arn:aws:iam::${HOME}:role/x`)).toBe('implicit_deny')
  })
})

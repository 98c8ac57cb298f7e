import { describe, expect, it } from 'vitest'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import type { PolicyStatement } from '../../src/model/index.ts'
import { accountOf, allow, deny, document, estateWith, FACTS, grant, HOME, OUTSIDE } from './estate-world.ts'

const ACTION = 'secretsmanager:GetSecretValue'
const SECRET = `arn:aws:secretsmanager:us-east-1:${HOME}:secret:x-abcdef`
const APP = `arn:aws:iam::${HOME}:role/app`

const letting = (condition: PolicyStatement['Condition'] = {}): PolicyStatement => ({
  ...grant({ AWS: OUTSIDE }, 'sts:AssumeRole'),
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition: condition,
})

/** What is said of a role that may read secrets with a tag. */
async function ofApp(
  trust: PolicyStatement,
  tags: Readonly<Record<string, string>> = {},
  context: ReadonlyMap<string, readonly string[]> = new Map(),
  key = 'aws:PrincipalTag/team',
) {
  const policy = document(allow(ACTION, { Condition: { StringEquals: { [key]: 'payments' } } }))
  const state = accountOf(HOME, {}, { app: { trust: document(trust), policy, tags } })
  const evaluator = await createEvaluator(estateWith([state]), FACTS)
  const { grants } = evaluator.whoCan({ action: ACTION, resource: SECRET, context })
  return grants.find(({ principal }) => principal === APP)?.decision ?? null
}

describe('tags of the sessions of a role', () => {
  it('are open where its trust policy lets them in', async () => {
    expect(await ofApp(letting())).toBe('conditional')
    expect(await ofApp(grant({ AWS: OUTSIDE }, 'sts:AssumeRole'))).toBe(null)
    expect(await ofApp(grant({ AWS: OUTSIDE }, 'sts:*'))).toBe('conditional')
  })

  it('are none where nobody begins a session', async () => {
    expect(await ofApp(grant({ AWS: OUTSIDE }, 'sts:TagSession'))).toBe(null)
  })

  it('take the place of its own', async () => {
    expect(await ofApp(letting(), { team: 'search' })).toBe('conditional')
    expect(await ofApp(grant({ AWS: OUTSIDE }, 'sts:AssumeRole'), { team: 'payments' })).toBe('allow')
  })

  it('take the place of its own, however a policy spells their key', async () => {
    expect(await ofApp(letting(), { team: 'search' }, new Map(), 'AWS:PRINCIPALTAG/TEAM')).toBe('conditional')
  })

  it('are what its conditions leave', async () => {
    expect(await ofApp(letting({ StringEquals: { 'aws:RequestTag/team': 'search' } }))).toBe(null)
    expect(await ofApp(letting({ StringLike: { 'aws:RequestTag/team': 'pay*' } }))).toBe('conditional')
    expect(await ofApp(letting({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['cost'] } }))).toBe(null)
    expect(await ofApp(letting({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['Team'] } }))).toBe(
      'conditional',
    )
  })

  it('are such as its conditions ask for, where a deny spares whoever has one', async () => {
    const policy = document(
      allow(ACTION),
      deny(ACTION, { Condition: { Null: { 'aws:PrincipalTag/team': 'true' } } }),
    )
    const trust = document(letting({ StringLike: { 'aws:RequestTag/team': 'pay*' } }))
    const evaluator = await createEvaluator(
      estateWith([accountOf(HOME, {}, { app: { trust, policy } })]),
      FACTS,
    )
    const { grants } = evaluator.whoCan({ action: ACTION, resource: SECRET, context: new Map() })
    expect(grants.find(({ principal }) => principal === APP)?.decision).toBe('conditional')
  })

  it('are those that the question gives', async () => {
    const given = new Map([['aws:PrincipalTag/team', ['payments']]])
    expect(await ofApp(letting(), {}, given)).toBe('allow')
    expect(await ofApp(letting(), {}, new Map([['aws:PrincipalTag/team', ['search']]]))).toBe(null)
  })
})

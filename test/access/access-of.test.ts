import { beforeAll, describe, expect, it } from 'vitest'
import { type AccessRow, accessOf } from '../../src/access/access-of.ts'
import { type ActionFacts, loadActions } from '../../src/catalog/actions.ts'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import type { PolicyStatement } from '../../src/model/index.ts'
import { accountOf, allow, deny, document, estateWith, FACTS, OTHER } from '../evaluator/estate-world.ts'

let facts: ActionFacts
beforeAll(async () => {
  facts = await loadActions()
})

async function rowsOf(
  statements: readonly PolicyStatement[],
  boundary?: readonly PolicyStatement[],
): Promise<readonly AccessRow[]> {
  const account = accountOf(
    OTHER,
    {
      u: {
        policy: document(...statements),
        ...(boundary === undefined ? {} : { boundary: `arn:aws:iam::${OTHER}:policy/cap` }),
      },
    },
    {},
    boundary === undefined ? {} : { cap: document(...boundary) },
  )
  const evaluator = await createEvaluator(estateWith([account]), FACTS)
  const { answer } = evaluator.layersOf({ principal: 'user/u' })
  if (answer === null) throw new Error('no such user')
  return accessOf(answer, facts)
}

describe('accessOf', () => {
  it('groups actions by service, level and resources', async () => {
    const rows = await rowsOf([
      allow('s3:GetObject', { Resource: 'arn:aws:s3:::a/*' }),
      allow('s3:PutObject', { Resource: 'arn:aws:s3:::a/*', Condition: { Bool: { 'x:y': 'true' } } }),
      { Effect: 'Allow', Action: 'iam:PassRole', NotResource: 'arn:aws:iam::*:role/admin' },
    ])
    expect(rows).toEqual([
      {
        service: 'iam',
        level: facts.accessLevelOf('iam:PassRole'),
        actions: ['iam:PassRole'],
        resources: [],
        notResources: ['arn:aws:iam::*:role/admin'],
        isConditional: false,
        isNarrowed: false,
      },
      {
        service: 's3',
        level: 'write',
        actions: ['s3:PutObject'],
        resources: ['arn:aws:s3:::a/*'],
        notResources: [],
        isConditional: true,
        isNarrowed: false,
      },
      {
        service: 's3',
        level: 'read',
        actions: ['s3:GetObject'],
        resources: ['arn:aws:s3:::a/*'],
        notResources: [],
        isConditional: false,
        isNarrowed: false,
      },
    ])
  })

  it('leaves out what a deny or a boundary takes away altogether', async () => {
    const actionsOf = (rows: readonly AccessRow[]) => rows.flatMap(({ actions }) => actions)
    const all = actionsOf(await rowsOf([allow('sqs:*')]))
    expect(all).toEqual([...facts.actionsOf('sqs')].sort((a, b) => all.indexOf(a) - all.indexOf(b)))
    const denied = await rowsOf([allow('sqs:*'), deny('sqs:Delete*')])
    expect(actionsOf(denied)).toEqual(all.filter((action) => !action.startsWith('sqs:Delete')))
    const capped = await rowsOf([allow('*')], [allow('sqs:SendMessage', { Resource: 'arn:aws:sqs:*:*:q' })])
    expect(capped).toMatchObject([{ actions: ['sqs:SendMessage'], resources: ['*'], isNarrowed: true }])
    const partly = await rowsOf([allow('sqs:SendMessage'), deny('sqs:*', { Resource: 'arn:aws:sqs:*:*:q' })])
    expect(partly).toMatchObject([{ actions: ['sqs:SendMessage'], isNarrowed: true }])
  })

  it('NotAction is every other action of all services', async () => {
    const { Action: _, ...statement } = allow('x:y')
    const rows = await rowsOf([{ ...statement, NotAction: 's3:*' }])
    expect(rows.some(({ service }) => service === 's3')).toBe(false)
    expect(new Set(rows.map(({ service }) => service)).size).toBeGreaterThan(300)
  })
})

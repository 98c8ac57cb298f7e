// Who may make a call that passes something along: whoever may pass it, too (SEMANTICS.md, 44).
import { describe, expect, test } from 'vitest'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import type { Grant } from '../../src/evaluator/estate/who-can.ts'
import type { PolicyStatement } from '../../src/model/index.ts'
import { accountOf, allow, deny, document, estateWith, grant, HOME } from './estate-world.ts'

const USER = `arn:aws:iam::${HOME}:user/al`
const ROLE = `arn:aws:iam::${HOME}:role/app`
const ROOT = `arn:aws:iam::${HOME}:root`

async function grantOfUser(
  own: readonly PolicyStatement[],
  trust: readonly ReturnType<typeof grant>[],
  context: ReadonlyMap<string, readonly string[]> = new Map(),
) {
  const estate = estateWith([
    accountOf(HOME, { al: { policy: document(...own) } }, { app: { trust: document(...trust) } }),
  ])
  const evaluator = await createEvaluator(estate, {
    documentOf: () => null,
    now: new Date('2026-06-01T12:00:00Z'),
  })
  const asked = { action: 'sts:AssumeRole', resource: ROLE }
  const found = evaluator.whoCan({ ...asked, context }).grants.find(({ principal }) => principal === USER)
  const evaluated = (given: ReadonlyMap<string, readonly string[]>) =>
    evaluator.evaluate({ ...asked, principal: USER, context: given }).answer?.decision
  return { found, evaluated }
}

const exampleOf = (found: Grant | undefined) =>
  new Map(
    Object.entries(found?.conditions?.example ?? {}).map(([key, value]) => [key, [value].flat()] as const),
  )

const ASSUME = 'sts:AssumeRole'
const PASSED: readonly (readonly [action: string, key: string, value: string])[] = [
  ['sts:TagSession', 'aws:RequestTag/team', 'payments'],
  ['sts:TagSession', 'aws:TagKeys', 'team'],
  ['sts:TagSession', 'sts:TransitiveTagKeys', 'team'],
  ['sts:SetSourceIdentity', 'sts:SourceIdentity', 'al'],
  ['sts:SetContext', 'sts:RequestContextProviders', 'arn:aws:iam::aws:contextProvider/IdentityCenter'],
]

describe.each(PASSED)('%s by %s', (action, key, value) => {
  const demands = { Condition: { 'ForAnyValue:StringEquals': { [key]: value } } }
  const both = [ASSUME, action]

  test('nobody who must pass it, and whom the trust policy keeps from that', async () => {
    const { found } = await grantOfUser(
      [allow(ASSUME, { Action: both })],
      [grant({ AWS: ROOT }, ASSUME, demands)],
    )
    expect(found).toBeUndefined()
  })

  test('nobody who must pass it, and whose own policies keep from that', async () => {
    const { found } = await grantOfUser(
      [allow(ASSUME, demands)],
      [grant({ AWS: ROOT }, ASSUME, { Action: both })],
    )
    expect(found).toBeUndefined()
    const denied = await grantOfUser(
      [allow(ASSUME, { Action: both }), deny(action)],
      [grant({ AWS: ROOT }, ASSUME, { Action: both, ...demands })],
    )
    expect(denied.found).toBeUndefined()
  })

  test('whoever may pass it, as a statement of its own says', async () => {
    const { found, evaluated } = await grantOfUser(
      [allow(ASSUME, { Action: both })],
      [
        grant({ AWS: ROOT }, ASSUME, { Sid: 'Assume', Condition: { Null: { [key]: 'false' } } }),
        grant({ AWS: ROOT }, action, { Sid: 'Pass', ...demands }),
      ],
    )
    expect(found?.decision).toBe('conditional')
    expect(found?.via.map(({ sid }) => sid)).toEqual(expect.arrayContaining(['Assume', 'Pass']))
    expect(found?.conditions?.when).toContainEqual({ 'ForAnyValue:StringEquals': { [key]: [value] } })
    expect(evaluated(exampleOf(found))).toBe('allow')
  })

  test('whoever needn’t pass it may be kept from it', async () => {
    const { found, evaluated } = await grantOfUser(
      [allow(ASSUME)],
      [grant({ AWS: ROOT }, ASSUME, { Condition: { StringEqualsIfExists: { [key]: value } } })],
    )
    expect(found?.decision).toBe('conditional')
    expect(exampleOf(found).has(key)).toBe(false)
    expect(evaluated(exampleOf(found))).toBe('allow')
  })

  test('of a question that passes it, whoever may', async () => {
    const given = new Map([[key, [value]]])
    const trusted = [grant({ AWS: ROOT }, ASSUME, { Action: both })]
    const denied = await grantOfUser([allow(ASSUME)], trusted, given)
    expect([denied.found, denied.evaluated(given)]).toEqual([undefined, 'implicit_deny'])
    const allowed = await grantOfUser([allow(ASSUME, { Action: both })], trusted, given)
    expect([allowed.found?.decision, allowed.evaluated(given)]).toEqual(['allow', 'allow'])
  })
})

// What a user's credentials can call: a claim finds the requests that the evaluator allows, and no others.
import { describe, expect, it } from 'vitest'
import { createEvaluator } from '../../../src/evaluator/estate/evaluator.ts'
import type { ConditionBlock, PolicyStatement } from '../../../src/model/index.ts'
import { accountOf, allow, deny, document, estateWith, FACTS, HOME } from '../../evaluator/estate-world.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const MFA = 'aws:MultiFactorAuthPresent'
const ISSUED = 'aws:TokenIssueTime'
const USER = `arn:aws:iam::${HOME}:user/al`

const token = { [ISSUED]: '2026-01-01T00:00:00Z' }
/** Long-term keys, credentials of the console, and those of GetSessionToken. */
const SIGN_INS: readonly Readonly<Record<string, string>>[] = [
  {},
  { [MFA]: 'false' },
  { [MFA]: 'true' },
  token,
  { ...token, [MFA]: 'false' },
  { ...token, [MFA]: 'true' },
]
const CALLS = [
  ['iam:CreateUser', `arn:aws:iam::${HOME}:user/n`],
  ['sts:GetFederationToken', `arn:aws:sts::${HOME}:federated-user/n`],
] as const

type Statements = (action: string) => readonly PolicyStatement[]
const when =
  (...conditions: readonly ConditionBlock[]): Statements =>
  (action) =>
    conditions.map((Condition) => allow(action, { Condition }))
const unless =
  (...conditions: readonly ConditionBlock[]): Statements =>
  (action) => [allow(action), ...conditions.map((Condition) => deny(action, { Condition }))]

const POLICIES: readonly (readonly [string, Statements])[] = [
  ['always', (action) => [allow(action)]],
  ['without MFA', when({ Bool: { [MFA]: 'false' } })],
  ['with MFA', when({ Bool: { [MFA]: 'true' } })],
  ['in a session without MFA', unless({ Null: { [MFA]: 'true' } }, { Bool: { [MFA]: 'true' } })],
  ['with no time of issue', unless({ Null: { [ISSUED]: 'false' } })],
  ['with no time of issue, and MFA', when({ Null: { [ISSUED]: 'true' }, Bool: { [MFA]: 'true' } })],
  ['with a time of issue, and no MFA', when({ Null: { [ISSUED]: 'false' }, Bool: { [MFA]: 'false' } })],
  ['never with MFA', unless({ Bool: { [MFA]: 'true' } })],
  [
    'on what is called like the time of issue',
    (action) => [allow(action, { Condition: { StringLike: { [ISSUED]: `\${${ISSUED}}` } } })],
  ],
]

describe('a claim about a user holds where every request is denied', () => {
  const cases = CALLS.flatMap(([action, resource]) =>
    POLICIES.flatMap(([name, statements]) =>
      SIGN_INS.map((given) => ({ action, resource, name, statements, given })),
    ),
  )
  it.each(cases)('$action, allowed $name, given $given', async ({ action, resource, statements, given }) => {
    const estate = estateWith(
      [accountOf(HOME, { al: { policy: document(...statements(action)) } })],
      null,
      [],
    )
    const contextOf = (keys: Readonly<Record<string, string>>) =>
      new Map(Object.entries(keys).map(([key, value]) => [key, [value]]))
    const evaluator = await createEvaluator(estate, FACTS)
    const isAllowed = SIGN_INS.some(
      (keys) =>
        Object.entries(given).every(([key, value]) => keys[key] === value) &&
        evaluator.evaluate({ principal: USER, action, resource, context: contextOf(keys), account: HOME })
          .answer?.decision === 'allow',
    )
    const { holds, unknown } = analysis().analyzer.notGranted(
      estate,
      { actions: [action], resources: [resource], context: contextOf(given) },
      [HOME],
    )
    expect({ holds, unknown }).toEqual({ holds: !isAllowed, unknown: [] })
  })
})

const analysis = analysisForTests()

it('a pattern of actions is asked about like each of them', () => {
  const estate = estateWith([accountOf(HOME, { al: { policy: document(allow('*')) } })], null, [])
  const holds = (pattern: string, more: Readonly<Record<string, string>>) =>
    analysis().analyzer.notGranted(
      estate,
      {
        actions: [pattern],
        resources: ['*'],
        context: new Map(Object.entries({ ...token, ...more }).map(([key, value]) => [key, [value]])),
      },
      [HOME],
    ).holds
  expect(holds('iam:Create*', { [MFA]: 'false' })).toBe(true)
  expect(holds('iam:Create*', {})).toBe(false)
  expect(holds('sts:GetFed*', {})).toBe(true)
  expect(holds('s3:Get*', { [MFA]: 'false' })).toBe(false)
})

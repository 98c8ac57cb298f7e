// Roles with the same policies are not alike where their sessions can't have the same tags.
import { describe, expect, it } from 'vitest'
import type { PolicyDocument, PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  document,
  estateWith,
  grant,
  HOME,
  OUTSIDE,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests, linesOf, one, roleArn } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()

const ASSUME = 'sts:AssumeRole'
const OPEN = [ASSUME, 'sts:TagSession'] as unknown as string
const TEAM = { StringEquals: { 'aws:PrincipalTag/team': 'payments' } }
const OF_TEAM = document(grant({ AWS: HOME }, ASSUME, { Condition: TEAM }))
const CLOSED = document(grant({ AWS: OUTSIDE }, ASSUME))
const TAGGED = document(grant({ AWS: OUTSIDE }, OPEN))

/** Two who may assume roles by their own policies; the one that is named first counts for both, if they are alike. */
const home = (first: PolicyDocument, second: PolicyDocument, end: PolicyDocument, policy = allow(ASSUME)) =>
  accountOf(
    HOME,
    {},
    {
      a: { policy: document(policy), trust: first },
      b: { policy: document(policy), trust: second },
      end: { policy: document(), trust: end },
    },
  )
const linesFrom = (before: ReturnType<typeof home>, after: ReturnType<typeof home>) =>
  linesOf(analysis().diff(one(before), one(after))).filter((line) => line.includes(' role/'))

describe('of two roles with the same policies the one whose sessions may be tagged', () => {
  it.each([
    ['first', TAGGED, CLOSED, 'a'],
    ['second', CLOSED, TAGGED, 'b'],
  ] as const)(
    'alone gains a role that asks for a tag of its callers, where it is named %s',
    (_, a, b, who) => {
      const lines = [`role/${who} ${ASSUME} on ${roleArn('end')}`]
      const [without, withIt] = [home(a, b, CLOSED), home(a, b, OF_TEAM)]
      expect(linesFrom(without, withIt)).toEqual(lines.map((line) => `+ ${line}`))
      expect(linesFrom(withIt, without)).toEqual(lines.map((line) => `- ${line}`))
    },
  )

  it.each([
    ['first', TAGGED, CLOSED, 'a'],
    ['second', CLOSED, TAGGED, 'b'],
  ] as const)('alone gains a role by its own policy, where it is named %s', (_, a, b, who) => {
    const policy: PolicyStatement = allow(ASSUME, { Condition: TEAM })
    const anybody = document(grant({ AWS: HOME }, ASSUME))
    expect(linesFrom(home(a, b, CLOSED, policy), home(a, b, anybody, policy))).toEqual([
      `+ role/${who} ${ASSUME} on ${roleArn('end')}`,
    ])
  })

  it.each([
    ['first', TAGGED, CLOSED],
    ['second', CLOSED, TAGGED],
  ] as const)('hands them on to a role that lets nobody pass one, where it is named %s', (_, a, b) => {
    const unpassed = { Condition: { Null: { 'aws:RequestTag/team': 'true' } } }
    const secret = `arn:aws:secretsmanager:eu-west-1:${HOME}:secret:db-abcdef`
    const read = { ...grant({ AWS: roleArn('end') }, 'secretsmanager:GetSecretValue'), Condition: TEAM }
    const estate = estateWith(
      [home(a, b, document(grant({ AWS: HOME }, OPEN, unpassed)), allow(OPEN))],
      null,
      [resourceOf(secret, HOME, document({ ...read, Resource: secret }))],
    )
    const probe = { actions: ['secretsmanager:GetSecretValue'], resources: ['*'], context: new Map() }
    const { holds, violations } = analysis().analyzer.notGranted(estate, probe, [HOME])
    expect([holds, violations.map(({ principals }) => principals)]).toEqual([false, [[roleArn('end')]]])
  })
})

it('roles that have other sessions now lose nothing for those with the same policies', () => {
  const open = document(allow(OPEN))
  const of = (trust: PolicyDocument) =>
    accountOf(
      HOME,
      { al: { policy: open } },
      {
        hop: { policy: open, trust },
        other: { policy: open, trust: document(grant({ AWS: HOME }, OPEN)) },
        end: {
          policy: document(),
          trust: document(
            grant({ AWS: HOME }, ASSUME, {
              Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'payments' } },
            }),
          ),
        },
      },
    )
  const trusted = (Condition: object) => of(document(grant({ AWS: OUTSIDE }, OPEN, { Condition })))
  const [before, after] = [
    trusted({ Null: { 'aws:RequestTag/team': 'true' } }),
    trusted({ StringEquals: { 'aws:RequestTag/team': 'payments' } }),
  ]
  const onEnd = linesFrom(before, after).filter((line) => line.endsWith(roleArn('end')))
  expect(onEnd).toEqual([`- role/hop ${ASSUME} on ${roleArn('end')}`])
})

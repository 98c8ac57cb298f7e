import { beforeAll, describe, expect, it } from 'vitest'
import { type AccessAnalyzer, createAccessAnalyzer } from '../../src/access/analyzer.ts'
import type { Estate, PolicyStatement, ResourceFacts, StateDocument, Unseen } from '../../src/model/index.ts'
import {
  accountOf,
  allow,
  document,
  estateWith,
  FACTS,
  grant,
  HOME,
  placed,
} from '../evaluator/estate-world.ts'

const BUCKET = 'arn:aws:s3:::data'
const READERS = placed(document(grant({ AWS: HOME }, 's3:GetObject', { Resource: `${BUCKET}/*` })))
const unknown = (text: string): StateDocument => ({ unknown: 'not-yet', text, place: null })
const home = accountOf(
  HOME,
  { al: { policy: document(allow('s3:GetObject')) } },
  {
    deploy: {
      policy: document(allow('s3:PutObject')),
      trust: document(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole')),
    },
  },
)
const resource = (policy: StateDocument | null): ResourceFacts => ({
  arn: BUCKET,
  account: HOME,
  policy,
  tags: new Map(),
})
const estate = (policy: StateDocument | null): Estate =>
  estateWith([home], null, [[BUCKET, resource(policy)]])

let analyzer: AccessAnalyzer
beforeAll(async () => {
  analyzer = await createAccessAnalyzer(FACTS)
})
const diff = (before: Estate, after: Estate) => {
  const found = analyzer.diffEstates(before, after, [HOME]).get(HOME)
  if (found === undefined) throw new Error('nothing was compared')
  return found
}

describe("a resource's own policy that isn't known", () => {
  it('may give and take access to everybody, where it was known before or is after', () => {
    for (const [before, after] of [
      [READERS, unknown('a')],
      [unknown('a'), READERS],
      [null, unknown('a')],
      [unknown('a'), unknown('b')],
    ] as const) {
      const { verdict, unknown: open } = diff(estate(before), estate(after))
      expect(verdict).toBe('unknown')
      expect(open.every(({ reason, policy }) => reason === 'document' && policy === BUCKET)).toBe(true)
      expect(new Set(open.map(({ direction }) => direction))).toEqual(new Set(['gained', 'lost']))
      expect(open.some(({ principals }) => principals.includes('anonymous'))).toBe(true)
    }
  })

  it('is the same where its text is', () => {
    expect(diff(estate(unknown('a')), estate(unknown('a')))).toMatchObject({ verdict: 'none', unknown: [] })
    const { holds } = analyzer.newEscalations(estate(unknown('a')), estate(unknown('a')), [HOME])
    expect(holds).toBe(true)
  })

  it('may open a way to more power', () => {
    const { holds, unknown: open } = analyzer.newEscalations(estate(null), estate(unknown('a')), [HOME])
    expect(holds).toBe('unknown')
    expect(open.some(({ principals }) => principals.includes(BUCKET))).toBe(true)
  })
})

describe('control policies of an account whose organization is not known', () => {
  const level = (...statements: readonly PolicyStatement[]) => [
    { name: 'scp', document: placed(document(...statements)) },
  ]
  const bound = (...controls: readonly ReturnType<typeof level>[]): Estate =>
    estateWith([{ ...home, controls }], null, [])

  it('bind everybody, and what changes in them changes everybody', () => {
    const open = bound(level(allow('*')))
    const closed = bound(level(allow('*'), { Effect: 'Deny', Action: 's3:*', Resource: '*' }))
    expect(diff(open, bound(level(allow('*'))))).toMatchObject({ verdict: 'none' })
    const lost = diff(open, closed)
    expect([lost.verdict, new Set(lost.lost.flatMap(({ principals }) => principals)).size]).toEqual([
      'lost',
      2,
    ])
    expect(diff(closed, open).verdict).toBe('gained')
    expect(diff(estateWith([home], null, []), closed).verdict).toBe('lost')
    const probe = { actions: ['s3:GetObject'], resources: ['*'], context: new Map() }
    expect([open, closed].map((each) => analyzer.notGranted(each, probe, [HOME]).holds)).toEqual([
      false,
      true,
    ])
  })
})

describe('what a state does not hold', () => {
  const without = (...unseen: readonly Unseen[]): Estate => ({
    ...estateWith([home], null, []),
    unseen: new Set(unseen),
  })
  const probe = (action: string) => ({ actions: [action], resources: ['*'], context: new Map() })
  const holds = (of: Estate, action: string) => analyzer.notGranted(of, probe(action), [HOME]).holds

  it('stands in the way of claims that would need it, and of no other', () => {
    const whole = without()
    const exported = without('resourcePolicies', 'controlPolicies', 'providers', 'accessKeys', 'passwords')
    const partial = without('principals')
    for (const [action, expected] of [
      ['iam:CreateUser', [true, true, 'unknown']],
      ['ec2:RunInstances', [true, true, 'unknown']],
      ['sqs:SendMessage', [true, 'unknown', 'unknown']],
      ['execute-api:Invoke', [true, 'unknown', 'unknown']],
      ['s3:Delete*', [true, 'unknown', 'unknown']],
      ['s3:GetObject', [false, false, false]],
      ['newservice:Get', [true, 'unknown', 'unknown']],
      ['*:Describe*', [true, 'unknown', 'unknown']],
    ] as const)
      expect([action, [whole, exported, partial].map((each) => holds(each, action))]).toEqual([
        action,
        expected,
      ])
    const trust = { trusted: [], services: 'noted' } as const
    expect([whole, exported, partial].map((each) => analyzer.noPublicAccess(each, [HOME]).holds)).toEqual([
      true,
      'unknown',
      'unknown',
    ])
    expect(
      [whole, exported, partial].map((each) => analyzer.noOutsideAccess(each, [HOME], trust).holds),
    ).toEqual([true, 'unknown', 'unknown'])
    expect([whole, exported, partial].map((each) => analyzer.escalations(each, [HOME]).holds)).toEqual([
      true,
      true,
      'unknown',
    ])
  })

  it('is no change, unless the other state has it', () => {
    const exported = without('resourcePolicies')
    expect(diff(exported, exported).verdict).toBe('none')
    expect(diff(exported, without()).verdict).toBe('none')
    const known = estateWith([home], null, [[BUCKET, resource(READERS)]])
    for (const [before, after] of [
      [known, exported],
      [exported, known],
    ] as const)
      expect(
        diff(before, after)
          .unknown.filter(({ unseen }) => unseen === 'resourcePolicies')
          .map(({ direction, principals }) => [direction, principals]),
      ).toEqual([
        ['gained', [`account:${HOME}`]],
        ['lost', [`account:${HOME}`]],
      ])
    expect(diff(without('principals'), exported).verdict).toBe('unknown')
  })
})

// Sessions of roles of other accounts that policies or questions name: what says something of their role says it of them,
// whatever the role's path, and each is told apart from the others.
import { describe, expect, it, test } from 'vitest'
import { createAccessAnalyzer } from '../../../src/access/analyzer.ts'
import { proveInvariant } from '../../../src/checks/prove-invariant.ts'
import { createEvaluator } from '../../../src/evaluator/estate/evaluator.ts'
import type { InvariantPrincipal } from '../../../src/manifest/desired.ts'
import type { Estate, PolicyStatement } from '../../../src/model/index.ts'
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
import { analysisForTests, roleArn } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const BUCKET = 'arn:aws:s3:::data'
const OBJECT = `${BUCKET}/x`
const READ = 's3:GetObject'
const sessionArn = (name: string, role = 'app') => `arn:aws:sts::${OUTSIDE}:assumed-role/${role}/${name}`
const [S1, S2] = [sessionArn('s1'), sessionArn('s2')]
const [PLAIN, DEEP] = [roleArn('app', OUTSIDE), roleArn('deep/app', OUTSIDE)]

const lets = (...principals: readonly string[]) => grant({ AWS: principals }, READ)
const letsWhen = (principal: string, pattern: string): PolicyStatement =>
  grant({ AWS: principal }, READ, { Condition: { ArnLike: { 'aws:PrincipalArn': pattern } } })
const keeps = (...principals: readonly string[]): PolicyStatement => ({
  ...lets(...principals),
  Effect: 'Deny',
})
const keepsAllBut = (...principals: readonly string[]): PolicyStatement => {
  const { Principal: spared, ...statement } = keeps(...principals)
  return spared === undefined ? statement : { ...statement, NotPrincipal: spared }
}

const bucketOf = (...statements: readonly PolicyStatement[]): Estate =>
  estateWith([accountOf(HOME, {})], null, [
    resourceOf(BUCKET, HOME, document(...statements.map((each) => ({ ...each, Resource: `${BUCKET}/*` })))),
  ])

type Named = Pick<InvariantPrincipal, 'kind' | 'id'>

/** @param named null: everybody */
const proofOf = (estate: Estate, named: Named | null, analyzer = analysis().analyzer) =>
  proveInvariant(analyzer, estate, {
    name: 'none',
    actions: [READ],
    resources: [OBJECT],
    context: new Map(),
    rule: named === null ? { type: 'nobody' } : { type: 'never', principals: [{ text: named.id, ...named }] },
    span: { file: 'a.yaml', start: 0, end: 0 },
  })
const SESSION: Named = { kind: 'session', id: S1 }
/** Whether nobody gets in: the session, anybody of its account, anybody at all. */
const nobodyOf = (...statements: readonly PolicyStatement[]) => {
  const estate = bucketOf(...statements)
  return [SESSION, { kind: 'account', id: OUTSIDE } as const, null].map((each) => proofOf(estate, each).holds)
}
const decides = async (principal: string, ...statements: readonly PolicyStatement[]) => {
  const evaluator = await createEvaluator(bucketOf(...statements), FACTS)
  return evaluator.evaluate({ principal, action: READ, resource: OBJECT, context: new Map() }).answer
    ?.decision
}

describe('a session is one of the role of its name, whatever the path', () => {
  const S1_ELSEWHERE = sessionArn('s1', 'apq')

  test.each([PLAIN, DEEP])('what lets in %s lets it in', async (role) => {
    expect(nobodyOf(lets(role))).toEqual([false, false, false])
    expect(await decides(S1, lets(role))).toBe('allow')
  })

  test.each([PLAIN, DEEP])('what denies to %s denies to it', async (role) => {
    expect(nobodyOf(lets(S1), keeps(role))).toEqual([true, true, true])
    expect(await decides(S1, lets(S1), keeps(role))).toBe('explicit_deny')
  })

  test.each([PLAIN, DEEP])('what spares it, %s and the account spares it', async (role) => {
    const statements = [lets(S1), keepsAllBut(S1, role, OUTSIDE)]
    expect(nobodyOf(...statements)).toEqual([false, false, false])
    expect(await decides(S1, ...statements)).toBe('allow')
  })

  it('and of no other name', async () => {
    const statements = [lets(S1_ELSEWHERE), keepsAllBut(S1_ELSEWHERE, DEEP, OUTSIDE)]
    expect(nobodyOf(...statements)).toEqual([true, 'unknown', 'unknown'])
    expect(await decides(S1_ELSEWHERE, ...statements)).toBe('explicit_deny')
    expect(nobodyOf(lets(roleArn('deep/apq', OUTSIDE)))[0]).toBe(true)
  })

  it('but where its role is declared: the path is known then', async () => {
    const session = S1.replace(OUTSIDE, HOME)
    const holds = async (path: string) => {
      const { resources } = bucketOf(lets(roleArn('deep/app')))
      const estate = estateWith([accountOf(HOME, {}, { app: { path, trust: document() } })], null, [
        ...resources,
      ])
      const evaluator = await createEvaluator(estate, FACTS)
      const asked = { principal: session, action: READ, resource: OBJECT, context: new Map() }
      return [
        evaluator.evaluate(asked).answer?.decision,
        proofOf(estate, { kind: 'session', id: session }).holds,
        proofOf(estate, null).holds,
      ]
    }
    expect(await holds('/deep/')).toEqual(['allow', false, false])
    expect(await holds('/')).toEqual(['implicit_deny', true, true])
    expect(await holds('/other/')).toEqual(['implicit_deny', true, true])
  })

  it('a key and a role let it in alike', () => {
    const key = `arn:aws:kms:eu-west-1:${HOME}:key/k`
    const estate = estateWith(
      [accountOf(HOME, {}, { target: { trust: document(grant({ AWS: DEEP }, 'sts:AssumeRole')) } })],
      null,
      [resourceOf(key, HOME, document({ ...grant({ AWS: DEEP }, 'kms:Decrypt'), Resource: '*' }))],
    )
    const holds = (action: string, resource: string) =>
      proveInvariant(analysis().analyzer, estate, {
        name: 'none',
        actions: [action],
        resources: [resource],
        context: new Map(),
        rule: { type: 'never', principals: [{ text: S1, ...SESSION }] },
        span: { file: 'a.yaml', start: 0, end: 0 },
      }).holds
    expect(holds('sts:AssumeRole', roleArn('target'))).toBe(false)
    expect(holds('kms:Decrypt', key)).toBe(false)
  })
})

describe('a session of a role that is named', () => {
  it('without a path has that very role: a question about it and one about everybody agree', () => {
    expect(nobodyOf(letsWhen(PLAIN, roleArn('deep/*', OUTSIDE)))).toEqual([true, true, true])
    expect(nobodyOf(letsWhen(PLAIN, PLAIN))).toEqual([false, false, false])
  })

  it('with a path may be of any, as a decision about it is: so both questions say', async () => {
    expect(nobodyOf(letsWhen(DEEP, roleArn('deep/*', OUTSIDE)))).toEqual([false, false, false])
    expect(nobodyOf(letsWhen(DEEP, PLAIN))).toEqual([false, false, false])
    expect(await decides(S1, letsWhen(DEEP, PLAIN))).toBe('allow')
    expect(nobodyOf(letsWhen(DEEP, roleArn('deep/apq', OUTSIDE)))).toEqual([true, true, true])
  })

  it('and that is let in otherwise may be of any path', () => {
    expect(nobodyOf(lets(PLAIN), keeps(PLAIN), letsWhen(S1, roleArn('deep/*', OUTSIDE)))).toEqual([
      true,
      true,
      true,
    ])
    expect(nobodyOf(letsWhen(PLAIN, DEEP), letsWhen(S1, roleArn('deep/*', OUTSIDE)))).toEqual([
      false,
      false,
      false,
    ])
  })
})

test.each([PLAIN, DEEP, OUTSIDE])(
  'who asks of one request is told of a session that %s covers',
  async (who) => {
    const role = who === OUTSIDE ? PLAIN : who
    const listed = async (...statements: readonly PolicyStatement[]) => {
      const evaluator = await createEvaluator(bucketOf(...statements), FACTS)
      const { grants } = evaluator.whoCan({ action: READ, resource: OBJECT, context: new Map() })
      return grants.flatMap(({ principal, decision }) => (principal === S1 ? [decision] : []))
    }
    expect(await listed(lets(who), keepsAllBut(S1, role, OUTSIDE))).not.toEqual([])
    expect(await listed(lets(who), keepsAllBut(S2, role, OUTSIDE))).toEqual([])
    expect(await listed(lets(who), keeps(S1))).toEqual([])
  },
)

it('is told apart from its role where the path of that is what lets it in', () => {
  const { violations } = proofOf(
    bucketOf(letsWhen(DEEP, roleArn('deep/*', OUTSIDE)), keepsAllBut(S1, DEEP, OUTSIDE)),
    null,
  )
  expect(
    violations.map(({ principals, witness }) => [principals, [...witness.context.values()].flat()]),
  ).toEqual([
    [[DEEP], []],
    [[S1], [DEEP]],
  ])
})

it('that no policy names is listed under its role, where only its path by the session lets it in', async () => {
  const evaluator = await createEvaluator(bucketOf(letsWhen(DEEP, PLAIN)), FACTS)
  const { grants } = evaluator.whoCan({ action: READ, resource: OBJECT, context: new Map() })
  expect(grants.map(({ principal }) => principal)).toContain(DEEP)
})

describe('whom `NotPrincipal` spares without naming all that they are', () => {
  it('is an open rule of a session too, and denied by the reading that decides', async () => {
    const estate = bucketOf(lets(PLAIN), keepsAllBut(PLAIN, OUTSIDE))
    const proof = proofOf(estate, SESSION)
    expect([proof.holds, proof.unknown.map(({ reason, rule }) => [reason, rule])]).toEqual([
      'unknown',
      [['assumed', '13']],
    ])
    const strict = await createAccessAnalyzer({ ...FACTS, assume: 'strict' })
    expect(proofOf(estate, SESSION, strict).holds).toBe(true)
    expect(await decides(S1, lets(PLAIN), keepsAllBut(PLAIN, OUTSIDE))).toBe('explicit_deny')
  })
})

describe('a session that one of two states names', () => {
  const gainedBy = (before: readonly PolicyStatement[], after: readonly PolicyStatement[]) =>
    analysis()
      .diff(bucketOf(...before), bucketOf(...after))
      .gained.flatMap(({ principals }) => principals)

  describe.each([PLAIN, DEEP])('of %s', (role) => {
    it('gains where what denies to it goes', () => {
      expect(gainedBy([lets(role), keeps(S1)], [lets(role)])).toEqual([S1])
      expect(gainedBy([lets(role)], [lets(role), keeps(S1)])).toEqual([])
    })

    it('gains where another is denied instead', () => {
      expect(gainedBy([lets(role), keeps(S1)], [lets(role), keeps(S2)])).toEqual([S1])
    })

    test.each([[[OUTSIDE]], [[role]], [[S1, S2]]])('gains where it is spared as well, of %j', (letIn) => {
      const state = (...spared: readonly string[]) => [
        lets(...letIn),
        keepsAllBut(...spared, S2, role, OUTSIDE),
      ]
      expect(gainedBy(state(), state(S1))).toEqual([S1])
      expect(gainedBy(state(S1), state())).toEqual([])
    })
  })
})

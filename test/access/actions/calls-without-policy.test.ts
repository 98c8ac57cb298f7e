// sts:GetCallerIdentity and sts:GetSessionToken: no policy allows them, and none takes them away.
import { describe, expect, it, test } from 'vitest'
import type { Proof } from '../../../src/access/analysis.ts'
import { proveInvariant } from '../../../src/checks/prove-invariant.ts'
import type { InvariantPrincipal, InvariantRule } from '../../../src/manifest/desired.ts'
import { accountOf, allow, deny, document, estateWith, grant, HOME } from '../../evaluator/estate-world.ts'
import { analysisForTests, one, roleArn, userArn } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()

const trust = document(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole'))
const state = accountOf(
  HOME,
  { al: { policy: document(deny('*')) }, bo: {} },
  { app: { trust, policy: document(allow('s3:GetObject')) } },
)
const estate = one(state)
const ROOT = `arn:aws:iam::${HOME}:root`
const [AL, BO, APP] = [userArn('al'), userArn('bo'), roleArn('app')]

const notGranted = (action: string, resource = '*'): Proof =>
  analysis().analyzer.notGranted(estate, { actions: [action], resources: [resource], context: new Map() }, [
    HOME,
  ])
const whom = ({ violations }: Proof) => violations.flatMap(({ principals }) => principals)
const invariant = (rule: InvariantRule, ...actions: readonly string[]) =>
  proveInvariant(analysis().analyzer, estate, {
    name: 'a',
    actions,
    resources: ['*'],
    context: new Map(),
    rule,
    span: { file: 'a.yaml', start: 0, end: 0 },
  })
const named = (kind: InvariantPrincipal['kind'], id: string): InvariantPrincipal => ({ text: id, kind, id })

describe('a claim that names a call which needs no policy', () => {
  test.each<[string, readonly string[]]>([
    ['sts:GetCallerIdentity', [APP, AL, BO]],
    ['STS:getcalleridentity', [APP, AL, BO]],
    // Roles can't call it.
    ['sts:GetSessionToken', [AL, BO]],
  ])('%s fails for everybody who may make it, a deny or not', (action, who) => {
    const proof = notGranted(action)
    expect(proof.holds).toBe(false)
    expect(whom(proof)).toEqual(who)
    expect(proof.violations[0]).toMatchObject({ policy: '', tier: 'typed', witness: { resource: '*' } })
  })

  it('as an invariant fails for whom it is about', () => {
    expect(invariant({ type: 'nobody' }, 'sts:GetCallerIdentity').holds).toBe(false)
    const others = invariant({ type: 'only', principals: [named('user', AL)] }, 'sts:GetSessionToken')
    expect(whom(others)).toEqual([BO])
    const never = (principal: InvariantPrincipal, ...actions: readonly string[]) =>
      whom(invariant({ type: 'never', principals: [principal] }, ...actions))
    expect(never(named('root', ROOT), 'iam:PassRole', 'sts:GetCallerIdentity')).toContain(ROOT)
    expect(never(named('role', APP), 'sts:GetSessionToken')).toEqual([])
    const session = `arn:aws:sts::${HOME}:assumed-role/app/s1`
    expect(never(named('session', session), 'sts:GetCallerIdentity')).toEqual([session])
  })

  it('that is about resources says nothing of calls without one', () => {
    expect(notGranted('sts:GetCallerIdentity', `arn:aws:iam::${HOME}:role/*`).holds).toBe(true)
  })

  it('lists them for who-can with a pattern of resources that is any', () => {
    const probe = { actions: ['sts:GetCallerIdentity'], resources: ['*'], context: new Map() }
    expect(whom(analysis().analyzer.whoMay(estate, probe))).toEqual([APP, ROOT, AL, BO])
  })
})

describe('what drowns in no such call', () => {
  it.each(['sts:*', '*', 'sts:Get*'])('a claim by the pattern %s', (action) => {
    expect(notGranted(action, '*').violations.flatMap(({ actions }) => actions)).not.toContain(
      'sts:GetCallerIdentity',
    )
  })
  it('a comparison: somebody new has no access by that alone', () => {
    expect(
      analysis().diff(estateWith([accountOf(HOME, {})]), one(accountOf(HOME, { al: {} }))),
    ).toMatchObject({
      verdict: 'none',
      gained: [],
    })
  })
})

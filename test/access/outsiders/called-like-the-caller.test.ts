// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
// Resources that policies name by variables of who asks: a user's name means users and not roles, whoever is let in.
import { describe, expect, it } from 'vitest'
import { proveInvariant } from '../../../src/checks/prove-invariant.ts'
import { createEvaluator } from '../../../src/evaluator/estate/evaluator.ts'
import type { PolicyStatement } from '../../../src/model/index.ts'
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
const GET = 's3:GetObject'
const USER = `arn:aws:iam::${OUTSIDE}:user/bob`
const ROOT = `arn:aws:iam::${OUTSIDE}:root`
const FEDERATED = `arn:aws:sts::${OUTSIDE}:federated-user/fred`

const estateOf = (...statements: readonly PolicyStatement[]) =>
  estateWith([accountOf(HOME, {})], null, [resourceOf(BUCKET, HOME, document(...statements))])
const opening = (principal: unknown, name: string): PolicyStatement => ({
  ...grant(principal, GET),
  Resource: `${BUCKET}/${name}`,
})
const denying = (name: string): PolicyStatement => ({
  Effect: 'Deny',
  Principal: '*',
  Action: GET,
  NotResource: `${BUCKET}/${name}`,
})

/** What each gate says of one object, or of the bucket. */
function gates(resources: readonly string[], ...statements: readonly PolicyStatement[]) {
  const estate = estateOf(...statements)
  const { analyzer } = analysis()
  const probe = { actions: [GET], resources, context: new Map() }
  const invariant = (rule: Parameters<typeof proveInvariant>[2]['rule']) =>
    proveInvariant(analyzer, estate, {
      name: 'none',
      ...probe,
      rule,
      span: { file: 'a.yaml', start: 0, end: 0 },
    }).holds
  const account = { text: `account:${OUTSIDE}`, kind: 'account', id: OUTSIDE } as const
  return {
    notGranted: analyzer.notGranted(estate, probe, [HOME]).holds,
    outside: analyzer.noOutsideAccess(estate, [HOME], { trusted: [], services: 'noted' }).holds,
    never: invariant({ type: 'never', principals: [account] }),
    nobody: invariant({ type: 'nobody' }),
    only: invariant({ type: 'only', principals: [] }),
  }
}
const NOTHING_HOLDS = { notGranted: false, outside: false, never: false, nobody: false, only: false }

const CASES: readonly (readonly [variable: string, caller: string, value: string])[] = [
  ['${aws:username}', USER, 'bob'],
  ['${ AWS:UserName }', USER, 'bob'],
  ["${aws:username, 'none'}", USER, 'bob'],
  ['${aws:PrincipalType}', USER, 'User'],
  ['${aws:PrincipalType}', ROOT, 'Account'],
  ['${aws:PrincipalType}', FEDERATED, 'FederatedUser'],
  ['${aws:userid}', ROOT, OUTSIDE],
  ['${aws:userid}', FEDERATED, `${OUTSIDE}:fred`],
  ['${aws:PrincipalArn}', USER, USER],
  ['${aws:PrincipalArn}', FEDERATED, FEDERATED],
  ['${aws:PrincipalAccount}', USER, OUTSIDE],
]

const isAllowed = async (principal: string, resource: string, ...statements: readonly PolicyStatement[]) => {
  const evaluator = await createEvaluator(estateOf(...statements), FACTS)
  const { answer } = evaluator.evaluate({ principal, action: GET, resource, context: new Map() })
  return answer?.decision
}

describe.each([
  ['an account', { AWS: OUTSIDE }],
  ['everybody', '*'],
] as const)('objects that are called like the caller, open to %s', (_, principal) => {
  it.each(CASES)('%s: no gate holds that %s passes by', async (variable, caller, value) => {
    const name = `${variable}/*`
    const object = `${BUCKET}/${value}/x`
    expect(await isAllowed(caller, object, opening(principal, name))).toBe('allow')
    expect(gates([object], opening(principal, name))).toEqual(NOTHING_HOLDS)
    expect(gates([`${BUCKET}/*`], opening(principal, name))).toEqual(NOTHING_HOLDS)
  })

  it.each(CASES)('%s: what a deny spares by it is open to %s', async (variable, caller, value) => {
    const statements = [opening(principal, '*'), denying(`${variable}/*`)]
    const object = `${BUCKET}/${value}/x`
    expect(await isAllowed(caller, object, ...statements)).toBe('allow')
    expect(gates([object], ...statements)).toEqual(NOTHING_HOLDS)
  })
})

it('what is open to everybody by their names is public', () => {
  for (const variable of ['${aws:username}', '${aws:PrincipalType}', '${aws:userid}']) {
    const estate = estateOf(opening('*', `${variable}/*`))
    expect(analysis().analyzer.noPublicAccess(estate, [HOME]).holds).toBe(false)
  }
})

it('a new statement of the kind is told of, with somebody who has the name', () => {
  const { gained } = analysis().diff(estateOf(), estateOf(opening({ AWS: OUTSIDE }, '${aws:username}/*')))
  expect(gained).toMatchObject([
    {
      principals: [`account:${OUTSIDE}`],
      witness: { principal: `arn:aws:iam::${OUTSIDE}:user/x`, resource: `${BUCKET}/x/example` },
    },
  ])
})

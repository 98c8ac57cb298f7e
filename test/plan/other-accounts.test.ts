import { describe, expect, test } from 'vitest'
import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { PLAN_KINDS, SETTING_PLANS } from '../../src/kinds/plan.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { OtherAccounts } from '../../src/plan/principals/other-accounts.ts'
import { leavingPrincipals } from '../../src/plan/removal/leaving.ts'
import { resultingState } from '../../src/plan/steps/resulting-state.ts'
import { knownJson } from '../known-json.ts'
import { AWS } from '../manifest/sample.ts'

const PROJECT = `version: 1
accounts:
  a: { id: "111122223333", manifests: [a] }
  b: { id: "444455556666", manifests: [b] }
`
const A = 'arn:aws:iam::111122223333:'
const trust = (...principals: string[]) =>
  `{ trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: [${principals.map((each) => `"${each}"`).join(', ')}] }, Action: sts:AssumeRole }] } }`
const ANYBODY = trust('111122223333')

interface Sides {
  readonly a: string
  readonly b: string
}

function load({ a, b }: Sides) {
  const files = { 'iam-sync.yaml': PROJECT, 'a/m.yaml': a, 'b/m.yaml': b }
  const { project } = loadProject({
    kinds: MANIFEST_KINDS,
    files: new Map(Object.entries(files)),
    facts: AWS,
  })
  const desired = Object.fromEntries(project.accounts.map((account) => [account.name, account.desired]))
  if (desired.a == null || desired.b == null) throw new Error(JSON.stringify(project.diagnostics))
  return { project, a: desired.a, b: desired.b }
}

/** The plans of both accounts, made together. */
function plansOf(before: Sides, after: Sides) {
  const [was, wanted] = [load(before), load(after)]
  const input = (name: 'a' | 'b') => ({
    desired: wanted[name],
    kinds: PLAN_KINDS,
    settings: SETTING_PLANS,
    observed: declaredState(was[name]),
    declaredBefore: declarationsOf(was[name], PLAN_KINDS),
    scopes: wanted.project.scopes,
    guard: wanted.project.guard,
    quotas: DEFAULT_QUOTAS,
  })
  const inputs = { a: input('a'), b: input('b') }
  const planned = (name: 'a' | 'b', other: 'a' | 'b') =>
    planChanges({
      ...inputs[name],
      others: new OtherAccounts([
        {
          account: wanted[other].account,
          desired: wanted[other],
          observed: inputs[other].observed,
          leaving: leavingPrincipals(inputs[other]),
        },
      ]),
    })
  return { a: planned('a', 'b'), b: planned('b', 'a'), inputs }
}

const problems = ({ diagnostics }: { diagnostics: readonly { code: string; message: string }[] }) =>
  diagnostics.map(({ code, message }) => `${code} ${message}`)

describe('a trust policy that names a user or role of another account of the project', () => {
  const DEPLOYER = `${A}role/deployer`

  test.each([
    ['there', { a: `roles: { deployer: ${ANYBODY} }` }, { a: `roles: { deployer: ${ANYBODY} }` }],
    ['made in the same apply', { a: '' }, { a: `roles: { deployer: ${ANYBODY} }` }],
  ])('is in order if that one is %s', (_, before, after) => {
    const { b } = plansOf({ b: '', ...before }, { b: `roles: { target: ${trust(DEPLOYER)} }`, ...after })
    expect(problems(b)).toEqual([])
    expect(b.plan.changes).toHaveLength(1)
  })

  test.each([
    ['is nowhere', '', '', 'is neither declared nor there in account `a`'],
    ['goes with the same apply', `roles: { deployer: ${ANYBODY} }`, '', 'the plan of account `a` deletes'],
    [
      'has another path',
      `roles: { deployer: { path: /x/, ${ANYBODY.slice(1)} }`,
      `roles: { deployer: { path: /x/, ${ANYBODY.slice(1)} }`,
      'is neither declared nor there in account `a`',
    ],
  ])('is an error if that one %s', (_, before, after, message) => {
    const { b } = plansOf({ a: before, b: '' }, { a: after, b: `roles: { target: ${trust(DEPLOYER)} }` })
    expect(problems(b)).toEqual([expect.stringContaining(message)])
    expect(b.diagnostics).toMatchObject([{ code: 'plan.dangling-reference', severity: 'error' }])
  })

  test('of another partition is one that nobody can have', () => {
    const arn = 'arn:aws-cn:iam::111122223333:role/deployer'
    const a = `roles: { deployer: ${ANYBODY} }`
    expect(problems(plansOf({ a, b: '' }, { a, b: `roles: { target: ${trust(arn)} }` }).b)).toEqual([
      expect.stringContaining('plan.dangling-reference'),
    ])
  })

  test('is left alone where nothing is known of that account', () => {
    const arn = 'arn:aws:iam::777788889999:role/deployer'
    expect(problems(plansOf({ a: '', b: '' }, { a: '', b: `roles: { target: ${trust(arn)} }` }).b)).toEqual(
      [],
    )
  })

  test('stays stored when that one is deleted, whose plan says who trusts it', () => {
    const b = `roles: { target: ${trust(DEPLOYER)} }`
    const plans = plansOf({ a: `roles: { deployer: ${ANYBODY} }`, b }, { a: '', b })
    expect(problems(plans.b)).toEqual([])
    expect(plans.b.plan.changes).toEqual([])
    expect(plans.a.plan.changes[0]?.details).toContainEqual({
      type: 'list',
      path: 'trustedBy',
      added: [],
      removed: ['arn:aws:iam::444455556666:role/target'],
    })
  })

  test('follows a user who gets another path, without a step', () => {
    const user = (path: string) => `users: { ann: { path: ${path} } }`
    const target = (path: string) => `roles: { target: ${trust(`${A}user${path}ann`)} }`
    const { b } = plansOf({ a: user('/'), b: target('/') }, { a: user('/x/'), b: target('/x/') })
    expect(problems(b)).toEqual([])
    expect(b.plan.steps).toEqual([])
  })
})

describe('a stored trust policy in which a principal is gone', () => {
  const gone = `roles: { target: ${trust('AROAAAAAAAAAAAAAAAAAA')} }`
  const wanted = `roles: { target: ${trust(`${A}role/deployer`)} }`
  const deployer = `roles: { deployer: ${ANYBODY} }`

  test('is stored anew once that one is there again', () => {
    const { b } = plansOf({ a: deployer, b: gone }, { a: deployer, b: wanted })
    expect(problems(b)).toEqual([])
    expect(b.plan.steps.map(({ operation }) => operation)).toEqual(['UpdateAssumeRolePolicy'])
  })

  test('waits while that one is yet to be made, and lets nobody in until then', () => {
    const { b, inputs } = plansOf({ a: '', b: gone }, { a: deployer, b: wanted })
    expect(problems(b)).toEqual([expect.stringContaining('plan.trust-of-the-deleted')])
    expect(b.plan.steps).toEqual([])
    const after = resultingState(inputs.b, b.plan)
    expect(JSON.stringify(knownJson(after.entities.role.get('target')?.trustPolicy))).toContain(
      'AROAAAAAAAAAAAAAAAAAA',
    )
  })

  test('is stored now if anything else in it changes', () => {
    const more = `roles: { target: ${trust(`${A}role/deployer`, `${A}role/builder`)} }`
    const both = `roles: { deployer: ${ANYBODY}, builder: ${ANYBODY} }`
    expect(plansOf({ a: '', b: gone }, { a: both, b: more }).b.plan.steps).toHaveLength(1)
  })

  test('is an error if nobody makes that one again', () => {
    expect(problems(plansOf({ a: '', b: gone }, { a: '', b: wanted }).b)).toEqual([
      expect.stringContaining('plan.dangling-reference'),
    ])
  })
})

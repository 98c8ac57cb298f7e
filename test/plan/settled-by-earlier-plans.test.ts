import { expect, test } from 'vitest'
import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import { PLAN_KINDS, SETTING_PLANS } from '../../src/kinds/plan.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { AccountState } from '../../src/model/index.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { settledIn } from '../../src/plan/settled-by-earlier-plans.ts'
import { load } from './plan-of.ts'
import { SCENARIOS } from './scenarios.ts'

const STATEMENT = 'Statement: [{ Effect: Allow, Action: "s3:Get*", Resource: "*" }]'
const account = `
users: { alice: { groups: [staff], managedPolicies: [read], tags: { team: a } } }
groups: { staff: { managedPolicies: [read] } }
roles:
  ci:
    trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: "sts:AssumeRole" }] }
policies: { read: { document: { Version: "2012-10-17", ${STATEMENT} } } }
`

test.each(Object.entries(SCENARIOS))(
  'what was planned against a state before changes no later plan against it: %s',
  (_, { before, after, declared = before, rules, quotas, observe = (state: AccountState) => state }) => {
    const { desired: was, project } = load(before, rules)
    const { desired: wanted } = load(after, rules)
    const input = {
      kinds: PLAN_KINDS,
      settings: SETTING_PLANS,
      declaredBefore: declarationsOf(load(declared).desired, PLAN_KINDS),
      scopes: project.scopes,
      guard: project.guard,
      quotas: { ...DEFAULT_QUOTAS, ...quotas },
    }
    const observed = observe(declaredState(was))
    const otherDeclarations = {}
    for (const declaredBefore of [input.declaredBefore, otherDeclarations, input.declaredBefore])
      for (const desired of [wanted, wanted, was, was, wanted]) {
        const anew = { ...observed }
        const again = planChanges({ ...input, declaredBefore, desired, observed })
        expect(again).toEqual(planChanges({ ...input, declaredBefore, desired, observed: anew }))
      }
  },
)

test('what is as declared is settled; what was changed, or holds what is not declared, is not', () => {
  const { desired, project } = load(account)
  const { desired: held } = load(account.replace('groups: [staff], ', '').replace('team: a', 'team: b'))
  const observed = declaredState(load(account).desired)
  const input = {
    kinds: PLAN_KINDS,
    settings: SETTING_PLANS,
    observed,
    declaredBefore: {},
    scopes: project.scopes,
    guard: project.guard,
    quotas: DEFAULT_QUOTAS,
  }
  const settledNames = () => [...settledIn({ ...input, desired }).values()].map(({ name }) => name).sort()
  planChanges({ ...input, desired: held })
  expect(settledNames()).toEqual(['ci', 'read', 'staff'])
  expect(planChanges({ ...input, desired }).plan.changes).toEqual([])
  expect(settledNames()).toEqual(['alice', 'ci', 'read', 'staff'])
})

test('a reference is checked though the entity that makes it is settled', () => {
  const arn = 'arn:aws:iam::111122223333:policy/read'
  const { desired, project } = load(account.replaceAll('[read]', `["${arn}"]`))
  const observed = declaredState(desired)
  const input = {
    kinds: PLAN_KINDS,
    settings: SETTING_PLANS,
    observed,
    declaredBefore: {},
    scopes: project.scopes,
    guard: project.guard,
    quotas: DEFAULT_QUOTAS,
  }
  expect(planChanges({ ...input, desired }).diagnostics).toEqual([])
  const { diagnostics } = planChanges({
    ...input,
    desired: { ...desired, entities: { ...desired.entities, policy: new Map() } },
  })
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    `plan.dangling-reference \`group/staff\` names \`${arn}\`, which this plan deletes`,
    `plan.dangling-reference \`user/alice\` names \`${arn}\`, which this plan deletes`,
  ])
})

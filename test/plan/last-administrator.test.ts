import { describe, expect, it, vi } from 'vitest'
import { SituationReader } from '../../src/plan/between/situation-reader.ts'
import { planOf } from './plan-of.ts'

const ALL = '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "*", Resource: "*" }] }'
const MFA =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, NotAction: "s3:*", Resource: "*", Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }] }'
const SOME =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: ["iam:Put*", "s3:*"], Resource: "*" }] }'
const NOT_THIS =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "*", Resource: "*" }, { Effect: Deny, Action: "iam:*", Resource: "arn:aws:iam::*:role/break-glass" }] }'
const NO_IAM =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "*", Resource: "*" }, { Effect: Deny, Action: "iam:*", Resource: "*" }] }'
const LETS_IN =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: "sts:AssumeRole" }] }'

const BASE = `
policies: { all: { document: ${ALL} }, some: { document: ${SOME} }, limit: { document: ${SOME} } }
groups: { admins: { managedPolicies: [all] }, others: {} }
`
const holder = (rest: string) => `${BASE}users: { alice: ${rest}, bob: {} }`
const ADMIN = holder('{ groups: [admins] }')
const rulesOf = (before: string, after: string, protect = '[]') =>
  planOf({
    before,
    after,
    rules: `guard: { maxDeletePercent: 100, protect: ${protect} }\nscope: { users: all, groups: all, roles: all, policies: all }`,
  }).plan.refusals.map(({ rule, entities }) => [rule, ...entities])
const LAST = [['lastAdministrator', 'user/alice']]

describe('the guard refuses a plan that leaves nobody who may write permissions', () => {
  it.each([
    ['the user is deleted', `${BASE}users: { bob: {} }`],
    ['the user leaves the group', holder('{ groups: [others] }')],
    ['the group loses the policy', ADMIN.replace('managedPolicies: [all]', 'managedPolicies: [some]')],
    ['the policy says less', ADMIN.replace(`all: { document: ${ALL}`, `all: { document: ${SOME}`)],
    ['a boundary is set', holder('{ groups: [admins], permissionsBoundary: limit }')],
    ['all of IAM is denied', holder(`{ groups: [admins], inlinePolicies: { no: ${NO_IAM} } }`)],
  ])('%s', (_, after) => {
    expect(rulesOf(ADMIN, after)).toEqual(LAST)
  })

  it('a role that lets in nobody any more is nobody', () => {
    const role = (trust: string) =>
      `${BASE}roles: { alice: { trustPolicy: ${trust}, managedPolicies: [all] } }`
    const nobody = LETS_IN.replace('Effect: Allow', 'Effect: Deny')
    expect(rulesOf(role(LETS_IN), `${BASE}roles: {}`)).toEqual([['lastAdministrator', 'role/alice']])
    expect(rulesOf(role(LETS_IN), role(nobody))).toEqual([['lastAdministrator', 'role/alice']])
  })

  it('whom the guard protects is not counted, neither before nor after', () => {
    const two = `${BASE}users: { alice: { groups: [admins] }, glass: { groups: [admins] } }`
    const one = `${BASE}users: { glass: { groups: [admins] } }`
    expect(rulesOf(two, one)).toEqual([])
    expect(rulesOf(two, one, '[user/glass]')).toEqual(LAST)
    expect(rulesOf(one, `${BASE}users: { glass: {} }`, '[user/glass]')).toEqual([])
  })
})

describe('the guard lets pass', () => {
  it.each([
    ['another who may', `${BASE}users: { alice: {}, bob: { groups: [admins] } }`],
    ['one who must have signed in with MFA', holder(`{ inlinePolicies: { mfa: ${MFA} } }`)],
    ['one who may not touch the role for emergencies', holder(`{ inlinePolicies: { most: ${NOT_THIS} } }`)],
    [
      'a role that somebody can assume',
      `${BASE}roles: { r: { trustPolicy: ${LETS_IN}, managedPolicies: [all] } }`,
    ],
  ])('%s', (_, after) => {
    expect(rulesOf(ADMIN, after)).toEqual([])
  })

  it('where nobody was an administrator before', () => {
    expect(rulesOf(holder('{ managedPolicies: [some] }'), holder('{}'))).toEqual([])
  })

  it('a plan that changes nothing', () => {
    expect(rulesOf(ADMIN, ADMIN)).toEqual([])
  })
})

it('only whoever holds what names the actions is looked at closely', () => {
  const looked = vi.spyOn(SituationReader.prototype, 'situationOf')
  try {
    const many = Array.from({ length: 50 }, (_, index) => `u${index}: { managedPolicies: [some] }`).join(', ')
    const users = (rest: string) => `${BASE}users: { alice: { ${rest} }, ${many} }`
    expect(rulesOf(users('managedPolicies: [all]'), users('managedPolicies: [some]'))).toEqual(LAST)
    expect(new Set(looked.mock.calls.map(([key]) => key))).toEqual(new Set(['user/alice']))
  } finally {
    looked.mockRestore()
  }
})

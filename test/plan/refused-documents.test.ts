import { describe, expect, test } from 'vitest'
import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import { PLAN_KINDS, SETTING_PLANS } from '../../src/kinds/plan.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { load, planOf } from './plan-of.ts'

const OLD =
  'policies: { p: { document: { Statement: { Effect: Allow, Action: s3:ListBucket, Resource: "*" } } } }'
const OTHER = OLD.replace('s3:ListBucket', 's3:GetObject')
const SHORT =
  'users: { a: { inlinePolicies: { i: { Statement: { Effect: Allow, Action: s3:ListBucket, Resource: "arn:aws:s3" } } } } }'

const severities = (before: string, after: string) =>
  planOf({ before, after }).diagnostics.map(({ severity, code }) => `${severity} ${code}`)

describe('a document that IAM would not store', () => {
  test('is refused where the plan makes it', () => {
    expect(severities('users: {}', OLD)).toEqual(['error policy.managed-version'])
    expect(severities('users: {}', SHORT)).toEqual(['error policy.resource-short-arn'])
  })

  test('is refused where the plan changes it', () => {
    expect(severities(OTHER, OLD)).toEqual(['error policy.managed-version'])
  })

  test('is a warning where it is stored already and stays', () => {
    expect(severities(OLD, OLD)).toEqual(['warning policy.managed-version'])
    const tagged = OLD.replace('{ p: {', '{ p: { tags: { a: b },')
    expect(severities(OLD, tagged)).toEqual(['warning policy.managed-version'])
  })
})

describe('a unique id as principal', () => {
  const trust = (action: string) =>
    `roles: { r: { trustPolicy: { Version: "2012-10-17", Statement: { Effect: Allow, Principal: { AWS: AROAJQABLZS4A3QDU576Q }, Action: ${action} } } } }`
  const told = (before: string, after: string, ids: ReadonlySet<string> | undefined) => {
    const { desired, project } = load(after)
    const { diagnostics } = planChanges({
      kinds: PLAN_KINDS,
      settings: SETTING_PLANS,
      desired,
      observed: declaredState(load(before).desired),
      declaredBefore: declarationsOf(load(before).desired, PLAN_KINDS),
      scopes: project.scopes,
      guard: project.guard,
      quotas: DEFAULT_QUOTAS,
      ...(ids === undefined ? {} : { uniqueIds: new Map([...ids].map((id) => [`arn of ${id}`, id])) }),
    })
    return diagnostics.map(({ severity, code }) => `${severity} ${code}`)
  }
  const written = trust('sts:AssumeRole')

  test('of nobody is refused where the trust is written', () => {
    expect(told('users: {}', written, new Set(['AIDAJQABLZS4A3QDU576Q']))).toEqual([
      'error plan.principal-gone',
    ])
    expect(told(trust('sts:*'), written, new Set())).toEqual(['error plan.principal-gone'])
  })

  test('of nobody is a warning where it is stored already', () => {
    expect(told(written, written, new Set())).toEqual(['warning plan.principal-gone'])
  })

  test('of somebody binds', () => {
    expect(told('users: {}', written, new Set(['AROAJQABLZS4A3QDU576Q']))).toEqual([])
  })

  test('is left alone where nobody has asked who is there', () => {
    expect(told('users: {}', written, undefined)).toEqual([])
  })
})

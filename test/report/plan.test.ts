import { describe, expect, test } from 'vitest'
import { FORMAT_VERSION } from '../../src/diagnostics/index.ts'
import { planText } from '../../src/index.ts'
import { jsonDocument } from '../../src/report/diagnostics-report.ts'
import { planJson, refusalDiagnostics } from '../../src/report/plans/plan-json.ts'
import { planSummary } from '../../src/report/plans/plan-text.ts'
import { emptyPlan, fullPlan, texts } from './samples.ts'

describe('the text of a plan', () => {
  test('is read top to bottom: changes, what is left alone, refusals, summary', async () => {
    await expect(planText(fullPlan, texts)).toMatchFileSnapshot('golden/plan.txt')
  })

  test('whose access changes stands above what changes', () => {
    const text = planText(fullPlan, texts, { color: false, access: 'access: gained by 1 principal\n\n+ x' })
    expect(text).toMatch(
      /^production \(111122223333\): 1 to create, 2 to update, 1 to delete, 1 to replace\n\naccess: gained by 1 principal\n\n\+ x\n\n\+ role deploy/,
    )
    expect(planText(fullPlan, texts, { color: false, access: null })).toBe(planText(fullPlan, texts))
  })

  test('in colour', async () => {
    const text = planText(fullPlan, texts, { color: true })
    await expect(text.replaceAll('\u001b', '<ESC>')).toMatchFileSnapshot('golden/plan-color.txt')
  })

  test('colour is all that colour changes', () => {
    expect(planText(fullPlan, texts, { color: true }).replace(/\u001b\[\d+m/g, '')).toBe(
      planText(fullPlan, texts),
    )
  })

  test('no control character of a name or a value reaches the terminal', () => {
    expect(planText(fullPlan, texts)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    expect(planText(fullPlan, texts)).toContain('\\u001b[31m')
  })

  test('without changes it says so', () => {
    expect(planText(emptyPlan, texts)).toBe('production (111122223333)\n\nno changes; 12 unchanged')
    expect(planSummary({ changes: [], unchanged: 0 })).toBe('no changes')
  })

  test('actions of which there are none are not in the summary', () => {
    expect(planSummary(fullPlan)).toBe('1 to create, 2 to update, 1 to delete, 1 to replace; 12 unchanged')
    expect(planSummary({ changes: fullPlan.changes.slice(0, 1), unchanged: 0 })).toBe('1 to create')
  })
})

describe('the JSON of a plan', () => {
  const document = (plan = fullPlan) =>
    jsonDocument({ plans: [planJson(plan, texts)] }, refusalDiagnostics(plan), texts)

  test('has the documented shape', async () => {
    await expect(`${JSON.stringify(document(), null, 2)}\n`).toMatchFileSnapshot('golden/plan.json')
  })

  test('summary and changes agree, and the version comes first', () => {
    const json = JSON.parse(JSON.stringify(document()))
    expect(Object.keys(json)).toEqual(['formatVersion', 'plans', 'diagnostics'])
    expect(json.formatVersion).toBe(FORMAT_VERSION)
    expect(json.plans[0].summary).toEqual({ create: 1, update: 2, delete: 1, replace: 1, unchanged: 12 })
    expect(Object.keys(json.plans[0])).toEqual([
      'account',
      'digest',
      'against',
      'summary',
      'changes',
      'unmanaged',
      'facts',
    ])
    for (const change of json.plans[0].changes)
      expect(Object.keys(change)).toEqual([
        'action',
        'kind',
        'name',
        'arn',
        'source',
        'details',
        'steps',
        'brieflyWider',
      ])
  })

  test('facts have the documented shape', () => {
    const detail = { type: 'value', path: 'tags.team', before: null, after: 'x' } as const
    const target = 'arn:aws:s3:::data'
    const facts = [
      { kind: 'resourcePolicy', target, change: 'changed', details: [detail], span: null },
    ] as const
    const json = JSON.parse(JSON.stringify(document({ ...fullPlan, facts })))
    expect(json.plans[0].facts).toEqual([
      { kind: 'resourcePolicy', target, change: 'changed', details: [detail], source: null },
    ])
  })

  test('a refusal of the guard names the entities among the diagnostics', () => {
    expect(refusalDiagnostics(fullPlan)).toMatchObject([
      {
        code: 'guard.protected',
        severity: 'error',
        message: 'a protected entity would be deleted: `user/bob`',
      },
    ])
  })
})

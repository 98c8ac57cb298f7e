import { describe, expect, test } from 'vitest'
import { renderDiagnostic } from '../../src/diagnostics/index.ts'
import { planText } from '../../src/index.ts'
import { planOf, stepLines } from './plan-of.ts'
import { SCENARIOS } from './scenarios.ts'

describe('plans for a reviewer, with their steps', () => {
  test.each(Object.entries(SCENARIOS))('%s', async (name, scenario) => {
    const result = planOf(scenario)
    const text = [
      planText(result.plan, result.texts),
      '',
      'steps:',
      ...stepLines(result),
      ...result.diagnostics.flatMap((diagnostic) => ['', renderDiagnostic(diagnostic, result.texts)]),
      '',
    ].join('\n')
    await expect(text).toMatchFileSnapshot(`golden/${name.replaceAll(/[^a-z0-9]+/gi, '-')}.txt`)
  })
})

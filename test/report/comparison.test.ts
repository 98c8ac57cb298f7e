import { expect, test } from 'vitest'
import { REPORT_KINDS } from '../../src/kinds/report.ts'
import { comparisonText } from '../../src/report/plans/comparison-text.ts'
import { fullPlan, texts } from './samples.ts'

const [role, user, policy, settings, bob] = fullPlan.changes
const nothing = { added: [], gone: [], different: [], refusals: { added: [], gone: [] } }

test('says what is gone, what is new and what is now otherwise', async () => {
  if (!role || !user || !policy || !settings || !bob) throw new Error('the sample has five changes')
  await expect(
    comparisonText(
      {
        gone: [bob, policy],
        added: [role],
        different: [{ before: user, after: user }],
        refusals: {
          added: fullPlan.refusals,
          gone: [{ rule: 'quota', message: 'too many users', help: '', entities: [] }],
        },
      },
      REPORT_KINDS,
      texts,
    ),
  ).toMatchFileSnapshot('golden/comparison.txt')
})

test('is empty when there is no difference', () => {
  expect(comparisonText(nothing, REPORT_KINDS, texts)).toBe('')
})

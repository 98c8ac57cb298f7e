import { describe, expect, it } from 'vitest'
import { step } from '../../src/model/step.ts'
import { orderSteps, type StepDraft, token } from '../../src/plan/steps/step-drafts.ts'

const ROOM = token.room('policies', '')

const deletion = (number: number): StepDraft => ({
  change: `a${number}`,
  ...step('DeletePolicy', { PolicyArn: `old-${number}` }),
  effects: [],
  rank: 63,
  provides: [ROOM],
})
const creation = (number: number): StepDraft => ({
  change: `b${number}`,
  ...step('CreatePolicy', { PolicyName: `new-${number}`, PolicyDocument: '{}' }),
  effects: [],
  rank: 10,
  requires: [ROOM],
})

/** Of how many steps each step is told that it needs them, by operation in order. */
const needsOf = (deleted: number, created: number) => {
  const { steps } = orderSteps([
    ...Array.from({ length: created }, (_, number) => creation(number)),
    ...Array.from({ length: deleted }, (_, number) => deletion(number)),
  ])
  return steps.map(({ operation, needs }) => `${operation} ${needs.join(' ')}`.trim())
}

describe('places at a quota', () => {
  it('each step that takes one needs one that makes one, and comes after all of them', () => {
    expect(needsOf(3, 3)).toEqual([
      'DeletePolicy',
      'DeletePolicy',
      'DeletePolicy',
      'CreatePolicy 0',
      'CreatePolicy 1',
      'CreatePolicy 2',
    ])
  })

  it('who takes one that was free before needs nobody', () => {
    expect(needsOf(1, 3)).toEqual(['DeletePolicy', 'CreatePolicy', 'CreatePolicy', 'CreatePolicy 0'])
    expect(needsOf(3, 1)).toEqual(['DeletePolicy', 'DeletePolicy', 'DeletePolicy', 'CreatePolicy 0'])
  })

  it('of thousands there are as many needs as steps that take one, and each maker is looked at twice', () => {
    let looks = 0
    const counted = (draft: StepDraft): StepDraft => ({
      ...draft,
      get provides() {
        looks++
        return [ROOM]
      },
    })
    const many = 3000
    const drafts = [
      ...Array.from({ length: many }, (_, number) => creation(number)),
      ...Array.from({ length: many }, (_, number) => counted(deletion(number))),
    ]
    const { steps } = orderSteps(drafts)
    expect(steps.reduce((sum, { needs }) => sum + needs.length, 0)).toBe(many)
    expect(looks).toBeLessThanOrEqual(2 * many)
  })
})

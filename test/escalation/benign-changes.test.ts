import { describe, expect, it } from 'vitest'
import { askForTests, told } from './ask.ts'
import { BENIGN_CHANGES } from './benign-changes.ts'

const asked = askForTests()

describe('a benign change raises nothing', () => {
  it('each has a name of its own', () => {
    expect(new Set(BENIGN_CHANGES.map(({ name }) => name)).size).toBe(BENIGN_CHANGES.length)
  })
  it.each(BENIGN_CHANGES.map((change) => [change.name, change] as const))('%s', (_, { before, after }) => {
    expect(told(asked().gained(before, after))).toEqual([])
  })
})

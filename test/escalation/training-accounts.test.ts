import { beforeAll, describe, expect, it } from 'vitest'
import type { Escalation } from '../../src/access/access-diff.ts'
import { askForTests, isBy, reaches, told } from './ask.ts'
import { arnOf } from './estates.ts'
import { TRAINEES, TRAINING_ACCOUNT, TRICKY_TRAINEES } from './training-accounts.ts'

const asked = askForTests()

/** The account is asked once for everything that there is. */
const listed = (() => {
  let all: readonly Escalation[] = []
  beforeAll(() => {
    all = asked().existing(TRAINING_ACCOUNT)
  })
  return (name: string) => all.filter(({ principals }) => principals.includes(arnOf(`user/${name}`)))
})()

describe('an account that is made to be attacked is listed whole', () => {
  it('all 31 kinds are here', () => {
    expect(TRAINEES).toHaveLength(31)
  })
  it.each([...TRAINEES, ...TRICKY_TRAINEES.filter(({ reached }) => reached.length > 0)])(
    '$name',
    ({ name, reached, by }) => {
      const found = listed(name)
      expect(
        found.some((each) => reaches(each, reached) && isBy(each, by)),
        told(found).join('\n'),
      ).toBe(true)
    },
  )
  it.each(TRICKY_TRAINEES.filter(({ reached }) => reached.length === 0))('no path: $name', ({ name }) => {
    expect(told(listed(name))).toEqual([])
  })
})

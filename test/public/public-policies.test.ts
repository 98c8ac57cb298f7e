import { describe, expect, it } from 'vitest'
import { gate, projectOf } from '../cli/estate-questions.ts'
import { casesOf, type PublicCase } from './public-cases.ts'

const FILES = ['cases.json', 'more.json']
const cases = FILES.flatMap(casesOf)

const isPublic = async ({ attachedTo, policy }: PublicCase) => {
  const folder = projectOf(
    attachedTo === 'role'
      ? { roles: { asked: { trustPolicy: policy } } }
      : { resources: { [attachedTo]: { policy } } },
  )
  const { holds, violations } = await gate(folder, '--no-public-access')
  if (holds === false) expect(violations.length).toBeGreaterThan(0)
  return holds === 'unknown' ? holds : !holds
}

describe('a policy is public, or is not, as the documentation of AWS has it', () => {
  for (const each of cases) {
    it(`${each.name} is ${each.public ? 'public' : 'not public'} (${each.source})`, async () => {
      expect(await isPublic(each)).toBe(each.public)
    })
  }

  it('has a source for each, and each name once', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
    expect(cases.filter(({ source }) => source === '')).toEqual([])
  })
})

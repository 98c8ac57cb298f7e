import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { gate, projectOf } from '../cli/estate-questions.ts'

interface PublicCase {
  readonly name: string
  /** The ARN of a resource that has the policy, or `role`: it is a trust policy. */
  readonly attachedTo: string
  readonly public: boolean
  /** The AWS page that says so, or from which it follows. */
  readonly source: string
  readonly policy: object
}

const cases: readonly PublicCase[] = JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8'))

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

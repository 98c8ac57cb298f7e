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

/** What is not told rightly yet. Each that is told rightly has to go: its test fails while it stands here. */
const NOT_RIGHT_YET = new Set<string>([
  's3-ip-0/1',
  's3-ip-32/4',
  's3-srcarn-wild-ec2',
  's3-ifexists-org',
  's3-forall-orgpaths',
  'lambda-s3-noacct',
  'trust-fb',
  's3-ip-0/0',
  's3-ip-two-halves',
  's3-ip-198/8',
  's3-ip-198.51.100/24',
  's3-srcarn-wild',
  's3-srcarn-wildall',
  's3-org-wild',
  'sqs-time-past',
])

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
    const test = NOT_RIGHT_YET.has(each.name) ? it.fails : it
    test(`${each.name} is ${each.public ? 'public' : 'not public'} (${each.source})`, async () => {
      expect(await isPublic(each)).toBe(each.public)
    })
  }

  it('has a source for each, and each name once', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
    expect(cases.filter(({ source }) => source === '')).toEqual([])
    expect([...NOT_RIGHT_YET].filter((name) => cases.every((each) => each.name !== name))).toEqual([])
  })
})

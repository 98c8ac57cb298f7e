import { describe, expect, test } from 'vitest'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { LoadMemory } from '../../src/manifest/cache/load-memory.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import { AWS, PROJECT } from './sample.ts'

/** A user whose policy stands nowhere, beside a file that is broken at first. */
const load = (memory: LoadMemory, other: string) =>
  loadProject({
    kinds: MANIFEST_KINDS,
    files: new Map([
      ['iam-sync.yaml', PROJECT],
      ['users.yaml', 'users: { ann: { managedPolicies: [nowhere] } }\n'],
      ['other.yaml', other],
    ]),
    facts: AWS,
    memory,
  }).project

const codesOf = ({ diagnostics }: ReturnType<typeof load>) => diagnostics.map(({ code }) => code)

describe('an entity that was read while a file was broken', () => {
  test.each([
    ['declares something', 'groups: { g: [ }\n', 'groups: { g: {} }\n'],
    ['declares nothing', 'tests: [ }\n', 'tests: []\n'],
  ])('is read again once that file is whole and %s', (_, broken, whole) => {
    const memory = new LoadMemory()
    expect(codesOf(load(memory, broken))).not.toContain('manifest.unknown-policy')
    const project = load(memory, whole)
    expect(codesOf(project)).toContain('manifest.unknown-policy')
    expect(project.accounts[0]?.desired).toBeNull()
  })
})

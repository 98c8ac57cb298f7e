import { expect, test } from 'vitest'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { LoadMemory } from '../../src/manifest/cache/load-memory.ts'
import { loadProject } from '../../src/manifest/load-project.ts'

const facts = { arnOf: () => null, names: () => [], has: () => false }
const files = (other: string) =>
  new Map([
    ['iam-sync.yaml', 'version: 1\naccounts:\n  a: { id: "111122223333" }\n'],
    ['users.yaml', 'users: { ann: { managedPolicies: [nowhere] } }\n'],
    ['other.yaml', other],
  ])
test('a name that is unknown while a file is broken is reported once the file is whole', () => {
  const memory = new LoadMemory()
  const broken = loadProject({
    kinds: MANIFEST_KINDS,
    files: files('groups: { g: [ }\n'),
    facts,
    memory,
  }).project
  expect(broken.diagnostics.map(({ code }) => code)).not.toContain('manifest.unknown-policy')
  const whole = loadProject({
    kinds: MANIFEST_KINDS,
    files: files('groups: { g: {} }\n'),
    facts,
    memory,
  }).project
  expect(whole.diagnostics.map(({ code }) => code)).toContain('manifest.unknown-policy')
})
test('the same, where the file declares nothing', () => {
  const memory = new LoadMemory()
  loadProject({ kinds: MANIFEST_KINDS, files: files('tests: [ }\n'), facts, memory })
  const whole = loadProject({ kinds: MANIFEST_KINDS, files: files('tests: []\n'), facts, memory }).project
  expect(whole.diagnostics.map(({ code }) => code)).toContain('manifest.unknown-policy')
  expect(whole.accounts[0]?.desired).toBe(null)
})

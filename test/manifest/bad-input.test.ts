import { describe, expect, test } from 'vitest'
import { BAD_INPUT } from './bad-input.ts'
import { load, rendered } from './sample.ts'

const fileName = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase()

describe('bad input', () => {
  for (const { name, manifest, files = {} } of BAD_INPUT) {
    const all = { ...files, ...(manifest === undefined ? {} : { 'main.yaml': manifest }) }

    test(name, async () => {
      await expect(`${rendered(all)}\n`).toMatchFileSnapshot(`golden/${fileName(name)}.txt`)
    })

    test(`${name}: each diagnostic has a code, a place in a file and a help line`, () => {
      const { diagnostics } = load(all).project
      expect(diagnostics.length).toBeGreaterThan(0)
      for (const { code, message, help, span } of diagnostics) {
        expect(code).toMatch(/^(manifest|policy)\.[a-z-]+$/)
        expect(message).not.toMatch(/[.]$/)
        expect(message).not.toMatch(/invalid input|expected .* received/i)
        expect(help).not.toBeNull()
        if (code !== 'manifest.no-project-file') expect(span).not.toBeNull()
      }
    })

    test(`${name}: an account with errors has no desired state`, () => {
      const { project } = load(all)
      const ofManifests = project.diagnostics.filter(
        ({ severity, span }) => severity === 'error' && span?.file !== 'iam-sync.yaml',
      )
      if (ofManifests.length > 0) expect(project.accounts.every(({ desired }) => desired === null)).toBe(true)
    })
  }

  test('names are those of the golden files', () => {
    expect(new Set(BAD_INPUT.map(({ name }) => fileName(name))).size).toBe(BAD_INPUT.length)
  })
})

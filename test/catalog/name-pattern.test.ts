import fc from 'fast-check'
import { expect, it } from 'vitest'
import { matchesPattern } from '../../src/catalog/name-pattern.ts'

const asRegExp = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's')

it('agrees with the regular expression that a pattern means', () => {
  const letters = fc.constantFrom('a', 'b')
  const pattern = fc.string({ unit: fc.oneof(letters, fc.constantFrom('*', '?')), maxLength: 8 })
  fc.assert(
    fc.property(pattern, fc.string({ unit: letters, maxLength: 8 }), (glob, text) => {
      expect(matchesPattern(glob, text)).toBe(asRegExp(glob).test(text))
    }),
    { numRuns: 2000 },
  )
})

it('stays quick on patterns made to be slow', () => {
  const start = performance.now()
  expect(matchesPattern(`${'*a'.repeat(40)}b`, 'a'.repeat(5000))).toBe(false)
  expect(performance.now() - start).toBeLessThan(500)
})

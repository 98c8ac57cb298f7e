import { expect, it } from 'vitest'
import { matchesPattern } from '../../src/model/name-pattern.ts'
import fc from '../fixed-seed.ts'

const asRegExp = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su')

it('agrees with the regular expression that a pattern means', () => {
  const letters = fc.constantFrom('a', 'b', '\u{1f600}')
  const pattern = fc.string({ unit: fc.oneof(letters, fc.constantFrom('*', '?')), maxLength: 8 })
  fc.assert(
    fc.property(pattern, fc.string({ unit: letters, maxLength: 8 }), (glob, text) => {
      expect(matchesPattern(glob, text)).toBe(asRegExp(glob).test(text))
    }),
    { numRuns: 2000 },
  )
})

it('looks at each place of a text once for each of the pattern, even of patterns made to be slow', () => {
  // Counts reads of single characters, by which either text is gone through.
  let reads = 0
  const counted = (text: string): string =>
    new Proxy(Object(text), {
      get: (target, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads++
        const value = Reflect.get(target, key, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  const pattern = `${'*a'.repeat(40)}b`
  const text = 'a'.repeat(5000)
  expect(matchesPattern(counted(pattern), counted(text))).toBe(false)
  expect(reads).toBeGreaterThan(text.length)
  expect(reads).toBeLessThan(10 * pattern.length * text.length)
})

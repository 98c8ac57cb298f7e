import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { digestWithoutTarget, isMadeWithoutTarget } from '../../src/plan/digest-without-target.ts'
import fc from '../fixed-seed.ts'

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

describe('the digest of a plan that was made without a target', () => {
  test('can be told from any other, and different plans have different ones', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const [a, b] = [digestOf(one), digestOf(other)]
        expect(isMadeWithoutTarget(a)).toBe(false)
        expect(isMadeWithoutTarget(digestWithoutTarget(a))).toBe(true)
        expect(digestWithoutTarget(a)).toMatch(/^sha256:[0-9a-f]{64}$/)
        expect(digestWithoutTarget(a) === digestWithoutTarget(b)).toBe(one === other)
      }),
      { numRuns: 200 },
    )
  })

  test('is none once a digit differs', () => {
    const digest = digestWithoutTarget(digestOf('a plan'))
    for (let at = 'sha256:'.length; at < digest.length; at++) {
      const digit = digest[at] === '0' ? '1' : '0'
      expect(isMadeWithoutTarget(digest.slice(0, at) + digit + digest.slice(at + 1))).toBe(false)
    }
  })
})

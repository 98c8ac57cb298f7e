import { describe, expect, it } from 'vitest'
import { generatedPassword } from '../../src/reconcile/generated-password.ts'
import fc, { fixedBytes } from '../fixed-seed.ts'

/** @see IAM User Guide, "Setting an account password policy for IAM users": what each option asks for */
const CLASSES = [/[A-Z]/, /[a-z]/, /[0-9]/, /[!@#$%^&*()_+\-=[\]{}|']/]

describe('a generated password', () => {
  it('is taken by every password policy', () => {
    const bytes = fc.infiniteStream(fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 128 }), bytes, (least, stream) => {
        const password = generatedPassword(least, (count) =>
          Uint8Array.from({ length: count }, () => stream.next().value ?? 0),
        ).reveal()
        expect(password.length).toBe(Math.max(20, least))
        for (const characters of CLASSES) expect(password).toMatch(characters)
        expect(password).toMatch(/^[\x21-\x7e]+$/)
      }),
    )
  })

  it('hangs on all that is drawn: none comes twice, and each character stands anywhere', () => {
    const passwords = Array.from({ length: 3000 }, () => generatedPassword(0, fixedBytes).reveal())
    expect(new Set(passwords).size).toBe(passwords.length)
    const counts = new Map<string, number>()
    for (const password of passwords)
      for (const character of password) counts.set(character, (counts.get(character) ?? 0) + 1)
    expect(counts.size).toBe(67)
    for (let place = 0; place < 20; place++)
      for (const characters of CLASSES)
        expect(
          passwords.filter((password) => characters.test(password.charAt(place))).length,
        ).toBeGreaterThan(200)
  })
})

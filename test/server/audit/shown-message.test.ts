import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secret.ts'
import { shownMessage } from '../../../src/server/audit/shown-message.ts'
import { fixedBytes } from '../../fixed-seed.ts'

const long = (bytes: number) => Buffer.from(fixedBytes(bytes)).toString('base64')

describe('the message of an error', () => {
  it('quotes no secret, short or long', () => {
    expect(shownMessage('the code 123456 is wrong', [new Secret('123456')])).toBe('the code *** is wrong')
    const token = long(3000)
    expect(shownMessage(`no such token: ${token.slice(1000, 1020)}`, [new Secret(token)])).toBe(
      '(left out: it may quote a secret)',
    )
    expect(shownMessage('Response has expired', [new Secret(token)])).toBe('Response has expired')
  })

  it('has a thousand characters at most, none of them of a secret that was cut off with the rest', () => {
    const password = 'correct-horse-battery'
    for (const before of [1000, 1010, 1020, 2030, 2040]) {
      const shown = shownMessage(`${'x'.repeat(before)}${password}${'y'.repeat(5000)}`, [
        new Secret(password),
      ])
      expect(shown.length).toBeLessThanOrEqual(1024)
      expect(shown).not.toContain('correct-')
    }
  })

  it('is there, however long what was given: nothing takes each of its places with each of the other', () => {
    const secrets = [new Secret(long(700_000)), new Secret(long(70_000)), new Secret('x'.repeat(900))]
    for (const given of [secrets, secrets.slice(1)])
      expect(shownMessage('z'.repeat(1_000_000), given).length).toBeLessThanOrEqual(1100)
  })
})

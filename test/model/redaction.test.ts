import { describe, expect, it } from 'vitest'
import { formsOf, redacted } from '../../src/model/redaction.ts'
import { Secret } from '../../src/model/secret.ts'
import fc from '../fixed-seed.ts'

const PEM = `-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj
MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu
-----END PRIVATE KEY-----`

describe('hiding a secret in a text', () => {
  it.each([
    ['whole', `Value '${PEM}' at 'privateKey' failed`],
    ['a line of it', 'bad line: MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu'],
    ['cut short', `Value '${PEM.slice(0, 100)}…' at 'privateKey' failed`],
    ['on one line', `Value '${PEM.replaceAll('\n', ' ')}'`],
    ['as JSON', `input: ${JSON.stringify({ PrivateKey: PEM })}`],
    ['URL-encoded', `PrivateKey=${encodeURIComponent(PEM)}&Version=2010-05-08`],
    ['form-encoded', `${new URLSearchParams({ PrivateKey: PEM })}`],
    ['base64', Buffer.from(PEM).toString('base64')],
    ['base64 with something before', Buffer.from(`x:${PEM}`).toString('base64')],
    ['base64 for URLs', Buffer.from(`user:${PEM}`).toString('base64url')],
    ['hexadecimal', Buffer.from(PEM).toString('hex')],
  ])('%s', (_, text) => {
    const shown = redacted(text, [new Secret(PEM)])
    expect(shown).toContain('***')
    expect(shown).not.toMatch(/MzEfYyji|MIIEvQIB|TUl|4d7a45/)
  })

  it('what is no secret stays', () => {
    const text = 'LimitExceeded: Cannot exceed quota for UsersPerAccount: 5000'
    expect(redacted(text, [])).toBe(text)
    expect(redacted(text, [new Secret('hunter2-hunter2')])).toBe(text)
    expect(redacted(`a hunter2, b`, [new Secret('hunter2')])).toBe('a ***, b')
  })

  it('whatever the secret is and stands in, none of its forms is left', () => {
    const secrets = fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme' })
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), (value, before, after) => {
        for (const form of formsOf(value)) {
          const shown = redacted(before + form + after, [new Secret(value)])
          expect(shown.replaceAll('***', '')).not.toContain(form)
        }
      }),
      { numRuns: 300 },
    )
  })
})

import { describe, expect, it } from 'vitest'
import { SEALING_KEY_BYTES, sealerOf } from '../../src/iam/sealing.ts'
import { fixedBytes } from '../fixed-seed.ts'

const KEY = fixedBytes(SEALING_KEY_BYTES)
const sealer = sealerOf(KEY, fixedBytes)

describe('what is sealed', () => {
  it('opens with the same key and about the same thing', () => {
    const sealed = sealer.seal('s3cret ü', 'AKIA1')
    expect(sealed).not.toContain('s3cret')
    expect(sealer.open(sealed, 'AKIA1')).toBe('s3cret ü')
    expect(sealerOf(KEY, fixedBytes).open(sealed, 'AKIA1')).toBe('s3cret ü')
  })

  it('does not open about another thing, with another key, or changed in any character', () => {
    const sealed = sealer.seal('s3cret', 'AKIA1')
    expect(sealer.open(sealed, 'AKIA2')).toBeNull()
    expect(sealerOf(fixedBytes(SEALING_KEY_BYTES), fixedBytes).open(sealed, 'AKIA1')).toBeNull()
    for (let place = 0; place < sealed.length - 1; place++) {
      const other = sealed[place] === 'A' ? 'B' : 'A'
      expect(sealer.open(sealed.slice(0, place) + other + sealed.slice(place + 1), 'AKIA1')).toBeNull()
    }
    for (const none of ['', 'v1.', 'v1.AAAA', 'v2.'.concat(sealed.slice(3)), sealed.slice(0, 30)])
      expect(sealer.open(none, 'AKIA1')).toBeNull()
  })

  it('is another text each time', () => {
    expect(sealer.seal('x', 'y')).not.toBe(sealer.seal('x', 'y'))
  })
})

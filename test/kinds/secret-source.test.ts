import { describe, expect, it } from 'vitest'
import { unmanagedOf } from '../../src/kinds/attributes/attribute.ts'
import { fingerprintOf, secretSource } from '../../src/kinds/attributes/secret-source.ts'
import type { PlacedSecret } from '../../src/model/index.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'

interface State {
  readonly publicPart: string | null
}
interface Desired {
  readonly key?: PlacedSecret
  readonly publicPart?: string
}

const key = secretSource('key', {
  observed: ({ publicPart }: State) => publicPart,
  declared: ({ publicPart }: Pick<Desired, 'publicPart'>) => publicPart ?? null,
  loss: 'its key',
})
const placed: PlacedSecret = { source: { env: 'KEY' }, span: { file: 'a.yaml', start: 0, end: 1 } }

const compare = (observed: State | null, desired: Desired) => {
  const change = key.compare(observed, desired, undefined, ACCOUNT)
  return {
    deliver: change.deliver,
    details: change
      .details()
      .map((detail) => (detail.type === 'value' ? [detail.before, detail.after] : detail)),
    unmanaged: unmanagedOf([change]).map(({ loss }) => loss),
  }
}
const UNCHANGED = { deliver: null, details: [], unmanaged: [] }

describe('an attribute that is a secret', () => {
  it('is delivered with what is created, and where there is none', () => {
    const delivered = { deliver: { env: 'KEY' }, details: [[null, 'env KEY']], unmanaged: [] }
    expect(compare(null, { key: placed })).toEqual(delivered)
    expect(compare({ publicPart: null }, { key: placed })).toEqual(delivered)
    expect(compare(null, { key: placed, publicPart: 'p' })).toEqual({
      ...delivered,
      details: [[null, 'p, env KEY']],
    })
  })

  it('changes with its public part, and stays where nothing of it is public', () => {
    expect(compare({ publicPart: 'p' }, { key: placed, publicPart: 'q' })).toEqual({
      deliver: { env: 'KEY' },
      details: [['p', 'q, env KEY']],
      unmanaged: [],
    })
    expect(compare({ publicPart: 'p' }, { key: placed, publicPart: 'p' })).toEqual(UNCHANGED)
    expect(compare({ publicPart: 'p' }, { key: placed })).toEqual(UNCHANGED)
  })

  it('that nobody declares stays, and is told as lost by who is made anew', () => {
    expect(compare({ publicPart: 'p' }, {})).toEqual({ ...UNCHANGED, unmanaged: ['its key (`key`)'] })
    expect(compare({ publicPart: null }, {})).toEqual(UNCHANGED)
    expect(compare(null, {})).toEqual(UNCHANGED)
  })

  it('is nothing that the journal keeps, and its source is known to the plan', () => {
    expect(key.members({ key: placed })).toBeNull()
    expect(key.secret?.({ key: placed })).toBe(placed)
    expect(key.secret?.({})).toBeNull()
    expect(key.removal({ publicPart: 'p' }, ACCOUNT)).toEqual([
      { type: 'value', path: 'key', before: 'p', after: null },
    ])
  })

  it('has one fingerprint for one public part, however it is stored', () => {
    expect(fingerprintOf('a\r\nb\r\n')).toBe(fingerprintOf('a\nb'))
    expect(fingerprintOf('a\nc')).not.toBe(fingerprintOf('a\nb'))
  })
})

import { describe, expect, it } from 'vitest'
import {
  compareDecimals,
  type Decimal,
  decimalsAround,
  decimalText,
  parseDecimal,
} from '../../../src/access/symbolic/decimal.ts'
import fc from '../../fixed-seed.ts'

const decimals: fc.Arbitrary<Decimal> = fc.record({
  digits: fc.bigInt({ min: -2000n, max: 2000n }),
  scale: fc.nat(3),
})
/** In thousandths, exact. */
const thousandths = ({ digits, scale }: Decimal): bigint => digits * 10n ** BigInt(3 - scale)

describe('decimals', () => {
  it('are read as they are written', () => {
    fc.assert(
      fc.property(decimals, (number) => {
        const read = parseDecimal(decimalText(number))
        expect(read === null ? null : compareDecimals(read, number)).toBe(0)
      }),
    )
  })

  it('are ordered as numbers are', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const difference = thousandths(a) - thousandths(b)
        expect(Math.sign(compareDecimals(a, b))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0)
      }),
    )
  })

  it('have one among those around them below, between and above', () => {
    fc.assert(
      fc.property(fc.array(decimals, { minLength: 1, maxLength: 5 }), decimals, (bounds, any) => {
        const places = (number: Decimal) =>
          bounds.map((bound) => Math.sign(compareDecimals(number, bound))).join()
        expect(decimalsAround(bounds).map(places)).toContain(places(any))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['1e1', '10'],
    ['1.50', '1.5'],
    ['-.5', '-0.5'],
    ['+2.', '2'],
    ['25e-3', '0.025'],
    ['-0', '0'],
  ])('%s is %s', (text, expected) => {
    const number = parseDecimal(text)
    expect(number === null ? null : decimalText(number)).toBe(expected)
  })

  it.each(['', '.', 'e1', '1e', '1e9999', '0x1', '1,5', 'q'])('%s is none', (text) => {
    expect(parseDecimal(text)).toBeNull()
  })
})

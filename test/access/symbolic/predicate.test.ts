import { describe, expect, it } from 'vitest'
import { parseDecimal } from '../../../src/access/symbolic/decimal.ts'
import { addressOf, type Predicate, takes, valuesAround } from '../../../src/access/symbolic/predicate.ts'
import type { OperatorComparison } from '../../../src/policy/operators.ts'
import fc from '../../fixed-seed.ts'

const comparisons = fc.constantFrom<OperatorComparison>(
  'equals',
  'less',
  'lessEquals',
  'greater',
  'greaterEquals',
)
const numbers: fc.Arbitrary<Predicate> = fc.record({
  kind: fc.constant('number' as const),
  comparison: comparisons,
  bounds: fc.array(
    fc
      .constantFrom('1', '2', '2.0', '1.5', '-1')
      .map((text) => parseDecimal(text) ?? { digits: 0n, scale: 0 }),
    { maxLength: 2 },
  ),
})
const dates: fc.Arbitrary<Predicate> = fc.record({
  kind: fc.constant('date' as const),
  comparison: comparisons,
  bounds: fc.array(fc.constantFrom(0, 1, 2, 1000, 1_577_836_800_000), { maxLength: 2 }),
})
const RANGES = [
  '10.0.0.0/8',
  '10.1.0.0/16',
  // With gaps between them, and at either end of a wider one.
  '10.1.0.0/24',
  '10.1.255.0/24',
  '10.1.2.2/31',
  '10.1.2.3',
  '0.0.0.0/0',
  '::/0',
  '2001:db8::/127',
  '::1',
]
const addresses: fc.Arbitrary<Predicate> = fc.record({
  kind: fc.constant('address' as const),
  ranges: fc
    .array(fc.constantFrom(...RANGES), { maxLength: 2 })
    .map((texts) => texts.flatMap((text) => addressOf(text) ?? [])),
})
const binaries: fc.Arbitrary<Predicate> = fc.record({
  kind: fc.constant('binary' as const),
  values: fc.array(fc.constantFrom('YQ==', 'eA==', 'eHg=', 'q'), { maxLength: 2 }),
})

describe('values around predicates', () => {
  it.each<[string, fc.Arbitrary<Predicate>, readonly string[]]>([
    ['numbers', numbers, ['-5', '-1', '0', '1', '1.2', '1.5', '1.7', '2', '9', 'q']],
    [
      'dates',
      dates,
      [
        '-1',
        '0',
        '0.0005',
        '0.001',
        '0.0015',
        '0.002',
        '0.5',
        '1',
        '2',
        '2020-01-01',
        '2021',
        '9999999999',
        'q',
      ],
    ],
    [
      'addresses',
      addresses,
      [
        '9.0.0.1',
        '10.0.0.0',
        '10.1.0.1',
        '10.1.2.2',
        '10.1.2.3',
        '10.1.2.4',
        '10.1.0.7',
        '10.1.255.7',
        '10.255.255.255',
        '::1',
        '::',
        '2001:db8::1',
        '2001:db9::',
        'q',
      ],
    ],
    ['binaries', binaries, ['YQ==', 'eA==', 'eHg=', 'Yg==', 'q', '']],
  ])('tell apart whatever any value of %s does', (_, arbitrary, values) => {
    fc.assert(
      fc.property(
        fc.array(arbitrary, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...values),
        (all, value) => {
          const outcome = (text: string) => all.map((predicate) => takes(predicate, text)).join()
          expect(valuesAround(all, false).map(outcome)).toContain(outcome(value))
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('a value', () => {
  const inside = (range: string, value: string) => {
    const of = addressOf(range)
    return of !== null && takes({ kind: 'address', ranges: [of] }, value)
  }
  it('of an address is one, not a range', () => {
    expect(inside('10.0.0.0/8', '10.0.0.1')).toBe(true)
    expect(inside('10.0.0.0/8', '10.0.0.0/8')).toBe(false)
  })

  it('of IPv4 is in no range of IPv6', () => {
    expect(inside('::/0', '10.0.0.1')).toBe(false)
  })

  it('lies between ranges that begin and end with a wider one', () => {
    const [wide, first, last] = ['10.1.0.0/16', '10.1.0.0/24', '10.1.255.0/24'].map((text): Predicate => {
      const of = addressOf(text)
      return { kind: 'address', ranges: of === null ? [] : [of] }
    })
    if (wide === undefined || first === undefined || last === undefined) throw new Error('no ranges')
    const between = valuesAround([wide, first, last], true).filter(
      (value) => takes(wide, value) && !takes(first, value) && !takes(last, value),
    )
    expect(between.length).toBeGreaterThan(1)
  })

  it('ignores the bits of a range past its mask', () => {
    expect(inside('10.1.2.3/8', '10.9.9.9')).toBe(true)
  })

  it('of a date is later than none that no clock can tell', () => {
    const beyond: Predicate = { kind: 'date', comparison: 'less', bounds: [Number.POSITIVE_INFINITY] }
    expect(takes(beyond, '2020-01-01')).toBe(true)
    expect(valuesAround([beyond], true).some((value) => takes(beyond, value))).toBe(true)
  })
})

import { type IpRange, parseIpRange } from '../../../policy/condition-values.ts'

/*
 * Tests of numbers, dates and addresses cut their values into pieces: one of each piece is tried.
 */

/**
 * One number inside each gap between neighbours.
 * @param found those that are tried already: a gap that one of them lies in is left
 */
export function numbersBetween(tested: Iterable<number>, found: Iterable<number>): readonly number[] {
  const bounds = [...new Set(tested)].sort((a, b) => a - b)
  const known = [...found]
  return bounds.flatMap((from, index) => {
    const to = bounds[index + 1]
    if (to === undefined || known.some((value) => value > from && value < to)) return []
    const middle = from + (to - from) / 2
    return middle > from && middle < to ? [middle] : []
  })
}

/**
 * The address that follows each range: ranges lie inside each other or apart, so what is left of one begins where it does
 * or where one inside it ends.
 */
export function addressesAfter(ranges: readonly string[]): readonly string[] {
  const parsed = ranges.flatMap((text) => parseIpRange(text) ?? [])
  const outside = OUTSIDE.flatMap((text) => parseIpRange(text) ?? [])
  return parsed.flatMap((range) => {
    const length = range.bytes.length
    const isInAnother = parsed.some((outer) => outer.prefix < range.prefix && isIn(range, outer))
    const areAllInside = outside
      .filter(({ bytes }) => bytes.length === length)
      .every((address) => parsed.some((outer) => isIn(address, outer)))
    if (!isInAnother && !areAllInside) return []
    const next = (networkOf(range, range) + 1n) << hostBits(range)
    return next >> BigInt(length * 8) > 0n ? [] : [addressOf(next, length)]
  })
}

const isIn = (inner: IpRange, outer: IpRange): boolean =>
  inner.bytes.length === outer.bytes.length &&
  inner.prefix >= outer.prefix &&
  networkOf(inner, outer) === networkOf(outer, outer)

/** The bits of a range that count for another one. */
const networkOf = ({ bytes }: IpRange, of: IpRange): bigint =>
  bytes.reduce((sum, byte) => (sum << 8n) + BigInt(byte), 0n) >> hostBits(of)

const hostBits = ({ bytes, prefix }: IpRange): bigint => BigInt(bytes.length * 8 - prefix)

/** Addresses that policies hardly name: a public and a private one, of either kind. */
export const OUTSIDE: readonly string[] = ['203.0.113.77', '10.255.255.254', '2001:db8:ffff::1', 'fd00::1']

function addressOf(value: bigint, length: number): string {
  const [count, bits] = length === 4 ? [4, 8n] : [8, 16n]
  const parts = Array.from({ length: count }, (_, index) =>
    Number((value >> (bits * BigInt(count - 1 - index))) & ((1n << bits) - 1n)),
  )
  return length === 4 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':')
}

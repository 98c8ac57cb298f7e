import { type IpRange, parseIpRange } from '../../policy/condition-values.ts'
import type { AddressRange } from '../symbolic/predicate.ts'

/** Ranges of which fewer leading bits are fixed hold too much of the world to name anybody. */
const WIDEST = { 4: 8, 16: 32 } as const

/** @see RFC 1918: no request from the internet comes from there */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']

/**
 * Whether an address range is so wide that it keeps nobody out. Each range is taken for itself: what several hold together
 * doesn't count.
 * @see Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage": wider than /8, of IPv6 wider than /32
 */
export const isWide = ({ bytes, prefix }: IpRange): boolean =>
  prefix < (bytes.length === 4 ? WIDEST[4] : WIDEST[16])

/** First and last address. */
export function boundsOf({ bytes, prefix }: IpRange): AddressRange {
  const bits = bytes.length === 4 ? 32 : 128
  const address = bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
  const open = (1n << BigInt(bits - prefix)) - 1n
  return { bits, low: address & ~open, high: address | open }
}

/** Ranges that no stranger's request comes from, whatever policies say. */
export const PRIVATE_RANGES: readonly AddressRange[] = PRIVATE.flatMap((text) => {
  const range = parseIpRange(text)
  return range === null ? [] : [boundsOf(range)]
})

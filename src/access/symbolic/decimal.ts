import { isDecimal } from '../../policy/condition-values.ts'

/** `digits × 10^-scale`, exact. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

/** Beyond this many places a number would only take memory. */
const MOST_PLACES = 2000

/** @returns null for what is no number, or has more places than anybody writes */
export function parseDecimal(text: string): Decimal | null {
  if (!isDecimal(text)) return null
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const places = fraction.length - Number(exponent)
  if (Math.abs(places) > MOST_PLACES) return null
  const digits = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n)
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), scale: 0 } : { digits, scale: places }
}

/** Negative, zero or positive. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale)
  const difference = digitsAt(a, scale) - digitsAt(b, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

const digitsAt = ({ digits, scale }: Decimal, wanted: number): bigint =>
  digits * 10n ** BigInt(wanted - scale)

/** One number between each two neighbours, one below all and one above all, and the numbers themselves. */
export function decimalsAround(bounds: readonly Decimal[]): readonly Decimal[] {
  const sorted = [...bounds].sort(compareDecimals)
  const [first] = sorted
  const last = sorted.at(-1)
  if (first === undefined || last === undefined) return [{ digits: 0n, scale: 0 }]
  const around: Decimal[] = [shifted(last, 1n), shifted(first, -1n)]
  for (const [index, bound] of sorted.entries()) {
    around.push(bound)
    const next = sorted[index + 1]
    if (next !== undefined && compareDecimals(bound, next) !== 0) around.push(middleOf(bound, next))
  }
  return around
}

const shifted = ({ digits, scale }: Decimal, by: bigint): Decimal => ({
  digits: digits + by * 10n ** BigInt(scale),
  scale,
})

function middleOf(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return { digits: (digitsAt(a, scale) + digitsAt(b, scale)) * 5n, scale: scale + 1 }
}

export function decimalText({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? '-' : ''
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const whole = text.slice(0, text.length - scale)
  const fraction = text.slice(text.length - scale).replace(/0+$/, '')
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`
}

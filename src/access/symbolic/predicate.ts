// Sets of values of one kind, and their small models: a number's or date's bounds cut the line into points and open intervals,
// ranges of addresses into blocks, and one value of each class decides all tests of that kind as any other of the class does.

import { parseDate, parseIpRange } from '../../policy/condition-values.ts'
import type { OperatorComparison } from '../../policy/operators.ts'
import { compareDecimals, type Decimal, decimalsAround, decimalText, parseDecimal } from './decimal.ts'
import type { Lang } from './lang.ts'

/** Inclusive; of one family. */
export interface AddressRange {
  readonly bits: 32 | 128
  readonly low: bigint
  readonly high: bigint
}

/** A set of texts that one value of a key may lie in. */
export type Predicate =
  /** `upper`: variables taken for anything; `lower`: patterns with variables left out. All three are one without them. */
  | { readonly kind: 'text'; readonly lang: Lang; readonly upper: Lang; readonly lower: Lang }
  | { readonly kind: 'number'; readonly comparison: OperatorComparison; readonly bounds: readonly Decimal[] }
  /** Bounds in milliseconds since 1970. */
  | { readonly kind: 'date'; readonly comparison: OperatorComparison; readonly bounds: readonly number[] }
  | { readonly kind: 'address'; readonly ranges: readonly AddressRange[] }
  /** Base64 texts. */
  | { readonly kind: 'binary'; readonly values: readonly string[] }

/** Whether a value lies in it. Text with variables can't be asked. */
export function takes(predicate: Predicate, value: string): boolean {
  switch (predicate.kind) {
    case 'text':
      return predicate.lang.has(value)
    case 'number': {
      const number = parseDecimal(value)
      return (
        number !== null &&
        predicate.bounds.some((bound) => compares(predicate.comparison, compareDecimals(number, bound)))
      )
    }
    case 'date': {
      const date = parseDate(value)
      return date !== null && predicate.bounds.some((bound) => compares(predicate.comparison, date - bound))
    }
    case 'address': {
      // A request has addresses, not ranges.
      const address = value.includes('/') ? null : addressOf(value)
      return (
        address !== null &&
        predicate.ranges.some(
          ({ bits, low, high }) => bits === address.bits && low <= address.low && address.high <= high,
        )
      )
    }
    case 'binary': {
      const bytes = bytesOf(value)
      return bytes !== null && predicate.values.some((one) => bytesOf(one) === bytes)
    }
  }
}

function compares(comparison: OperatorComparison, order: number): boolean {
  switch (comparison) {
    case 'equals':
      return order === 0
    case 'less':
      return order < 0
    case 'lessEquals':
      return order <= 0
    case 'greater':
      return order > 0
    case 'greaterEquals':
      return order >= 0
  }
}

export function addressOf(text: string): AddressRange | null {
  const range = parseIpRange(text)
  if (range === null) return null
  const bits = range.bytes.length === 4 ? 32 : 128
  const number = range.bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  const free = (1n << BigInt(bits - range.prefix)) - 1n
  return { bits, low: number & ~free, high: number | free }
}

/** Digits of the bytes that a base64 text means; null: it isn't any. */
const bytesOf = (text: string): string | null =>
  text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
    ? Buffer.from(text, 'base64').toString('hex')
    : null

/**
 * Texts of which one stands for every text that `predicates` of these kinds can tell apart, likely ones first; then as
 * many again that are other texts, for where a key has several values.
 * @param isTyped what is no number, date or address is no value of this key
 */
export function valuesAround(predicates: readonly Predicate[], isTyped: boolean): readonly string[] {
  const kinds = new Set(predicates.map(({ kind }) => kind))
  const values: string[] = []
  const again: string[] = []
  if (kinds.has('number')) {
    const bounds = predicates.flatMap((each) => (each.kind === 'number' ? each.bounds : []))
    const numbers = decimalsAround(bounds).map(decimalText)
    values.push(...numbers)
    again.push(...numbers.map((number) => (number.includes('.') ? `${number}0` : `${number}.0`)))
  }
  if (kinds.has('date')) {
    const dates = datesAround(predicates.flatMap((each) => (each.kind === 'date' ? each.bounds : [])))
    values.push(...dates.map(dateText))
    again.push(...dates.map(epochText))
  }
  if (kinds.has('address'))
    values.push(
      ...addressesAround(predicates.flatMap((each) => (each.kind === 'address' ? each.ranges : []))),
    )
  if (kinds.has('binary')) values.push(...binariesAround(predicates))
  if (!isTyped) values.push('x', 'y')
  return [...new Set([...values, ...again])]
}

const HOUR = 3_600_000

function datesAround(bounds: readonly number[]): readonly number[] {
  // Years of more digits than anybody writes are beyond what a clock can tell.
  const sorted = [...new Set(bounds)].filter(Number.isFinite).sort((a, b) => a - b)
  const [first = 0] = sorted
  const last = sorted.at(-1) ?? 0
  const dates = [last + HOUR, first - HOUR]
  for (const [index, bound] of sorted.entries()) {
    dates.push(bound)
    const next = sorted[index + 1]
    if (next !== undefined) dates.push(middleOf(bound, next))
  }
  return dates
}

/** In whole milliseconds, if there are any between. */
function middleOf(bound: number, next: number): number {
  const whole = Math.floor((bound + next) / 2)
  return whole === bound ? (bound + next) / 2 : whole
}

function dateText(milliseconds: number): string {
  const date = new Date(milliseconds)
  const year = Number.isNaN(date.getTime()) ? -1 : date.getUTCFullYear()
  if (year >= 1000 && year <= 9999 && Number.isInteger(milliseconds))
    return date.toISOString().replace('.000Z', 'Z')
  return epochText(milliseconds)
}

const epochText = (milliseconds: number): string =>
  decimalText({ digits: BigInt(Math.round(milliseconds * 1000)), scale: 6 })

/** Documentation's own addresses first; then the ends of each range, and what lies next to them. */
function addressesAround(ranges: readonly AddressRange[]): readonly string[] {
  const addresses = ['198.51.100.7', '10.0.0.1', '2001:db8::7']
  for (const { bits, low, high } of ranges) {
    const most = (1n << BigInt(bits)) - 1n
    for (const number of [low + 1n, low, high, low - 1n, high + 1n, high - 1n, low - 2n, high + 2n])
      if (number >= 0n && number <= most) addresses.push(addressText(bits, number))
  }
  return addresses
}

function addressText(bits: 32 | 128, number: bigint): string {
  const groupBits = bits === 32 ? 8n : 16n
  const groups: string[] = []
  for (let at = BigInt(bits) - groupBits; at >= 0n; at -= groupBits) {
    const group = (number >> at) & ((1n << groupBits) - 1n)
    groups.push(group.toString(bits === 32 ? 10 : 16))
  }
  return groups.join(bits === 32 ? '.' : ':')
}

/** Those that are asked for, each in another spelling too, and two that nobody asks for. */
function binariesAround(predicates: readonly Predicate[]): readonly string[] {
  const values = predicates.flatMap((each) => (each.kind === 'binary' ? each.values : []))
  const known = new Set(values.map(bytesOf))
  const others: string[] = []
  for (let length = 1; others.length < 2; length++) {
    const other = Buffer.from('x'.repeat(length)).toString('base64')
    if (!known.has(bytesOf(other))) others.push(other)
  }
  return [...values, ...values.flatMap(spelledOtherwise), ...others]
}

/** Padding leaves bits that mean nothing. */
function spelledOtherwise(value: string): readonly string[] {
  const [, before = '', last = '', padding = ''] = /^([^=]*)([^=])(=+)$/.exec(value) ?? []
  const digit = BASE64.indexOf(last)
  return padding === '' || digit < 0 ? [] : [`${before}${BASE64[digit ^ 1]}${padding}`]
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

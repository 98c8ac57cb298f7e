import { isDigit } from './bytes'

// A decimal number, taken apart where it stands: exact whatever its length, unlike a float.
//   value = ± 0.d₁d₂d₃… × 10^magnitude, d₁ ≠ 0; zero has no digits. Digits may have a point among them.
//   ┌───────┬──────────┬───────────┬────────┬────────────┐
//   │ state │ negative │ magnitude │ digits │ digits end │   addresses of the first digit and past the last one
//   └───────┴──────────┴───────────┴────────┴────────────┘
export const NUMBER_STATE = 0
const NUMBER_NEGATIVE = NUMBER_STATE + 4
const NUMBER_MAGNITUDE = NUMBER_NEGATIVE + 4
const NUMBER_DIGITS = NUMBER_MAGNITUDE + 4
const NUMBER_DIGITS_END = NUMBER_DIGITS + 4
export const NUMBER_SIZE = NUMBER_DIGITS_END + 4

const POINT: u32 = 0x2e
const ZERO: u32 = 0x30
const MAX_EXPONENT: i32 = 99999

/** `[+-]digits[.digits][e[+-]digits]`, with a digit on one side of the point at least. False: it isn't a number. */
export function parseNumber(text: usize, length: usize, number: usize): bool {
  let at = text
  const end = text + length
  let negative: u32 = 0
  if (at < end && (load<u8>(at) === 0x2d || load<u8>(at) === 0x2b)) {
    negative = load<u8>(at) === 0x2d ? 1 : 0
    at++
  }
  let digitsSeen = 0
  let pointSeen = false
  let first: usize = 0
  let last: usize = 0
  let magnitude: i32 = 0
  for (; at < end; at++) {
    const byte = <u32>load<u8>(at)
    if (byte === POINT) {
      if (pointSeen) return false
      pointSeen = true
      continue
    }
    if (!isDigit(byte)) break
    digitsSeen++
    if (byte !== ZERO) {
      if (first === 0) first = at
      last = at + 1
    }
    if (first !== 0) {
      if (!pointSeen) magnitude++
    } else if (pointSeen) {
      magnitude--
    }
  }
  if (digitsSeen === 0) return false
  if (at < end) {
    if ((load<u8>(at) | 0x20) !== 0x65) return false
    at++
    let down = false
    if (at < end && (load<u8>(at) === 0x2d || load<u8>(at) === 0x2b)) {
      down = load<u8>(at) === 0x2d
      at++
    }
    if (at === end) return false
    let exponent: i32 = 0
    for (; at < end; at++) {
      const byte = <u32>load<u8>(at)
      if (!isDigit(byte)) return false
      exponent = exponent * 10 + <i32>(byte - ZERO)
      if (exponent > MAX_EXPONENT) return false
    }
    magnitude += down ? -exponent : exponent
  }
  store<u32>(number + NUMBER_NEGATIVE, first === 0 ? 0 : negative)
  store<i32>(number + NUMBER_MAGNITUDE, first === 0 ? 0 : magnitude)
  store<u32>(number + NUMBER_DIGITS, <u32>first)
  store<u32>(number + NUMBER_DIGITS_END, <u32>last)
  return true
}

/** Negative, zero or positive, as a is less than, equal to or greater than b. */
export function compareNumbers(a: usize, b: usize): i32 {
  const sign = signOf(a)
  const other = signOf(b)
  if (sign !== other) return sign - other
  if (sign === 0) return 0
  const magnitude = load<i32>(a + NUMBER_MAGNITUDE)
  const otherMagnitude = load<i32>(b + NUMBER_MAGNITUDE)
  if (magnitude !== otherMagnitude) return magnitude < otherMagnitude ? -sign : sign
  let x = <usize>load<u32>(a + NUMBER_DIGITS)
  let y = <usize>load<u32>(b + NUMBER_DIGITS)
  const xEnd = <usize>load<u32>(a + NUMBER_DIGITS_END)
  const yEnd = <usize>load<u32>(b + NUMBER_DIGITS_END)
  while (true) {
    if (x < xEnd && load<u8>(x) === POINT) x++
    if (y < yEnd && load<u8>(y) === POINT) y++
    if (x >= xEnd) return y >= yEnd ? 0 : -sign
    if (y >= yEnd) return sign
    const digit = <i32>load<u8>(x++)
    const otherDigit = <i32>load<u8>(y++)
    if (digit !== otherDigit) return digit < otherDigit ? -sign : sign
  }
}

function signOf(number: usize): i32 {
  if (load<u32>(number + NUMBER_DIGITS) === 0) return 0
  return load<u32>(number + NUMBER_NEGATIVE) !== 0 ? -1 : 1
}

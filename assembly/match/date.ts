import { isDigit } from './bytes'

// An instant: seconds since 1970-01-01T00:00:00Z (may be negative) and nanoseconds after them.
//   ┌───────┬───────┬───────────────┐
//   │ state │ nanos │ seconds (i64) │
//   └───────┴───────┴───────────────┘
export const DATE_STATE = 0
const DATE_NANOS = DATE_STATE + 4
const DATE_SECONDS = DATE_NANOS + 4
export const DATE_SIZE = DATE_SECONDS + 8

const NANOS: u32 = 1000000000
const MAX_EPOCH_DIGITS: i32 = 15

/**
 * `YYYY-MM`, `YYYY-MM-DD`, `YYYY-MM-DDThh:mm[:ss[.s…]]` with `Z`, `±hh:mm` or `±hhmm`, or seconds since 1970.
 * Digits after the ninth of a fraction are dropped. Four digits alone are seconds, not a year.
 * @see W3C note "Date and Time Formats"
 */
export function parseDate(text: usize, length: usize, date: usize): bool {
  const end = text + length
  if (length >= 7 && load<u8>(text + 4) === 0x2d && digitsAt(text, 4) >= 0)
    return parseCalendar(text, end, date)
  return parseEpoch(text, end, date)
}

/** Negative, zero or positive, as a is before, at or after b. */
export function compareDates(a: usize, b: usize): i32 {
  const seconds = load<i64>(a + DATE_SECONDS)
  const otherSeconds = load<i64>(b + DATE_SECONDS)
  if (seconds !== otherSeconds) return seconds < otherSeconds ? -1 : 1
  return <i32>load<u32>(a + DATE_NANOS) - <i32>load<u32>(b + DATE_NANOS)
}

/** The number that so many digits write, or -1. The caller knows that the text is long enough. */
function digitsAt(at: usize, count: i32): i32 {
  let number: i32 = 0
  for (let end = at + <usize>count; at < end; at++) {
    const byte = <u32>load<u8>(at)
    if (!isDigit(byte)) return -1
    number = number * 10 + <i32>(byte - 0x30)
  }
  return number
}

function parseCalendar(text: usize, end: usize, date: usize): bool {
  const year = digitsAt(text, 4)
  const month = digitsAt(text + 5, 2)
  if (month < 1 || month > 12) return false
  let day = 1
  let at = text + 7
  let seconds: i64 = 0
  let nanos: u32 = 0
  if (at < end) {
    if (end - at < 3 || load<u8>(at) !== 0x2d) return false
    day = digitsAt(at + 1, 2)
    if (day < 1 || day > daysIn(year, month)) return false
    at += 3
    if (at < end) {
      if (end - at < 7 || load<u8>(at) !== 0x54 || load<u8>(at + 3) !== 0x3a) return false
      const hour = digitsAt(at + 1, 2)
      const minute = digitsAt(at + 4, 2)
      if (hour < 0 || hour > 24 || minute < 0 || minute > 59) return false
      seconds = hour * 3600 + minute * 60
      at += 6
      if (load<u8>(at) === 0x3a) {
        if (end - at < 4) return false
        const second = digitsAt(at + 1, 2)
        if (second < 0 || second > 60) return false
        seconds += second
        at += 3
        if (load<u8>(at) === 0x2e) {
          const fraction = ++at
          nanos = fractionAt(fraction, end)
          while (at < end && isDigit(load<u8>(at))) at++
          if (at === fraction) return false
        }
      }
      // Midnight may be written as the end of a day.
      if (hour === 24 && seconds !== 86400) return false
      if (at === end) return false
      const zone = <u32>load<u8>(at)
      if (zone === 0x5a) {
        at++
      } else {
        if (zone !== 0x2b && zone !== 0x2d) return false
        const hasColon = end - at === 6
        if (!hasColon && end - at !== 5) return false
        if (hasColon && load<u8>(at + 3) !== 0x3a) return false
        const hours = digitsAt(at + 1, 2)
        const minutes = digitsAt(hasColon ? at + 4 : at + 3, 2)
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return false
        const offset: i64 = hours * 3600 + minutes * 60
        seconds += zone === 0x2b ? -offset : offset
        at = end
      }
      if (at !== end) return false
    }
  }
  store<i64>(date + DATE_SECONDS, daysSinceEpoch(year, month, day) * 86400 + seconds)
  store<u32>(date + DATE_NANOS, nanos)
  return true
}

function parseEpoch(text: usize, end: usize, date: usize): bool {
  let at = text
  const negative = at < end && load<u8>(at) === 0x2d
  if (negative) at++
  let seconds: i64 = 0
  let digits: i32 = 0
  for (; at < end && isDigit(load<u8>(at)); at++) {
    if (++digits > MAX_EPOCH_DIGITS) return false
    seconds = seconds * 10 + <i64>(<u32>load<u8>(at) - 0x30)
  }
  if (digits === 0) return false
  let nanos: u32 = 0
  if (at < end) {
    if (load<u8>(at) !== 0x2e || ++at === end) return false
    nanos = fractionAt(at, end)
    while (at < end && isDigit(load<u8>(at))) at++
    if (at !== end) return false
  }
  if (negative) {
    seconds = -seconds
    if (nanos !== 0) {
      seconds--
      nanos = NANOS - nanos
    }
  }
  store<i64>(date + DATE_SECONDS, seconds)
  store<u32>(date + DATE_NANOS, nanos)
  return true
}

/** The digits after a point, in nanoseconds. */
function fractionAt(at: usize, end: usize): u32 {
  let nanos: u32 = 0
  for (let unit: u32 = NANOS / 10; unit > 0 && at < end && isDigit(load<u8>(at)); unit /= 10, at++) {
    nanos += (<u32>load<u8>(at) - 0x30) * unit
  }
  return nanos
}

function daysIn(year: i32, month: i32): i32 {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar; a year is counted from March, so that leap days end it. */
function daysSinceEpoch(year: i32, month: i32, day: i32): i64 {
  const shifted = month <= 2 ? year - 1 : year
  const era = (shifted >= 0 ? shifted : shifted - 399) / 400
  const yearOfEra = shifted - era * 400
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  return <i64>(era * 146097 + dayOfEra - 719468)
}

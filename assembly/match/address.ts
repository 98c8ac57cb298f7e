import { folded, isDigit } from './bytes'

// An IP address, or the range of a CIDR block. IPv4 stands in the top 32 bits.
//   ┌───────┬───────────────┬────────────┬───────────┐
//   │ state │ prefix length │ high (u64) │ low (u64) │   state: PENDING, INVALID, or the version: 4 or 6
//   └───────┴───────────────┴────────────┴───────────┘
export const ADDRESS_STATE = 0
const ADDRESS_PREFIX = ADDRESS_STATE + 4
const ADDRESS_HIGH = ADDRESS_PREFIX + 4
const ADDRESS_LOW = ADDRESS_HIGH + 8
export const ADDRESS_SIZE = ADDRESS_LOW + 8

const V4: u32 = 4
const V6: u32 = 6
const COLON: u32 = 0x3a
const DOT: u32 = 0x2e
const SLASH: u32 = 0x2f

/** @returns the version, 4 or 6; 0: it isn't an address or (with `ranges`) a CIDR block */
export function parseAddress(text: usize, length: usize, address: usize, ranges: bool): u32 {
  let end = text + length
  let slash: usize = 0
  let version = V4
  for (let at = text; at < end; at++) {
    const byte = <u32>load<u8>(at)
    if (byte === COLON) version = V6
    if (byte === SLASH) {
      if (slash !== 0) return 0
      slash = at
    }
  }
  let prefix: i32 = version === V4 ? 32 : 128
  if (slash !== 0) {
    if (!ranges) return 0
    const written = numberAt(slash + 1, end, true)
    if (written < 0 || written > prefix) return 0
    prefix = written
    end = slash
  }
  store<u32>(address + ADDRESS_PREFIX, <u32>prefix)
  if (version === V4) {
    const bits = parseV4(text, end)
    if (bits < 0) return 0
    store<u64>(address + ADDRESS_HIGH, (<u64>bits) << 32)
    store<u64>(address + ADDRESS_LOW, 0)
    return V4
  }
  return parseV6(text, end, address) ? V6 : 0
}

/** Whether an address lies in a range. Bits past the range's prefix don't count; versions never mix. */
export function addressIn(address: usize, range: usize): bool {
  if (load<u32>(address + ADDRESS_STATE) !== load<u32>(range + ADDRESS_STATE)) return false
  const prefix = load<u32>(range + ADDRESS_PREFIX)
  if (prefix === 0) return true
  const high = load<u64>(address + ADDRESS_HIGH) ^ load<u64>(range + ADDRESS_HIGH)
  if (prefix <= 64) return high >> (64 - prefix) === 0
  if (high !== 0) return false
  return (load<u64>(address + ADDRESS_LOW) ^ load<u64>(range + ADDRESS_LOW)) >> (128 - prefix) === 0
}

/** One to three digits; -1: something else. */
function numberAt(at: usize, end: usize, leadingZeros: bool): i32 {
  if (at === end || end - at > 3) return -1
  if (!leadingZeros && load<u8>(at) === 0x30 && end - at > 1) return -1
  let number: i32 = 0
  for (; at < end; at++) {
    const byte = <u32>load<u8>(at)
    if (!isDigit(byte)) return -1
    number = number * 10 + <i32>(byte - 0x30)
  }
  return number
}

/** Four numbers and dots; a leading zero is refused, since some read it as octal. -1: something else. */
function parseV4(at: usize, end: usize): i64 {
  let bits: i64 = 0
  for (let part = 0; part < 4; part++) {
    let stop = at
    while (stop < end && load<u8>(stop) !== DOT) stop++
    const number = numberAt(at, stop, false)
    if (number < 0 || number > 255) return -1
    bits = (bits << 8) | <i64>number
    if (part < 3) {
      if (stop === end) return -1
      at = stop + 1
    } else if (stop !== end) {
      return -1
    }
  }
  return bits
}

/** Eight groups of up to four hexadecimal digits; `::` once for a run of zeros; the last two may be written as IPv4. */
function parseV6(text: usize, end: usize, address: usize): bool {
  let high: u64 = 0
  let low: u64 = 0
  // What follows `::` is gathered apart and put at the end.
  let tailHigh: u64 = 0
  let tailLow: u64 = 0
  let groups = 0
  let groupsBeforeGap = -1
  let at = text
  if (end - at >= 2 && load<u8>(at) === COLON && load<u8>(at + 1) === COLON) {
    groupsBeforeGap = 0
    at += 2
  }
  while (at < end) {
    let stop = at
    let dotted = false
    while (stop < end && load<u8>(stop) !== COLON) {
      if (load<u8>(stop) === DOT) dotted = true
      stop++
    }
    let bits: u64 = 0
    let width = 1
    if (dotted) {
      if (stop !== end) return false
      const embedded = parseV4(at, end)
      if (embedded < 0) return false
      bits = <u64>embedded
      width = 2
    } else {
      const group = hexAt(at, stop)
      if (group < 0) return false
      bits = <u64>group
    }
    if (groups + width > 8) return false
    if (groupsBeforeGap < 0) {
      for (let left = width; left > 0; left--) {
        high = (high << 16) | (low >> 48)
        low = low << 16
      }
      low |= bits
    } else {
      for (let left = width; left > 0; left--) {
        tailHigh = (tailHigh << 16) | (tailLow >> 48)
        tailLow = tailLow << 16
      }
      tailLow |= bits
    }
    groups += width
    at = stop
    if (at === end) break
    // A colon: another group, or the gap.
    at++
    if (at === end) return false
    if (load<u8>(at) === COLON) {
      if (groupsBeforeGap >= 0) return false
      groupsBeforeGap = groups
      at++
    }
  }
  if (groupsBeforeGap < 0) {
    if (groups !== 8) return false
  } else {
    if (groups > 7) return false
    for (let left = 8 - groupsBeforeGap; left > 0; left--) {
      high = (high << 16) | (low >> 48)
      low = low << 16
    }
    high |= tailHigh
    low |= tailLow
  }
  store<u64>(address + ADDRESS_HIGH, high)
  store<u64>(address + ADDRESS_LOW, low)
  return true
}

/** One to four hexadecimal digits, or -1. */
function hexAt(at: usize, end: usize): i32 {
  if (at === end || end - at > 4) return -1
  let number: i32 = 0
  for (; at < end; at++) {
    const byte = folded(load<u8>(at))
    if (isDigit(byte)) number = (number << 4) | <i32>(byte - 0x30)
    else if (byte - 0x61 < 6) number = (number << 4) | <i32>(byte - 0x57)
    else return -1
  }
  return number
}

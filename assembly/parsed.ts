import { ADDRESS_SIZE, ADDRESS_STATE, parseAddress } from './match/address'
import { DATE_SIZE, DATE_STATE, parseDate } from './match/date'
import { NUMBER_SIZE, NUMBER_STATE, parseNumber } from './match/number'

// What a text means as a number, a date and an address: read when first asked for, and kept beside (never in) the bytes
// that came from the host, since those are checked once and must not change after that.
//   ┌────────┬──────┬─────────┐
//   │ number │ date │ address │
//   └────────┴──────┴─────────┘
const PARSED_NUMBER = 0
const PARSED_DATE = PARSED_NUMBER + NUMBER_SIZE
const PARSED_ADDRESS = PARSED_DATE + DATE_SIZE
export const PARSED_SIZE = PARSED_ADDRESS + ADDRESS_SIZE

// A value of a context key, where requests are decided by it: its text, the same with its letters beyond ASCII folded,
// and what it means. Texts are absolute addresses.
//   ┌──────┬────────┬────────┬───────────────┬────────┐
//   │ text │ length │ folded │ folded length │ parsed │
//   └──────┴────────┴────────┴───────────────┴────────┘
export const LIVE_GIVEN_TEXT = 0
export const LIVE_GIVEN_LENGTH = LIVE_GIVEN_TEXT + 4
export const LIVE_GIVEN_FOLDED = LIVE_GIVEN_LENGTH + 4
export const LIVE_GIVEN_FOLDED_LENGTH = LIVE_GIVEN_FOLDED + 4
export const LIVE_GIVEN_PARSED = LIVE_GIVEN_FOLDED_LENGTH + 4
export const LIVE_GIVEN_SIZE = LIVE_GIVEN_PARSED + PARSED_SIZE

/** States of each part; 0, since fresh ones are zeroed. */
const PENDING: u32 = 0
const INVALID: u32 = 1
const VALID: u32 = 2

/** Makes what a text means unread: it is another text now. */
export function forgetParsed(parsed: usize): void {
  store<u32>(parsed + PARSED_NUMBER + NUMBER_STATE, PENDING)
  store<u32>(parsed + PARSED_DATE + DATE_STATE, PENDING)
  store<u32>(parsed + PARSED_ADDRESS + ADDRESS_STATE, PENDING)
}

/** @returns the address of the number, or 0: the text isn't one */
export function numberOf(parsed: usize, text: usize, length: usize): usize {
  const number = parsed + PARSED_NUMBER
  const state = load<u32>(number + NUMBER_STATE)
  if (state === VALID) return number
  if (state === INVALID) return 0
  const valid = parseNumber(text, length, number)
  store<u32>(number + NUMBER_STATE, valid ? VALID : INVALID)
  return valid ? number : 0
}

/** @returns the address of the date, or 0: the text isn't one */
export function dateOf(parsed: usize, text: usize, length: usize): usize {
  const date = parsed + PARSED_DATE
  const state = load<u32>(date + DATE_STATE)
  if (state === VALID) return date
  if (state === INVALID) return 0
  const valid = parseDate(text, length, date)
  store<u32>(date + DATE_STATE, valid ? VALID : INVALID)
  return valid ? date : 0
}

/** @returns where the address stands, or 0: the text isn't one (nor, with `ranges`, a CIDR block) */
export function addressOf(parsed: usize, text: usize, length: usize, ranges: bool): usize {
  const address = parsed + PARSED_ADDRESS
  const state = load<u32>(address + ADDRESS_STATE)
  if (state === INVALID) return 0
  if (state !== PENDING) return address
  // The versions, 4 and 6, are the other states.
  const version = parseAddress(text, length, address, ranges)
  store<u32>(address + ADDRESS_STATE, version === 0 ? INVALID : version)
  return version === 0 ? 0 : address
}

import {
  afterSpace,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COMMA,
  endOfText,
  OPEN_LIST,
  QUOTE,
  valueAt,
} from './line-text'
import { equalBytes } from './match/bytes'
import { nameOf, noteUnknownName } from './names'
import {
  forgetParsed,
  LIVE_GIVEN_FOLDED,
  LIVE_GIVEN_FOLDED_LENGTH,
  LIVE_GIVEN_LENGTH,
  LIVE_GIVEN_PARSED,
  LIVE_GIVEN_SIZE,
  LIVE_GIVEN_TEXT,
} from './parsed'
import {
  LIVE_CONTEXT_KEY_COUNT,
  LIVE_CONTEXT_KEYS,
  LIVE_CONTEXT_SIZE,
  LIVE_KEY_COUNT,
  LIVE_KEY_NUMBER,
  LIVE_KEY_SIZE,
  LIVE_KEY_VALUES,
} from './registered'
import {
  MAX_SPELLINGS,
  NAME_FIRST,
  NAME_KEY,
  NAME_LENGTH,
  NAME_SECOND,
  NAME_TEXT,
  NONE,
  SPELLING_TOKEN,
} from './wire'

// The context of a line, as the records by which requests are decided; values stay where they stand in the line.

const MOST_KEYS: u32 = 128
const MOST_VALUES: u32 = 512
/** Longer keys are not expected: what is compared with a line may end behind it, where there is padding. */
const MOST_EXPECTED: usize = 48
/** Bytes for the records of one line's context. */
export const CONTEXT_ROOM: usize = <usize>MOST_KEYS * LIVE_KEY_SIZE + <usize>MOST_VALUES * LIVE_GIVEN_SIZE

let keys: usize = 0
let givens: usize = 0
let keyTotal: u32 = 0
let valueTotal: u32 = 0
/** The context's record; it has the keys that policies ask for. */
const record = memory.data(LIVE_CONTEXT_SIZE, 16)
/** Whether it says when credentials were issued. */
export let hasToken = false

/** By spelling, the last line that had the key. */
const spelledIn = memory.data(MAX_SPELLINGS * 4, 16)
let line: u32 = 0

/** Contexts are put at `room` from now on. */
export function setContextRoom(room: usize): void {
  forgetExpected()
  keys = room
  givens = room + <usize>MOST_KEYS * LIVE_KEY_SIZE
}

/** For a line that has none so far. */
export function forgetContext(): void {
  keyTotal = 0
  valueTotal = 0
  hasToken = false
}

/** The record of the context that was read; 0: there is none. */
export function contextRecord(): usize {
  if (keyTotal === 0) return 0
  store<u32>(record + LIVE_CONTEXT_KEYS, <u32>keys)
  store<u32>(record + LIVE_CONTEXT_KEY_COUNT, keyTotal)
  return record
}

/**
 * Reads an object of context keys.
 * @param at behind its opening bracket
 * @returns behind its closing one; 0: it has something else than known keys, each once, with texts, whole numbers and
 * truth values
 */
export function readContext(at: usize): usize {
  at = afterSpace(at)
  if (load<u8>(at) === CLOSE_OBJECT) return at + 1
  beginLine()
  let spelling: u32 = MAX_SPELLINGS
  while (true) {
    if (load<u8>(at) !== QUOTE) return 0
    const text = at + 1
    let name = expectedAfter(spelling, text)
    let end = text
    if (name !== 0) end += <usize>load<u32>(name + NAME_LENGTH)
    else {
      end = endOfText(text)
      if (end === 0) return 0
      name = nameOf(NAME_KEY, text, end - text, end, 0)
      if (name === 0) {
        noteUnknownName()
        return 0
      }
      expect(spelling, name)
    }
    spelling = load<u32>(name + NAME_FIRST)
    if (isTwice(spelling)) return 0
    if (spelling === SPELLING_TOKEN) hasToken = true
    at = valueAt(end + 1)
    if (at === 0) return 0
    at = readValues(at, load<u32>(name + NAME_SECOND))
    if (at === 0) return 0
    at = afterSpace(at)
    const byte = load<u8>(at)
    if (byte === CLOSE_OBJECT) return at + 1
    if (byte !== COMMA) return 0
    at = afterSpace(at + 1)
  }
}

/**
 * By the spellings of a key, and behind them of none, the name of the key that stood behind it last: it does most of the
 * time, and is compared where it stands instead of being looked for (rows "lines": 0.88 of the time of W1, 0.93 of W2).
 */
const expected = memory.data((MAX_SPELLINGS + 1) * 4, 16)

/** The name of the key that begins at `text`, if it is the one that is expected there; or 0. */
function expectedAfter(spelling: u32, text: usize): usize {
  const name = <usize>load<u32>(expected + <usize>spelling * 4)
  if (name === 0) return 0
  const length = <usize>load<u32>(name + NAME_LENGTH)
  // No name has a quote in it: the first one ends the text.
  return load<u8>(text + length) === QUOTE && equalBytes(text, name + NAME_TEXT, length) ? name : 0
}

function expect(spelling: u32, name: usize): void {
  if (<usize>load<u32>(name + NAME_LENGTH) <= MOST_EXPECTED)
    store<u32>(expected + <usize>spelling * 4, <u32>name)
}

/** Before lines are read: names may have gone since the last ones. */
function forgetExpected(): void {
  memory.fill(expected, 0, (MAX_SPELLINGS + 1) * 4)
}

function beginLine(): void {
  line++
  if (line !== 0) return
  memory.fill(spelledIn, 0, MAX_SPELLINGS * 4)
  line = 1
}

function isTwice(spelling: u32): bool {
  const last = spelledIn + <usize>spelling * 4
  if (load<u32>(last) === line) return true
  store<u32>(last, line)
  return false
}

/** A key's value, or a list of them. @param key its number; NONE: no policy asks for it @returns behind it, or 0 */
function readValues(at: usize, key: u32): usize {
  const first = valueTotal
  if (load<u8>(at) === OPEN_LIST) {
    at = afterSpace(at + 1)
    if (load<u8>(at) === CLOSE_LIST) at++
    else {
      while (true) {
        at = readValue(at, key)
        if (at === 0) return 0
        at = afterSpace(at)
        const byte = load<u8>(at++)
        if (byte === CLOSE_LIST) break
        if (byte !== COMMA) return 0
        at = afterSpace(at)
      }
    }
  } else {
    at = readValue(at, key)
    if (at === 0) return 0
  }
  if (key === NONE) return at
  if (keyTotal === MOST_KEYS) return 0
  const live = keys + <usize>keyTotal * LIVE_KEY_SIZE
  store<u32>(live + LIVE_KEY_NUMBER, key)
  store<u32>(live + LIVE_KEY_VALUES, <u32>(givens + <usize>first * LIVE_GIVEN_SIZE))
  store<u32>(live + LIVE_KEY_COUNT, valueTotal - first)
  keyTotal++
  return at
}

function readValue(at: usize, key: u32): usize {
  let text = at
  let end: usize
  let after: usize
  if (load<u8>(at) === QUOTE) {
    text = at + 1
    end = endOfText(text)
    if (end === 0) return 0
    after = end + 1
  } else {
    end = endOfWord(at)
    if (end === 0) return 0
    after = end
  }
  if (key === NONE) return after
  if (valueTotal === MOST_VALUES) return 0
  const given = givens + <usize>valueTotal * LIVE_GIVEN_SIZE
  store<u32>(given + LIVE_GIVEN_TEXT, <u32>text)
  store<u32>(given + LIVE_GIVEN_LENGTH, <u32>(end - text))
  store<u32>(given + LIVE_GIVEN_FOLDED, <u32>text)
  store<u32>(given + LIVE_GIVEN_FOLDED_LENGTH, <u32>(end - text))
  forgetParsed(given + LIVE_GIVEN_PARSED)
  valueTotal++
  return after
}

/** "true", "fals". */
const TRUE: u32 = 0x65757274
const FALS: u32 = 0x736c6166
/** Whole numbers of so many digits are written as they are read. */
const MOST_DIGITS: usize = 15

/** Behind a truth value or a whole number whose text is its own JSON. 0: it is none. What follows is the caller's to look at. */
function endOfWord(at: usize): usize {
  const word = load<u32>(at)
  if (word === TRUE) return at + 4
  if (word === FALS && load<u8>(at + 4) === 0x65) return at + 5
  if (load<u8>(at) === 0x30) return isOfNumber(at + 1) ? 0 : at + 1
  let end = at
  while (<u32>load<u8>(end) - 0x30 < 10) end++
  return end === at || end - at > MOST_DIGITS || isOfNumber(end) ? 0 : end
}

/** A digit, a point or an exponent: the number goes on. */
function isOfNumber(at: usize): bool {
  const byte = <u32>load<u8>(at)
  return byte - 0x30 < 10 || byte === 0x2e || (byte | 0x20) === 0x65
}

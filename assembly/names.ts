import { ACTIONS, countIn, PRINCIPALS, RESOURCES } from './directory'
import { equalBytes } from './match/bytes'
import { keyCount } from './program-tables'
import { allocate } from './registry-room'
import {
  MAX_SPELLINGS,
  NAME_ACTION,
  NAME_ASKER,
  NAME_FIRST,
  NAME_KIND,
  NAME_KINDS,
  NAME_LENGTH,
  NAME_MORE_LENGTH,
  NAME_SECOND,
  NAME_TEXT,
  NAMED_ACTION_LEFT,
  NONE,
} from './wire'

// Names that the host gave, found by their texts: a table of slots with open addressing, which doubles when it is half
// full. The names stay where the host wrote them.
//   ┌──────┬──────┐
//   │ hash │ name │ × slots   its address; 0: the slot is free
//   └──────┴──────┘
const SLOT_HASH = 0
const SLOT_NAME = SLOT_HASH + 4
const SLOT_SIZE = SLOT_NAME + 4
const LEAST_SLOTS: u32 = 256
/** A name that has no slot so near to its own is not found: whoever makes up texts of one hash gains nothing by it. */
const MOST_PROBES: u32 = 64

let slots: usize = 0
/** One less than there are slots. */
let mask: u32 = 0
let count: u32 = 0

/** Whether a text was looked for in vain since this was last set. */
export let hasUnknownName = false

export function noteUnknownName(): void {
  hasUnknownName = true
}

/** Before a line is read. */
export function expectKnownNames(): void {
  hasUnknownName = false
}

export function forgetNames(): void {
  slots = 0
  mask = 0
  count = 0
}

/** Bytes of a name with its padding. */
function sizeOf(name: usize): u64 {
  return (
    (<u64>NAME_TEXT + <u64>load<u32>(name + NAME_LENGTH) + <u64>load<u32>(name + NAME_MORE_LENGTH) + 3) &
    ~(<u64>3)
  )
}

/** How many names stand there. -1: the bytes are no names, or name numbers that there are not. */
export function countNames(names: usize, size: u32): i32 {
  let found = 0
  let left = <u64>size
  for (let name = names; left > 0; found++) {
    if (left < <u64>NAME_TEXT) return -1
    const whole = sizeOf(name)
    if (whole > left || !numbersExist(name)) return -1
    name += <usize>whole
    left -= whole
  }
  return found
}

function numbersExist(name: usize): bool {
  const kind = load<u32>(name + NAME_KIND)
  const first = load<u32>(name + NAME_FIRST)
  const second = load<u32>(name + NAME_SECOND)
  if (kind >= <u32>NAME_KINDS) return false
  if (kind === NAME_ASKER)
    return first < countIn(PRINCIPALS) && (second === NONE || second < countIn(RESOURCES))
  if (kind === NAME_ACTION) return first < countIn(ACTIONS) && second <= <u32>NAMED_ACTION_LEFT
  return first < <u32>MAX_SPELLINGS && (second === NONE || second < keyCount)
}

/** Lists names, which are sound. False: out of memory. */
export function takeNames(names: usize, size: u32, more: u32): bool {
  if (!expectNames(more)) return false
  let name = names
  for (const end = names + <usize>size; name < end; name += <usize>sizeOf(name)) {
    const text = name + NAME_TEXT
    const length = <usize>load<u32>(name + NAME_LENGTH)
    const moreLength = <usize>load<u32>(name + NAME_MORE_LENGTH)
    const kind = load<u32>(name + NAME_KIND)
    if (nameOf(kind, text, length, text + length, moreLength) !== 0) continue
    if (put(hashOf(kind, text, length, text + length, moreLength), name)) count++
  }
  return true
}

/** Always makes some room, behind the names: so their texts can be read in words. */
function expectNames(more: u32): bool {
  if (allocate(16) === 0) return false
  const wanted = (<u64>count + <u64>more) * 2
  if (slots !== 0 && wanted <= <u64>mask + 1) return true
  let room = <u64>LEAST_SLOTS
  while (room < wanted) room *= 2
  if (room > 0x4000000) return false
  const before = slots
  const beforeEnd = before + (<usize>mask + 1) * SLOT_SIZE
  const roomier = allocate(room * SLOT_SIZE)
  if (roomier === 0) return false
  memory.fill(roomier, 0, <usize>room * SLOT_SIZE)
  slots = roomier
  mask = <u32>room - 1
  if (before === 0) return true
  for (let slot = before; slot < beforeEnd; slot += SLOT_SIZE) {
    const name = <usize>load<u32>(slot + SLOT_NAME)
    if (name !== 0) put(load<u32>(slot + SLOT_HASH), name)
  }
  return true
}

function put(hash: u32, name: usize): bool {
  for (let probe: u32 = 0; probe < MOST_PROBES; probe++) {
    const slot = slotAt(hash + probe)
    if (load<u32>(slot + SLOT_NAME) !== 0) continue
    store<u32>(slot + SLOT_HASH, hash)
    store<u32>(slot + SLOT_NAME, <u32>name)
    return true
  }
  return false
}

function slotAt(place: u32): usize {
  return slots + <usize>(place & mask) * SLOT_SIZE
}

/** The name of a kind with these two texts, or 0. Eight bytes behind each of them are there to be read. */
export function nameOf(kind: u32, text: usize, length: usize, more: usize, moreLength: usize): usize {
  if (slots === 0) return 0
  const hash = hashOf(kind, text, length, more, moreLength)
  for (let probe: u32 = 0; probe < MOST_PROBES; probe++) {
    const slot = slotAt(hash + probe)
    const name = <usize>load<u32>(slot + SLOT_NAME)
    if (name === 0) return 0
    if (load<u32>(slot + SLOT_HASH) === hash && isName(name, kind, text, length, more, moreLength))
      return name
  }
  return 0
}

/** Whether a name is of a kind and has these two texts. */
function isName(name: usize, kind: u32, text: usize, length: usize, more: usize, moreLength: usize): bool {
  return (
    load<u32>(name + NAME_KIND) === kind &&
    <usize>load<u32>(name + NAME_LENGTH) === length &&
    <usize>load<u32>(name + NAME_MORE_LENGTH) === moreLength &&
    equalBytes(text, name + NAME_TEXT, length) &&
    equalBytes(more, name + NAME_TEXT + length, moreLength)
  )
}

const ODD: u64 = ((<u64>0x9e3779b9) << 32) | 0x7f4a7c15

function hashOf(kind: u32, text: usize, length: usize, more: usize, moreLength: usize): u32 {
  const hash = mixed(mixed(<u64>kind, text, length), more, moreLength)
  return <u32>(hash >>> 32) ^ <u32>hash
}

/** Takes a text in, eight bytes at a time. */
function mixed(hash: u64, text: usize, length: usize): u64 {
  hash = (hash ^ <u64>length) * ODD
  const end = text + length
  for (; text + 8 <= end; text += 8) hash = step(hash, load<u64>(text))
  // The bytes behind the text are masked away.
  const over = <u64>(end - text)
  return over === 0 ? hash : step(hash, load<u64>(text) & (((<u64>1) << (over * 8)) - 1))
}

function step(hash: u64, word: u64): u64 {
  hash = (hash ^ word) * ODD
  return hash ^ (hash >>> 29)
}

import { forgetContext, hasToken, readContext } from './line-context'
import {
  afterSpace,
  CLOSE_OBJECT,
  COMMA,
  endOfText,
  LINE_FEED,
  OPEN_OBJECT,
  QUOTE,
  valueAt,
} from './line-text'
import { expectKnownNames, nameOf, noteUnknownName } from './names'
import { isAccount } from './resource-arn'
import { NAME_ACTION, NAME_ASKER, NAME_SECOND, NAMED_ACTION_ALWAYS, NAMED_ACTION_WITHOUT_TOKEN } from './wire'

// A line as `evaluate --batch` takes it, read in one go: strings in ASCII and without escapes, keys that are known, none of
// them twice, policies by name. Whatever else a line may be, it is not read here, and nothing is said of it.

/** The id with its quotes; of no length: there is none. */
export let id: usize = 0
export let idLength: usize = 0
/** The names of who asks under which policies, and of the action (NAME_…). */
export let asker: usize = 0
export let askedAction: usize = 0
/** The resource's text, and the account that owns it; of no length: the line doesn't say. */
export let resourceText: usize = 0
export let resourceTextLength: usize = 0
export let account: usize = 0
export let accountLength: usize = 0

let principal: usize = 0
let principalLength: usize = 0
let action: usize = 0
let actionLength: usize = 0
let set: usize = 0
let setLength: usize = 0
/** Which keys the line had so far. */
let seen: u32 = 0

const ID: u32 = 1
const REQUEST: u32 = 2
const POLICIES: u32 = 4
const PRINCIPAL: u32 = 8
const ACTION: u32 = 16
const RESOURCE: u32 = 32
const ACCOUNT: u32 = 64
const CONTEXT: u32 = 128
const NEEDED: u32 = REQUEST | POLICIES | PRINCIPAL | ACTION | RESOURCE

// Keys with their closing quotes, where they fit into a word: `id"`, `request"`, `policies` `"`, `principa` `l"`, `action"`,
// `resource` `"` or `Account"`, `context"`.
const ID_KEY: u32 = 0x226469
const ID_MASK: u32 = 0xffffff
const REQUEST_KEY: u64 = ((<u64>0x22747365) << 32) | 0x75716572
const POLICIES_KEY: u64 = ((<u64>0x73656963) << 32) | 0x696c6f70
const PRINCIPA: u64 = ((<u64>0x61706963) << 32) | 0x6e697270
const L_QUOTE: u32 = 0x226c
const ACTION_KEY: u64 = ((<u64>0x226e6f) << 32) | 0x69746361
const ACTION_MASK: u64 = ((<u64>0xffffff) << 32) | 0xffffffff
const RESOURCE_KEY: u64 = ((<u64>0x65637275) << 32) | 0x6f736572
const ACCOUNT_KEY: u64 = ((<u64>0x22746e75) << 32) | 0x6f636341
const CONTEXT_KEY: u64 = ((<u64>0x22747865) << 32) | 0x746e6f63

/** Reads a line. @returns the line feed that ends it; 0: it is left to others */
export function readLine(at: usize): usize {
  seen = 0
  idLength = 0
  accountLength = 0
  forgetContext()
  expectKnownNames()
  at = afterSpace(at)
  if (load<u8>(at) !== OPEN_OBJECT) return 0
  at = readMembers(afterSpace(at + 1))
  if (at === 0 || (seen & NEEDED) !== NEEDED) return 0
  at = afterSpace(at)
  return load<u8>(at) === LINE_FEED && findNames() ? at : 0
}

function findNames(): bool {
  asker = nameOf(NAME_ASKER, principal, principalLength, set, setLength)
  askedAction = nameOf(NAME_ACTION, action, actionLength, action, 0)
  if (asker === 0 || askedAction === 0) {
    noteUnknownName()
    return false
  }
  const decided = load<u32>(askedAction + NAME_SECOND)
  return decided === NAMED_ACTION_ALWAYS || (decided === NAMED_ACTION_WITHOUT_TOKEN && !hasToken)
}

/** A key is there for the first time. */
function isNew(key: u32): bool {
  if ((seen & key) !== 0) return false
  seen |= key
  return true
}

/** The line's own keys. @param at where the first one's quote is to be @returns behind the closing bracket, or 0 */
function readMembers(at: usize): usize {
  while (true) {
    if (load<u8>(at) !== QUOTE) return 0
    at++
    if (load<u64>(at) === REQUEST_KEY) {
      if (!isNew(REQUEST)) return 0
      at = valueAt(at + 8)
      if (at === 0 || load<u8>(at) !== OPEN_OBJECT) return 0
      at = readRequest(afterSpace(at + 1))
      if (at === 0) return 0
    } else {
      const key = (load<u32>(at) & ID_MASK) === ID_KEY ? ID : POLICIES
      if (!isNew(key)) return 0
      if (key === POLICIES && (load<u64>(at) !== POLICIES_KEY || load<u8>(at + 8) !== QUOTE)) return 0
      const text = textAt(at + (key === ID ? 3 : 9))
      const end = text === 0 ? <usize>0 : endOfText(text)
      if (end === 0) return 0
      if (key === ID) {
        id = text - 1
        idLength = end + 1 - id
      } else {
        set = text
        setLength = end - text
      }
      at = end + 1
    }
    at = afterSpace(at)
    const byte = load<u8>(at)
    if (byte === CLOSE_OBJECT) return at + 1
    if (byte !== COMMA) return 0
    at = afterSpace(at + 1)
  }
}

/** The first character of a key's text. @param at behind the key @returns 0: its value is none */
function textAt(at: usize): usize {
  at = valueAt(at)
  return at !== 0 && load<u8>(at) === QUOTE ? at + 1 : 0
}

/** The keys of `request`. Parameters and result as of `readMembers`. */
function readRequest(at: usize): usize {
  while (true) {
    if (load<u8>(at) !== QUOTE) return 0
    at++
    const word = load<u64>(at)
    if (word === CONTEXT_KEY) {
      if (!isNew(CONTEXT)) return 0
      at = valueAt(at + 8)
      if (at === 0 || load<u8>(at) !== OPEN_OBJECT) return 0
      at = readContext(at + 1)
      if (at === 0) return 0
    } else {
      at = readText(at, word)
      if (at === 0) return 0
    }
    at = afterSpace(at)
    const byte = load<u8>(at)
    if (byte === CLOSE_OBJECT) return at + 1
    if (byte !== COMMA) return 0
    at = afterSpace(at + 1)
  }
}

/** One of the texts of `request`. @param at its key's first character @param word the first eight of them @returns behind it, or 0 */
function readText(at: usize, word: u64): usize {
  let key: u32 = 0
  let length: usize = 0
  if (word === PRINCIPA && <u32>load<u16>(at + 8) === L_QUOTE) {
    key = PRINCIPAL
    length = 10
  } else if ((word & ACTION_MASK) === ACTION_KEY) {
    key = ACTION
    length = 7
  } else if (word === RESOURCE_KEY && load<u8>(at + 8) === QUOTE) {
    key = RESOURCE
    length = 9
  } else if (word === RESOURCE_KEY && load<u64>(at + 8) === ACCOUNT_KEY) {
    key = ACCOUNT
    length = 16
  }
  if (key === 0 || !isNew(key)) return 0
  const text = textAt(at + length)
  const end = text === 0 ? <usize>0 : endOfText(text)
  if (end === 0) return 0
  if (key === PRINCIPAL) {
    principal = text
    principalLength = end - text
  } else if (key === ACTION) {
    action = text
    actionLength = end - text
  } else if (key === RESOURCE) {
    resourceText = text
    resourceTextLength = end - text
  } else {
    account = text
    accountLength = end - text
    // Whoever says whose it is says an account.
    if (!isAccount(text, end)) return 0
  }
  return end + 1
}

import { aligned, rangeFits, reach, tableFits } from './arena'
import { PARSED_SIZE } from './parsed'
import { blockStart, keyCount, policyCount } from './program'
import {
  BLOCK_GROUPS,
  BLOCK_HEADER_SIZE,
  BLOCK_KEYS,
  BLOCK_MAGIC,
  BLOCK_MAGIC_AT,
  BLOCK_MEMBERS,
  BLOCK_REQUESTS,
  BLOCK_SIZE_AT,
  BLOCK_STRINGS,
  BLOCK_VALUES,
  ENTRY_FOLDED,
  ENTRY_FOLDED_LENGTH,
  ENTRY_LENGTH,
  ENTRY_SIZE,
  ENTRY_TEXT,
  GROUP_LAYER,
  GROUP_MEMBERS,
  GROUP_SIZE,
  KEY_NUMBER,
  KEY_SIZE,
  KEY_VALUES,
  KINDS,
  LAYERS,
  MALFORMED,
  MAX_LISTED,
  MEMBER_SIZE,
  OK,
  OUT_OF_MEMORY,
  REQUEST_ACCOUNT,
  REQUEST_ACTION,
  REQUEST_BASE,
  REQUEST_COVERS,
  REQUEST_COVERS_TOO,
  REQUEST_GROUPS,
  REQUEST_KEYS,
  REQUEST_KIND,
  REQUEST_PRINCIPAL,
  REQUEST_RESOURCE,
  REQUEST_SIZE,
  TABLE_COUNT,
} from './wire'

// The block that is open. Addresses are absolute.
// INVARIANT: as with the program, once `openBlockBytes` answered OK everything in it is within its table.

export let requests: usize = 0
/** 0 while no block is open. */
export let requestCount: u32 = 0
export let groups: usize = 0
export let members: usize = 0
export let keys: usize = 0
export let entries: usize = 0
export let texts: usize = 0
/** What the values mean, in their order. */
export let parsedEntries: usize = 0
/** Where answers are written. */
export let answers: usize = 0

let reserved: u32 = 0

export function closeBlock(): void {
  requestCount = 0
}

/** Room for a block's bytes. 0: out of memory, or no program. */
export function reserveBlockBytes(size: u32): usize {
  closeBlock()
  reserved = 0
  if (blockStart === 0 || !reach(<u64>blockStart + <u64>size)) return 0
  reserved = size
  return blockStart
}

function tableAt(entry: u32): usize {
  return blockStart + <usize>load<u32>(blockStart + entry)
}

function countAt(entry: u32): u32 {
  return load<u32>(blockStart + entry + TABLE_COUNT)
}

function tableIsInside(entry: u32, recordSize: u32): bool {
  const whole = load<u32>(blockStart + BLOCK_SIZE_AT)
  return tableFits(load<u32>(blockStart + entry), countAt(entry), recordSize, BLOCK_HEADER_SIZE, whole)
}

function textIsInside(text: usize): bool {
  return rangeFits(load<u32>(text), load<u32>(text + 4), countAt(BLOCK_STRINGS))
}

/** Checks the bytes that were written where `reserveBlockBytes` said. */
export function openBlockBytes(size: u32): i32 {
  closeBlock()
  if (blockStart === 0 || size > reserved || size < <u32>BLOCK_HEADER_SIZE) return MALFORMED
  if (load<u32>(blockStart + BLOCK_MAGIC_AT) !== BLOCK_MAGIC) return MALFORMED
  if (load<u32>(blockStart + BLOCK_SIZE_AT) !== size) return MALFORMED
  if (
    !tableIsInside(BLOCK_REQUESTS, REQUEST_SIZE) ||
    !tableIsInside(BLOCK_GROUPS, GROUP_SIZE) ||
    !tableIsInside(BLOCK_MEMBERS, MEMBER_SIZE) ||
    !tableIsInside(BLOCK_KEYS, KEY_SIZE) ||
    !tableIsInside(BLOCK_VALUES, ENTRY_SIZE) ||
    !tableIsInside(BLOCK_STRINGS, 1)
  ) {
    return MALFORMED
  }
  requests = tableAt(BLOCK_REQUESTS)
  groups = tableAt(BLOCK_GROUPS)
  members = tableAt(BLOCK_MEMBERS)
  keys = tableAt(BLOCK_KEYS)
  entries = tableAt(BLOCK_VALUES)
  texts = tableAt(BLOCK_STRINGS)
  if (
    !requestsAreSound() ||
    !groupsAreSound() ||
    !membersAreSound() ||
    !keysAreSound() ||
    !entriesAreSound()
  ) {
    return MALFORMED
  }
  const parsed = aligned(<u64>blockStart + <u64>size)
  const parsedSize = <u64>countAt(BLOCK_VALUES) * PARSED_SIZE
  const after = aligned(parsed + parsedSize)
  if (!reach(after + <u64>countAt(BLOCK_REQUESTS) * 4)) return OUT_OF_MEMORY
  parsedEntries = <usize>parsed
  answers = <usize>after
  memory.fill(parsedEntries, 0, <usize>parsedSize)
  requestCount = countAt(BLOCK_REQUESTS)
  return OK
}

function requestsAreSound(): bool {
  const end = requests + <usize>countAt(BLOCK_REQUESTS) * REQUEST_SIZE
  let listed: u64 = 0
  for (let request = requests; request < end; request += REQUEST_SIZE) {
    if (
      load<u32>(request + REQUEST_KIND) >= <u32>KINDS ||
      !textIsInside(request + REQUEST_ACTION) ||
      !textIsInside(request + REQUEST_RESOURCE) ||
      !textIsInside(request + REQUEST_COVERS) ||
      !textIsInside(request + REQUEST_COVERS_TOO) ||
      !textIsInside(request + REQUEST_PRINCIPAL) ||
      !textIsInside(request + REQUEST_BASE) ||
      !textIsInside(request + REQUEST_ACCOUNT)
    ) {
      return false
    }
    const groupCount = load<u32>(request + REQUEST_GROUPS + 4)
    const keyEntries = load<u32>(request + REQUEST_KEYS + 4)
    if (!rangeFits(load<u32>(request + REQUEST_GROUPS), groupCount, countAt(BLOCK_GROUPS))) return false
    if (!rangeFits(load<u32>(request + REQUEST_KEYS), keyEntries, countAt(BLOCK_KEYS))) return false
    listed += <u64>groupCount + <u64>keyEntries
    if (listed > <u64>MAX_LISTED) return false
  }
  return true
}

function groupsAreSound(): bool {
  const end = groups + <usize>countAt(BLOCK_GROUPS) * GROUP_SIZE
  for (let group = groups; group < end; group += GROUP_SIZE) {
    if (load<u32>(group + GROUP_LAYER) >= <u32>LAYERS) return false
    const first = load<u32>(group + GROUP_MEMBERS)
    if (!rangeFits(first, load<u32>(group + GROUP_MEMBERS + 4), countAt(BLOCK_MEMBERS))) return false
  }
  return true
}

function membersAreSound(): bool {
  const end = members + <usize>countAt(BLOCK_MEMBERS) * MEMBER_SIZE
  for (let member = members; member < end; member += MEMBER_SIZE) {
    if (load<u32>(member) >= policyCount) return false
  }
  return true
}

function keysAreSound(): bool {
  const end = keys + <usize>countAt(BLOCK_KEYS) * KEY_SIZE
  for (let key = keys; key < end; key += KEY_SIZE) {
    if (load<u32>(key + KEY_NUMBER) >= keyCount) return false
    const first = load<u32>(key + KEY_VALUES)
    if (!rangeFits(first, load<u32>(key + KEY_VALUES + 4), countAt(BLOCK_VALUES))) return false
  }
  return true
}

function entriesAreSound(): bool {
  const stringsSize = countAt(BLOCK_STRINGS)
  const end = entries + <usize>countAt(BLOCK_VALUES) * ENTRY_SIZE
  for (let entry = entries; entry < end; entry += ENTRY_SIZE) {
    if (
      !rangeFits(load<u32>(entry + ENTRY_TEXT), load<u32>(entry + ENTRY_LENGTH), stringsSize) ||
      !rangeFits(load<u32>(entry + ENTRY_FOLDED), load<u32>(entry + ENTRY_FOLDED_LENGTH), stringsSize)
    ) {
      return false
    }
  }
  return true
}

import { rangeFits, reach, tableFits } from './arena'
import { rowSize, workOf } from './program-index'
import { keyCount, policies, policyCount, serviceCount } from './program-tables'
import {
  ACTION_SERVICE,
  ACTION_SIZE,
  ACTION_TEXT,
  BLOCK_ACTIONS,
  BLOCK_CONTEXTS,
  BLOCK_GROUPS,
  BLOCK_HEADER_SIZE,
  BLOCK_KEYS,
  BLOCK_MAGIC,
  BLOCK_MAGIC_AT,
  BLOCK_MEMBERS,
  BLOCK_PRINCIPALS,
  BLOCK_REQUESTS,
  BLOCK_RESOURCES,
  BLOCK_SETS,
  BLOCK_SIZE_AT,
  BLOCK_STRINGS,
  BLOCK_VALUES,
  CONTEXT_KEYS,
  CONTEXT_SIZE,
  FACTS_KEYS,
  FACTS_SIZE,
  GIVEN_FOLDED,
  GIVEN_FOLDED_LENGTH,
  GIVEN_LENGTH,
  GIVEN_SIZE,
  GIVEN_TEXT,
  GROUP_LAYER,
  GROUP_MEMBERS,
  GROUP_SIZE,
  KEY_NUMBER,
  KEY_SIZE,
  KEY_VALUES,
  KINDS,
  LAYERS,
  MAX_LISTED,
  MAX_PARTITION,
  MEMBER_SIZE,
  POLICY_SIZE,
  POLICY_STATEMENTS,
  PRINCIPAL_ACCOUNT,
  PRINCIPAL_BASE,
  PRINCIPAL_KEYS,
  PRINCIPAL_KIND,
  PRINCIPAL_NAME,
  PRINCIPAL_PARTITION,
  PRINCIPAL_SIZE,
  REQUEST_OWNER,
  REQUEST_RESOURCE,
  REQUEST_SIZE,
  SET_GROUPS,
  SET_SIZE,
  TABLE_COUNT,
} from './wire'

// The bytes of a block, where the host wrote them.
// INVARIANT: once `blockIsSound` said so, every range and text in the block is within its table, and every number that
// is about the program exists in it. Numbers of what is registered are the registry's to check.

/** Where the block begins. */
export let block: usize = 0

let reserved: u32 = 0

/** Room for a block's bytes at `start`. False: out of memory. */
export function reserveBlockAt(start: usize, size: u32): bool {
  reserved = 0
  if (!reach(<u64>start + <u64>size)) return false
  block = start
  reserved = size
  return true
}

/** Whether there is room for so many bytes at the block's address. */
export function isReserved(size: u32): bool {
  return size <= reserved
}

export function forgetBlock(): void {
  reserved = 0
}

export function tableAt(entry: u32): usize {
  return block + <usize>load<u32>(block + entry)
}

export function countAt(entry: u32): u32 {
  return load<u32>(block + entry + TABLE_COUNT)
}

export function stringsAt(): usize {
  return tableAt(BLOCK_STRINGS)
}

function tableIsInside(entry: u32, recordSize: u32): bool {
  const whole = load<u32>(block + BLOCK_SIZE_AT)
  return tableFits(load<u32>(block + entry), countAt(entry), recordSize, BLOCK_HEADER_SIZE, whole)
}

function textIsInside(text: usize): bool {
  return rangeFits(load<u32>(text), load<u32>(text + 4), countAt(BLOCK_STRINGS))
}

/** Checks the bytes that were written where there was room. */
export function blockIsSound(size: u32): bool {
  if (size > reserved || size < <u32>BLOCK_HEADER_SIZE) return false
  if (load<u32>(block + BLOCK_MAGIC_AT) !== BLOCK_MAGIC) return false
  if (load<u32>(block + BLOCK_SIZE_AT) !== size) return false
  listed = 0
  return (
    tableIsInside(BLOCK_ACTIONS, ACTION_SIZE) &&
    tableIsInside(BLOCK_SETS, SET_SIZE) &&
    tableIsInside(BLOCK_GROUPS, GROUP_SIZE) &&
    tableIsInside(BLOCK_MEMBERS, MEMBER_SIZE) &&
    tableIsInside(BLOCK_PRINCIPALS, PRINCIPAL_SIZE) &&
    tableIsInside(BLOCK_RESOURCES, FACTS_SIZE) &&
    tableIsInside(BLOCK_CONTEXTS, CONTEXT_SIZE) &&
    tableIsInside(BLOCK_KEYS, KEY_SIZE) &&
    tableIsInside(BLOCK_VALUES, GIVEN_SIZE) &&
    tableIsInside(BLOCK_REQUESTS, REQUEST_SIZE) &&
    tableIsInside(BLOCK_STRINGS, 1) &&
    actionsAreSound() &&
    setsAreSound() &&
    membersAreSound() &&
    groupsAreSound() &&
    principalsAreSound() &&
    rangesAreSound(BLOCK_RESOURCES, FACTS_SIZE, FACTS_KEYS, BLOCK_KEYS) &&
    rangesAreSound(BLOCK_CONTEXTS, CONTEXT_SIZE, CONTEXT_KEYS, BLOCK_KEYS) &&
    keysAreSound() &&
    entriesAreSound() &&
    requestsAreSound()
  )
}

/** Work that the block makes so far: few bytes could otherwise name the same long lists endlessly often. */
let listed: u64 = 0

function isTooMuch(more: u64): bool {
  listed += more
  return listed > <u64>MAX_LISTED
}

function rangesAreSound(table: u32, recordSize: u32, range: u32, target: u32): bool {
  const end = tableAt(table) + <usize>countAt(table) * recordSize
  for (let record = tableAt(table); record < end; record += recordSize) {
    const count = load<u32>(record + range + 4)
    if (!rangeFits(load<u32>(record + range), count, countAt(target)) || isTooMuch(<u64>count)) return false
  }
  return true
}

function actionsAreSound(): bool {
  const end = tableAt(BLOCK_ACTIONS) + <usize>countAt(BLOCK_ACTIONS) * ACTION_SIZE
  for (let action = tableAt(BLOCK_ACTIONS); action < end; action += ACTION_SIZE) {
    if (!textIsInside(action + ACTION_TEXT) || load<u32>(action + ACTION_SERVICE) > serviceCount) return false
    if (isTooMuch(<u64>rowSize / 8 + workOf(load<u32>(action + ACTION_SERVICE)))) return false
  }
  return true
}

function setsAreSound(): bool {
  return rangesAreSound(BLOCK_SETS, SET_SIZE, SET_GROUPS, BLOCK_GROUPS)
}

function membersAreSound(): bool {
  const end = tableAt(BLOCK_MEMBERS) + <usize>countAt(BLOCK_MEMBERS) * MEMBER_SIZE
  for (let member = tableAt(BLOCK_MEMBERS); member < end; member += MEMBER_SIZE) {
    if (load<u32>(member) >= policyCount) return false
  }
  return true
}

function groupsAreSound(): bool {
  const members = tableAt(BLOCK_MEMBERS)
  const end = tableAt(BLOCK_GROUPS) + <usize>countAt(BLOCK_GROUPS) * GROUP_SIZE
  for (let group = tableAt(BLOCK_GROUPS); group < end; group += GROUP_SIZE) {
    if (load<u32>(group + GROUP_LAYER) >= <u32>LAYERS) return false
    const first = load<u32>(group + GROUP_MEMBERS)
    const count = load<u32>(group + GROUP_MEMBERS + 4)
    if (!rangeFits(first, count, countAt(BLOCK_MEMBERS))) return false
    if (isTooMuch(<u64>count + <u64>rowSize / 8)) return false
    let member = members + <usize>first * MEMBER_SIZE
    for (const last = member + <usize>count * MEMBER_SIZE; member < last; member += MEMBER_SIZE) {
      const policy = policies + <usize>load<u32>(member) * POLICY_SIZE
      if (isTooMuch(<u64>load<u32>(policy + POLICY_STATEMENTS + 4))) return false
    }
  }
  return true
}

function principalsAreSound(): bool {
  const end = tableAt(BLOCK_PRINCIPALS) + <usize>countAt(BLOCK_PRINCIPALS) * PRINCIPAL_SIZE
  for (let principal = tableAt(BLOCK_PRINCIPALS); principal < end; principal += PRINCIPAL_SIZE) {
    if (
      load<u32>(principal + PRINCIPAL_KIND) >= <u32>KINDS ||
      !textIsInside(principal + PRINCIPAL_NAME) ||
      !textIsInside(principal + PRINCIPAL_BASE) ||
      !textIsInside(principal + PRINCIPAL_ACCOUNT) ||
      !textIsInside(principal + PRINCIPAL_PARTITION) ||
      load<u32>(principal + PRINCIPAL_PARTITION + 4) > <u32>MAX_PARTITION
    ) {
      return false
    }
  }
  return rangesAreSound(BLOCK_PRINCIPALS, PRINCIPAL_SIZE, PRINCIPAL_KEYS, BLOCK_KEYS)
}

function keysAreSound(): bool {
  const end = tableAt(BLOCK_KEYS) + <usize>countAt(BLOCK_KEYS) * KEY_SIZE
  for (let key = tableAt(BLOCK_KEYS); key < end; key += KEY_SIZE) {
    if (load<u32>(key + KEY_NUMBER) >= keyCount) return false
  }
  return rangesAreSound(BLOCK_KEYS, KEY_SIZE, KEY_VALUES, BLOCK_VALUES)
}

function entriesAreSound(): bool {
  const stringsSize = countAt(BLOCK_STRINGS)
  const end = tableAt(BLOCK_VALUES) + <usize>countAt(BLOCK_VALUES) * GIVEN_SIZE
  for (let entry = tableAt(BLOCK_VALUES); entry < end; entry += GIVEN_SIZE) {
    if (
      !rangeFits(load<u32>(entry + GIVEN_TEXT), load<u32>(entry + GIVEN_LENGTH), stringsSize) ||
      !rangeFits(load<u32>(entry + GIVEN_FOLDED), load<u32>(entry + GIVEN_FOLDED_LENGTH), stringsSize)
    ) {
      return false
    }
  }
  return true
}

function requestsAreSound(): bool {
  const stringsSize = countAt(BLOCK_STRINGS)
  const end = tableAt(BLOCK_REQUESTS) + <usize>countAt(BLOCK_REQUESTS) * REQUEST_SIZE
  for (let request = tableAt(BLOCK_REQUESTS); request < end; request += REQUEST_SIZE) {
    if (
      !rangeFits(
        load<u32>(request + REQUEST_RESOURCE),
        load<u32>(request + REQUEST_RESOURCE + 4),
        stringsSize,
      ) ||
      !rangeFits(load<u32>(request + REQUEST_OWNER), load<u32>(request + REQUEST_OWNER + 4), stringsSize)
    ) {
      return false
    }
  }
  return true
}

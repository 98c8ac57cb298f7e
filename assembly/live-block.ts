import { countAt, stringsAt, tableAt } from './block'
import { recordIn, SETS } from './directory'
import {
  LIVE_GIVEN_FOLDED,
  LIVE_GIVEN_FOLDED_LENGTH,
  LIVE_GIVEN_LENGTH,
  LIVE_GIVEN_SIZE,
  LIVE_GIVEN_TEXT,
} from './parsed'
import { rowSize, setBit } from './program-index'
import { policies, refs } from './program-tables'
import {
  LIVE_CONTEXT_KEYS,
  LIVE_CONTEXT_SIZE,
  LIVE_GROUP_LAYER,
  LIVE_GROUP_MEMBER_COUNT,
  LIVE_GROUP_MEMBERS,
  LIVE_GROUP_PAIR_COUNT,
  LIVE_GROUP_PAIRS,
  LIVE_GROUP_SIZE,
  LIVE_KEY_COUNT,
  LIVE_KEY_NUMBER,
  LIVE_KEY_SIZE,
  LIVE_KEY_VALUES,
  LIVE_SET_COUNT,
  LIVE_SET_GROUPS,
  PAIR_BYTE,
  PAIR_MASK,
  PAIR_SIZE,
} from './registered'
import { allocate } from './registry-room'
import {
  BLOCK_CONTEXTS,
  BLOCK_GROUPS,
  BLOCK_KEYS,
  BLOCK_MEMBERS,
  BLOCK_VALUES,
  CONTEXT_KEYS,
  CONTEXT_SIZE,
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
  MEMBER_SIZE,
  POLICY_SIZE,
  POLICY_STATEMENTS,
  REF_SIZE,
} from './wire'

// Records of the block at hand that several others name: keys, groups of policies, and contexts.

let liveKeys: usize = 0
/** The groups of the block at hand, in their order. */
export let liveGroups: usize = 0

/** The keys of the block at hand, in their order. */
export function makeKeys(): bool {
  const valueCount = countAt(BLOCK_VALUES)
  const keyCount = countAt(BLOCK_KEYS)
  const givens = allocate(<u64>valueCount * LIVE_GIVEN_SIZE)
  liveKeys = allocate(<u64>keyCount * LIVE_KEY_SIZE)
  if (givens === 0 || liveKeys === 0) return false
  memory.fill(givens, 0, <usize>valueCount * LIVE_GIVEN_SIZE)
  const texts = stringsAt()
  let entry = tableAt(BLOCK_VALUES)
  let given = givens
  for (let number: u32 = 0; number < valueCount; number++) {
    store<u32>(given + LIVE_GIVEN_TEXT, <u32>(texts + <usize>load<u32>(entry + GIVEN_TEXT)))
    store<u32>(given + LIVE_GIVEN_LENGTH, load<u32>(entry + GIVEN_LENGTH))
    store<u32>(given + LIVE_GIVEN_FOLDED, <u32>(texts + <usize>load<u32>(entry + GIVEN_FOLDED)))
    store<u32>(given + LIVE_GIVEN_FOLDED_LENGTH, load<u32>(entry + GIVEN_FOLDED_LENGTH))
    entry += GIVEN_SIZE
    given += LIVE_GIVEN_SIZE
  }
  let key = tableAt(BLOCK_KEYS)
  let liveKey = liveKeys
  for (let number: u32 = 0; number < keyCount; number++) {
    store<u32>(liveKey + LIVE_KEY_NUMBER, load<u32>(key + KEY_NUMBER))
    store<u32>(
      liveKey + LIVE_KEY_VALUES,
      <u32>(givens + <usize>load<u32>(key + KEY_VALUES) * LIVE_GIVEN_SIZE),
    )
    store<u32>(liveKey + LIVE_KEY_COUNT, load<u32>(key + KEY_VALUES + 4))
    key += KEY_SIZE
    liveKey += LIVE_KEY_SIZE
  }
  return true
}

/** The groups of the block at hand, in their order. */
export function makeGroups(): bool {
  const count = countAt(BLOCK_GROUPS)
  liveGroups = allocate(<u64>count * LIVE_GROUP_SIZE)
  const row = allocate(<u64>rowSize)
  if (liveGroups === 0 || row === 0) return false
  const members = tableAt(BLOCK_MEMBERS)
  let group = tableAt(BLOCK_GROUPS)
  let liveGroup = liveGroups
  for (let number: u32 = 0; number < count; number++) {
    const first = members + <usize>load<u32>(group + GROUP_MEMBERS) * MEMBER_SIZE
    const memberCount = load<u32>(group + GROUP_MEMBERS + 4)
    memory.fill(row, 0, rowSize)
    let member = first
    for (const end = first + <usize>memberCount * MEMBER_SIZE; member < end; member += MEMBER_SIZE) {
      const list = policies + <usize>load<u32>(member) * POLICY_SIZE + POLICY_STATEMENTS
      let ref = refs + <usize>load<u32>(list) * REF_SIZE
      for (const last = ref + <usize>load<u32>(list + 4) * REF_SIZE; ref < last; ref += REF_SIZE) {
        setBit(row, load<u32>(ref))
      }
    }
    let pairCount: u32 = 0
    for (let byte: usize = 0; byte < rowSize; byte += 8) if (load<u64>(row + byte) !== 0) pairCount++
    const pairs = allocate(<u64>pairCount * PAIR_SIZE)
    if (pairs === 0) return false
    let pair = pairs
    for (let byte: usize = 0; byte < rowSize; byte += 8) {
      const mask = load<u64>(row + byte)
      if (mask === 0) continue
      store<u32>(pair + PAIR_BYTE, <u32>byte)
      store<u64>(pair + PAIR_MASK, mask)
      pair += PAIR_SIZE
    }
    store<u32>(liveGroup + LIVE_GROUP_LAYER, load<u32>(group + GROUP_LAYER))
    store<u32>(liveGroup + LIVE_GROUP_PAIRS, <u32>pairs)
    store<u32>(liveGroup + LIVE_GROUP_PAIR_COUNT, pairCount)
    store<u32>(liveGroup + LIVE_GROUP_MEMBERS, <u32>first)
    store<u32>(liveGroup + LIVE_GROUP_MEMBER_COUNT, memberCount)
    group += GROUP_SIZE
    liveGroup += LIVE_GROUP_SIZE
  }
  return true
}

export function makeContexts(records: usize): void {
  let context = tableAt(BLOCK_CONTEXTS)
  let record = records
  for (let number: u32 = 0; number < countAt(BLOCK_CONTEXTS); number++) {
    copyKeys(record + LIVE_CONTEXT_KEYS, context + CONTEXT_KEYS)
    context += CONTEXT_SIZE
    record += LIVE_CONTEXT_SIZE
  }
}

export function copyText(to: usize, from: usize): void {
  store<u32>(to, <u32>(stringsAt() + <usize>load<u32>(from)))
  store<u32>(to + 4, load<u32>(from + 4))
}

export function copyKeys(to: usize, range: usize): void {
  store<u32>(to, <u32>(liveKeys + <usize>load<u32>(range) * LIVE_KEY_SIZE))
  store<u32>(to + 4, load<u32>(range + 4))
}

export function copyGroups(to: usize, set: u32): void {
  const live = recordIn(SETS, set)
  store<u32>(to, load<u32>(live + LIVE_SET_GROUPS))
  store<u32>(to + 4, load<u32>(live + LIVE_SET_COUNT))
}

import { aligned, reach } from './arena'
import { block, countAt, stringsAt, tableAt } from './block'
import {
  ACTIONS,
  addTo,
  CONTEXTS,
  countIn,
  DIRECTORY_LIST,
  DIRECTORY_ROOM,
  empty,
  PRINCIPALS,
  RESOURCES,
  recordIn,
  SETS,
} from './directory'
import {
  LIVE_GIVEN_FOLDED,
  LIVE_GIVEN_FOLDED_LENGTH,
  LIVE_GIVEN_LENGTH,
  LIVE_GIVEN_SIZE,
  LIVE_GIVEN_TEXT,
} from './parsed'
import { matchPattern } from './pattern'
import { markAsPrincipals, programEnd } from './program'
import {
  clearBit,
  copyBaseRow,
  endOfPatterns,
  endOfStatements,
  firstPatternOf,
  firstStatementOf,
  forgetHolders,
  holders,
  rowSize,
  setBit,
} from './program-index'
import { policies, refs, statements } from './program-tables'
import {
  HOLDER_NEXT,
  HOLDER_PRINCIPAL,
  HOLDER_SIZE,
  LIVE_ACTION_ALWAYS,
  LIVE_ACTION_FLAGS,
  LIVE_ACTION_LENGTH,
  LIVE_ACTION_NEVER,
  LIVE_ACTION_ROW,
  LIVE_ACTION_SIZE,
  LIVE_ACTION_TEXT,
  LIVE_CONTEXT_KEYS,
  LIVE_CONTEXT_SIZE,
  LIVE_FACTS_GROUPS,
  LIVE_FACTS_KEYS,
  LIVE_FACTS_SIZE,
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
  LIVE_PRINCIPAL_ACCOUNT,
  LIVE_PRINCIPAL_BASE,
  LIVE_PRINCIPAL_FLAGS,
  LIVE_PRINCIPAL_GROUP_COUNT,
  LIVE_PRINCIPAL_GROUPS,
  LIVE_PRINCIPAL_KEY_COUNT,
  LIVE_PRINCIPAL_KEYS,
  LIVE_PRINCIPAL_KIND,
  LIVE_PRINCIPAL_NAME,
  LIVE_PRINCIPAL_PARTITION,
  LIVE_PRINCIPAL_SIZE,
  LIVE_SET_COUNT,
  LIVE_SET_GROUPS,
  LIVE_SET_SIZE,
  PAIR_BYTE,
  PAIR_MASK,
  PAIR_SIZE,
} from './registered'
import {
  ACTION_ALWAYS,
  ACTION_FLAGS,
  ACTION_NEVER,
  ACTION_SERVICE,
  ACTION_SIZE,
  ACTION_TEXT,
  BLOCK_ACTIONS,
  BLOCK_CONTEXTS,
  BLOCK_GROUPS,
  BLOCK_KEYS,
  BLOCK_MEMBERS,
  BLOCK_PRINCIPALS,
  BLOCK_RESOURCES,
  BLOCK_SETS,
  BLOCK_SIZE_AT,
  BLOCK_VALUES,
  CONTEXT_KEYS,
  CONTEXT_SIZE,
  FACTS_KEYS,
  FACTS_SET,
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
  KIND_ROOT,
  LAYER_IDENTITY,
  MALFORMED,
  MEMBER_SIZE,
  OK,
  OUT_OF_MEMORY,
  POLICY_SIZE,
  POLICY_STATEMENTS,
  PRINCIPAL_ACCOUNT,
  PRINCIPAL_BASE,
  PRINCIPAL_FLAGS,
  PRINCIPAL_KEYS,
  PRINCIPAL_KIND,
  PRINCIPAL_LISTED,
  PRINCIPAL_NAME,
  PRINCIPAL_PARTITION,
  PRINCIPAL_SET,
  PRINCIPAL_SIZE,
  REF_SIZE,
  SET_GROUPS,
  SET_SIZE,
  STATEMENT_FLAGS,
  STATEMENT_NOT_ACTION,
  STATEMENT_SIZE,
} from './wire'

/** The list of those who could be allowed something that no identity policy allows. */
export let othersAskedAbout: usize = 0

/** Makes room for more. False: out of memory. */
function expectMore(directory: usize, more: u32): bool {
  const count = countIn(directory)
  const room = <u64>load<u32>(directory + DIRECTORY_ROOM)
  const wanted = <u64>count + <u64>more
  if (wanted <= room) return true
  let roomier = room * 2
  if (roomier < wanted) roomier = wanted
  const list = allocate(roomier * 4)
  if (list === 0) return false
  memory.copy(list, <usize>load<u32>(directory + DIRECTORY_LIST), <usize>count * 4)
  store<u32>(directory + DIRECTORY_LIST, <u32>list)
  store<u32>(directory + DIRECTORY_ROOM, <u32>roomier)
  return true
}

/** Where the next block begins; 0 while no program is loaded. */
export let blockStart: usize = 0
/** Where the next record goes, while a block is taken in. */
let top: u64 = 0

/** Forgets what is registered: all of it is about the program that was. */
export function forgetAll(): void {
  blockStart = programEnd
  empty(ACTIONS)
  empty(SETS)
  empty(PRINCIPALS)
  empty(RESOURCES)
  empty(CONTEXTS)
  othersAskedAbout = 0
  if (programEnd !== 0) forgetHolders()
}

/** 0: out of memory. */
function allocate(size: u64): usize {
  const at = aligned(top)
  if (!reach(at + size)) return 0
  top = at + size
  return <usize>at
}

/** Begins to put records behind the block at hand. */
function beginBehindBlock(): void {
  top = <u64>block + <u64>load<u32>(block + BLOCK_SIZE_AT)
}

/** The first free byte behind the block at hand and its records. */
export function freeAddress(): u64 {
  return aligned(top)
}

/** Makes the block at hand, which is sound, part of what is registered. Out of memory: everything is forgotten. */
export function registerBlockAtHand(): i32 {
  beginBehindBlock()
  if (!setsExist()) return MALFORMED
  if (takeIn()) {
    blockStart = <usize>freeAddress()
    return OK
  }
  forgetAll()
  return OUT_OF_MEMORY
}

function takeIn(): bool {
  if (
    !expectMore(ACTIONS, countAt(BLOCK_ACTIONS)) ||
    !expectMore(SETS, countAt(BLOCK_SETS)) ||
    !expectMore(PRINCIPALS, countAt(BLOCK_PRINCIPALS)) ||
    !expectMore(RESOURCES, countAt(BLOCK_RESOURCES)) ||
    !expectMore(CONTEXTS, countAt(BLOCK_CONTEXTS)) ||
    !makeKeys() ||
    !makeGroups()
  ) {
    return false
  }
  const liveActions = allocate(<u64>countAt(BLOCK_ACTIONS) * LIVE_ACTION_SIZE)
  const rows = allocate(<u64>countAt(BLOCK_ACTIONS) * <u64>rowSize)
  const liveSets = allocate(<u64>countAt(BLOCK_SETS) * LIVE_SET_SIZE)
  const livePrincipals = allocate(<u64>countAt(BLOCK_PRINCIPALS) * LIVE_PRINCIPAL_SIZE)
  const liveFacts = allocate(<u64>countAt(BLOCK_RESOURCES) * LIVE_FACTS_SIZE)
  const liveContexts = allocate(<u64>countAt(BLOCK_CONTEXTS) * LIVE_CONTEXT_SIZE)
  if (
    liveActions === 0 ||
    rows === 0 ||
    liveSets === 0 ||
    livePrincipals === 0 ||
    liveFacts === 0 ||
    liveContexts === 0
  ) {
    return false
  }
  registerActions(liveActions, rows)
  registerSets(liveSets)
  registerPrincipals(livePrincipals)
  if (!noteHolders(livePrincipals)) return false
  registerResources(liveFacts)
  makeContexts(liveContexts)
  for (let number: u32 = 0; number < countAt(BLOCK_CONTEXTS); number++) {
    addTo(CONTEXTS, liveContexts + <usize>number * LIVE_CONTEXT_SIZE)
  }
  return true
}

/** Contexts that go with the block at hand, one behind the other. 0: out of memory. */
export function contextsOfBlock(): usize {
  beginBehindBlock()
  if (countAt(BLOCK_CONTEXTS) === 0) return block
  if (!makeKeys()) return 0
  const records = allocate(<u64>countAt(BLOCK_CONTEXTS) * LIVE_CONTEXT_SIZE)
  if (records !== 0) makeContexts(records)
  return records
}

/** Principals and resources may name sets of this block and of earlier ones. */
function setsExist(): bool {
  const limit = <u64>countIn(SETS) + <u64>countAt(BLOCK_SETS)
  let record = tableAt(BLOCK_PRINCIPALS)
  const lastPrincipal = record + <usize>countAt(BLOCK_PRINCIPALS) * PRINCIPAL_SIZE
  for (; record < lastPrincipal; record += PRINCIPAL_SIZE) {
    if (<u64>load<u32>(record + PRINCIPAL_SET) >= limit) return false
  }
  record = tableAt(BLOCK_RESOURCES)
  const lastResource = record + <usize>countAt(BLOCK_RESOURCES) * FACTS_SIZE
  for (; record < lastResource; record += FACTS_SIZE) {
    if (<u64>load<u32>(record + FACTS_SET) >= limit) return false
  }
  return true
}

let liveKeys: usize = 0
let liveGroups: usize = 0

/** The keys of the block at hand, in their order. */
function makeKeys(): bool {
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
function makeGroups(): bool {
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

function registerActions(liveActions: usize, rows: usize): void {
  const texts = stringsAt()
  let action = tableAt(BLOCK_ACTIONS)
  let live = liveActions
  let row = rows
  for (let number: u32 = 0; number < countAt(BLOCK_ACTIONS); number++) {
    const text = texts + <usize>load<u32>(action + ACTION_TEXT)
    const length = <usize>load<u32>(action + ACTION_TEXT + 4)
    store<u32>(live + LIVE_ACTION_TEXT, <u32>text)
    store<u32>(live + LIVE_ACTION_LENGTH, <u32>length)
    store<u32>(live + LIVE_ACTION_FLAGS, load<u32>(action + ACTION_FLAGS))
    store<u32>(live + LIVE_ACTION_ALWAYS, load<u32>(action + ACTION_ALWAYS))
    store<u32>(live + LIVE_ACTION_NEVER, load<u32>(action + ACTION_NEVER))
    store<u32>(live + LIVE_ACTION_ROW, <u32>row)
    copyBaseRow(row)
    markService(row, 0, text, length)
    const service = load<u32>(action + ACTION_SERVICE)
    if (service !== 0) markService(row, service, text, length)
    addTo(ACTIONS, live)
    action += ACTION_SIZE
    live += LIVE_ACTION_SIZE
    row += rowSize
  }
}

/** Sets the bits of statements whose Action takes a text in, and clears those of which NotAction does. */
function markService(row: usize, service: u32, text: usize, length: usize): void {
  let at = firstPatternOf(service)
  for (const end = endOfPatterns(service); at < end; at += 4) {
    const pattern = load<u32>(at)
    if (!matchPattern(pattern, text, length)) continue
    let statement = firstStatementOf(pattern)
    for (const last = endOfStatements(pattern); statement < last; statement += 4) {
      const number = load<u32>(statement)
      const flags = load<u32>(statements + <usize>number * STATEMENT_SIZE + STATEMENT_FLAGS)
      if ((flags & STATEMENT_NOT_ACTION) !== 0) clearBit(row, number)
      else setBit(row, number)
    }
  }
}

function registerSets(liveSets: usize): void {
  let set = tableAt(BLOCK_SETS)
  let live = liveSets
  for (let number: u32 = 0; number < countAt(BLOCK_SETS); number++) {
    store<u32>(
      live + LIVE_SET_GROUPS,
      <u32>(liveGroups + <usize>load<u32>(set + SET_GROUPS) * LIVE_GROUP_SIZE),
    )
    store<u32>(live + LIVE_SET_COUNT, load<u32>(set + SET_GROUPS + 4))
    addTo(SETS, live)
    set += SET_SIZE
    live += LIVE_SET_SIZE
  }
}

function registerPrincipals(livePrincipals: usize): void {
  let principal = tableAt(BLOCK_PRINCIPALS)
  let live = livePrincipals
  for (let number: u32 = 0; number < countAt(BLOCK_PRINCIPALS); number++) {
    store<u32>(live + LIVE_PRINCIPAL_KIND, load<u32>(principal + PRINCIPAL_KIND))
    store<u32>(live + LIVE_PRINCIPAL_FLAGS, load<u32>(principal + PRINCIPAL_FLAGS))
    copyText(live + LIVE_PRINCIPAL_NAME, principal + PRINCIPAL_NAME)
    copyText(live + LIVE_PRINCIPAL_BASE, principal + PRINCIPAL_BASE)
    copyText(live + LIVE_PRINCIPAL_ACCOUNT, principal + PRINCIPAL_ACCOUNT)
    copyText(live + LIVE_PRINCIPAL_PARTITION, principal + PRINCIPAL_PARTITION)
    copyKeys(live + LIVE_PRINCIPAL_KEYS, principal + PRINCIPAL_KEYS)
    copyGroups(live + LIVE_PRINCIPAL_GROUPS, load<u32>(principal + PRINCIPAL_SET))
    let liveKey = <usize>load<u32>(live + LIVE_PRINCIPAL_KEYS)
    for (let left = load<u32>(live + LIVE_PRINCIPAL_KEY_COUNT); left > 0; left--, liveKey += LIVE_KEY_SIZE) {
      markAsPrincipals(load<u32>(liveKey + LIVE_KEY_NUMBER))
    }
    addTo(PRINCIPALS, live)
    principal += PRINCIPAL_SIZE
    live += LIVE_PRINCIPAL_SIZE
  }
}

/** Lists those who are asked about when everybody is under the policies that could allow them something. */
function noteHolders(livePrincipals: usize): bool {
  const first = countIn(PRINCIPALS) - countAt(BLOCK_PRINCIPALS)
  for (let number: u32 = 0; number < countAt(BLOCK_PRINCIPALS); number++) {
    const live = livePrincipals + <usize>number * LIVE_PRINCIPAL_SIZE
    if ((load<u32>(live + LIVE_PRINCIPAL_FLAGS) & PRINCIPAL_LISTED) === 0) continue
    const group = <usize>load<u32>(live + LIVE_PRINCIPAL_GROUPS)
    const kind = load<u32>(live + LIVE_PRINCIPAL_KIND)
    const byIdentity =
      kind !== KIND_ROOT &&
      load<u32>(live + LIVE_PRINCIPAL_GROUP_COUNT) !== 0 &&
      load<u32>(group + LIVE_GROUP_LAYER) === LAYER_IDENTITY
    const count = byIdentity ? load<u32>(group + LIVE_GROUP_MEMBER_COUNT) : 1
    let holder = allocate(<u64>count * HOLDER_SIZE)
    if (holder === 0) return false
    for (let index: u32 = 0; index < count; index++, holder += HOLDER_SIZE) {
      store<u32>(holder + HOLDER_PRINCIPAL, first + number)
      if (byIdentity) {
        const member = <usize>load<u32>(group + LIVE_GROUP_MEMBERS) + <usize>index * MEMBER_SIZE
        const list = holders + <usize>load<u32>(member) * 4
        store<u32>(holder + HOLDER_NEXT, load<u32>(list))
        store<u32>(list, <u32>holder)
      } else {
        store<u32>(holder + HOLDER_NEXT, <u32>othersAskedAbout)
        othersAskedAbout = holder
      }
    }
  }
  return true
}

function registerResources(liveFacts: usize): void {
  let facts = tableAt(BLOCK_RESOURCES)
  let live = liveFacts
  for (let number: u32 = 0; number < countAt(BLOCK_RESOURCES); number++) {
    copyKeys(live + LIVE_FACTS_KEYS, facts + FACTS_KEYS)
    copyGroups(live + LIVE_FACTS_GROUPS, load<u32>(facts + FACTS_SET))
    addTo(RESOURCES, live)
    facts += FACTS_SIZE
    live += LIVE_FACTS_SIZE
  }
}

function makeContexts(records: usize): void {
  let context = tableAt(BLOCK_CONTEXTS)
  let record = records
  for (let number: u32 = 0; number < countAt(BLOCK_CONTEXTS); number++) {
    copyKeys(record + LIVE_CONTEXT_KEYS, context + CONTEXT_KEYS)
    context += CONTEXT_SIZE
    record += LIVE_CONTEXT_SIZE
  }
}

function copyText(to: usize, from: usize): void {
  store<u32>(to, <u32>(stringsAt() + <usize>load<u32>(from)))
  store<u32>(to + 4, load<u32>(from + 4))
}

function copyKeys(to: usize, range: usize): void {
  store<u32>(to, <u32>(liveKeys + <usize>load<u32>(range) * LIVE_KEY_SIZE))
  store<u32>(to + 4, load<u32>(range + 4))
}

function copyGroups(to: usize, set: u32): void {
  const live = recordIn(SETS, set)
  store<u32>(to, load<u32>(live + LIVE_SET_GROUPS))
  store<u32>(to + 4, load<u32>(live + LIVE_SET_COUNT))
}

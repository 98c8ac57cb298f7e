import { aligned, reach } from './arena'
import { block, countAt, stringsAt, tableAt } from './block'
import {
  ACTIONS,
  ASKERS,
  addTo,
  CONTEXTS,
  countIn,
  DIRECTORY_LIST,
  DIRECTORY_ROOM,
  empty,
  RESOURCES,
  recordIn,
  SETS,
} from './directory'
import { GIVEN_FOLDED, GIVEN_FOLDED_LENGTH, GIVEN_LENGTH, GIVEN_SIZE, GIVEN_TEXT } from './parsed'
import { matchPattern } from './pattern'
import { markAsAskers, programEnd } from './program'
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
  BODY_LAYER,
  BODY_MEMBER_COUNT,
  BODY_MEMBERS,
  BODY_PAIR_COUNT,
  BODY_PAIRS,
  BODY_SIZE,
  DEED_ALWAYS,
  DEED_FLAGS,
  DEED_LENGTH,
  DEED_NEVER,
  DEED_ROW,
  DEED_SIZE,
  DEED_TEXT,
  HAVING_COUNT,
  HAVING_KEY,
  HAVING_SIZE,
  HAVING_VALUES,
  HELD_COUNT,
  HELD_GROUPS,
  HELD_SIZE,
  HOLDER_ASKER,
  HOLDER_NEXT,
  HOLDER_SIZE,
  PAIR_BYTE,
  PAIR_MASK,
  PAIR_SIZE,
  WHAT_GROUPS,
  WHAT_KEYS,
  WHAT_SIZE,
  WHERE_KEYS,
  WHERE_SIZE,
  WHO_ACCOUNT,
  WHO_BASE,
  WHO_FLAGS,
  WHO_GROUP_COUNT,
  WHO_GROUPS,
  WHO_KEY_COUNT,
  WHO_KEYS,
  WHO_KIND,
  WHO_PARTITION,
  WHO_PRINCIPAL,
  WHO_SIZE,
} from './registered'
import {
  ACTION_ALWAYS,
  ACTION_FLAGS,
  ACTION_NEVER,
  ACTION_SERVICE,
  ACTION_SIZE,
  ACTION_TEXT,
  ASKER_ACCOUNT,
  ASKER_BASE,
  ASKER_FLAGS,
  ASKER_KEYS,
  ASKER_KIND,
  ASKER_LISTED,
  ASKER_PARTITION,
  ASKER_PRINCIPAL,
  ASKER_SET,
  ASKER_SIZE,
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
  ENTRY_FOLDED,
  ENTRY_FOLDED_LENGTH,
  ENTRY_LENGTH,
  ENTRY_SIZE,
  ENTRY_TEXT,
  FACTS_KEYS,
  FACTS_SET,
  FACTS_SIZE,
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
  empty(ASKERS)
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
    !expectMore(ASKERS, countAt(BLOCK_PRINCIPALS)) ||
    !expectMore(RESOURCES, countAt(BLOCK_RESOURCES)) ||
    !expectMore(CONTEXTS, countAt(BLOCK_CONTEXTS)) ||
    !makeKeys() ||
    !makeGroups()
  ) {
    return false
  }
  const deeds = allocate(<u64>countAt(BLOCK_ACTIONS) * DEED_SIZE)
  const rows = allocate(<u64>countAt(BLOCK_ACTIONS) * <u64>rowSize)
  const holds = allocate(<u64>countAt(BLOCK_SETS) * HELD_SIZE)
  const people = allocate(<u64>countAt(BLOCK_PRINCIPALS) * WHO_SIZE)
  const things = allocate(<u64>countAt(BLOCK_RESOURCES) * WHAT_SIZE)
  const settings = allocate(<u64>countAt(BLOCK_CONTEXTS) * WHERE_SIZE)
  if (deeds === 0 || rows === 0 || holds === 0 || people === 0 || things === 0 || settings === 0) {
    return false
  }
  registerActions(deeds, rows)
  registerSets(holds)
  registerAskers(people)
  if (!noteHolders(people)) return false
  registerResources(things)
  makeContexts(settings)
  for (let number: u32 = 0; number < countAt(BLOCK_CONTEXTS); number++) {
    addTo(CONTEXTS, settings + <usize>number * WHERE_SIZE)
  }
  return true
}

/** Contexts that go with the block at hand, one behind the other. 0: out of memory. */
export function contextsOfBlock(): usize {
  beginBehindBlock()
  if (countAt(BLOCK_CONTEXTS) === 0) return block
  if (!makeKeys()) return 0
  const records = allocate(<u64>countAt(BLOCK_CONTEXTS) * WHERE_SIZE)
  if (records !== 0) makeContexts(records)
  return records
}

/** Principals and resources may name sets of this block and of earlier ones. */
function setsExist(): bool {
  const limit = <u64>countIn(SETS) + <u64>countAt(BLOCK_SETS)
  let record = tableAt(BLOCK_PRINCIPALS)
  const lastAsker = record + <usize>countAt(BLOCK_PRINCIPALS) * ASKER_SIZE
  for (; record < lastAsker; record += ASKER_SIZE) {
    if (<u64>load<u32>(record + ASKER_SET) >= limit) return false
  }
  record = tableAt(BLOCK_RESOURCES)
  const lastResource = record + <usize>countAt(BLOCK_RESOURCES) * FACTS_SIZE
  for (; record < lastResource; record += FACTS_SIZE) {
    if (<u64>load<u32>(record + FACTS_SET) >= limit) return false
  }
  return true
}

let havings: usize = 0
let bodies: usize = 0

/** The keys of the block at hand, in their order. */
function makeKeys(): bool {
  const valueCount = countAt(BLOCK_VALUES)
  const keyCount = countAt(BLOCK_KEYS)
  const givens = allocate(<u64>valueCount * GIVEN_SIZE)
  havings = allocate(<u64>keyCount * HAVING_SIZE)
  if (givens === 0 || havings === 0) return false
  memory.fill(givens, 0, <usize>valueCount * GIVEN_SIZE)
  const texts = stringsAt()
  let entry = tableAt(BLOCK_VALUES)
  let given = givens
  for (let number: u32 = 0; number < valueCount; number++) {
    store<u32>(given + GIVEN_TEXT, <u32>(texts + <usize>load<u32>(entry + ENTRY_TEXT)))
    store<u32>(given + GIVEN_LENGTH, load<u32>(entry + ENTRY_LENGTH))
    store<u32>(given + GIVEN_FOLDED, <u32>(texts + <usize>load<u32>(entry + ENTRY_FOLDED)))
    store<u32>(given + GIVEN_FOLDED_LENGTH, load<u32>(entry + ENTRY_FOLDED_LENGTH))
    entry += ENTRY_SIZE
    given += GIVEN_SIZE
  }
  let key = tableAt(BLOCK_KEYS)
  let having = havings
  for (let number: u32 = 0; number < keyCount; number++) {
    store<u32>(having + HAVING_KEY, load<u32>(key + KEY_NUMBER))
    store<u32>(having + HAVING_VALUES, <u32>(givens + <usize>load<u32>(key + KEY_VALUES) * GIVEN_SIZE))
    store<u32>(having + HAVING_COUNT, load<u32>(key + KEY_VALUES + 4))
    key += KEY_SIZE
    having += HAVING_SIZE
  }
  return true
}

/** The groups of the block at hand, in their order. */
function makeGroups(): bool {
  const count = countAt(BLOCK_GROUPS)
  bodies = allocate(<u64>count * BODY_SIZE)
  const row = allocate(<u64>rowSize)
  if (bodies === 0 || row === 0) return false
  const members = tableAt(BLOCK_MEMBERS)
  let group = tableAt(BLOCK_GROUPS)
  let body = bodies
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
    store<u32>(body + BODY_LAYER, load<u32>(group + GROUP_LAYER))
    store<u32>(body + BODY_PAIRS, <u32>pairs)
    store<u32>(body + BODY_PAIR_COUNT, pairCount)
    store<u32>(body + BODY_MEMBERS, <u32>first)
    store<u32>(body + BODY_MEMBER_COUNT, memberCount)
    group += GROUP_SIZE
    body += BODY_SIZE
  }
  return true
}

function registerActions(deeds: usize, rows: usize): void {
  const texts = stringsAt()
  let action = tableAt(BLOCK_ACTIONS)
  let deed = deeds
  let row = rows
  for (let number: u32 = 0; number < countAt(BLOCK_ACTIONS); number++) {
    const text = texts + <usize>load<u32>(action + ACTION_TEXT)
    const length = <usize>load<u32>(action + ACTION_TEXT + 4)
    store<u32>(deed + DEED_TEXT, <u32>text)
    store<u32>(deed + DEED_LENGTH, <u32>length)
    store<u32>(deed + DEED_FLAGS, load<u32>(action + ACTION_FLAGS))
    store<u32>(deed + DEED_ALWAYS, load<u32>(action + ACTION_ALWAYS))
    store<u32>(deed + DEED_NEVER, load<u32>(action + ACTION_NEVER))
    store<u32>(deed + DEED_ROW, <u32>row)
    copyBaseRow(row)
    markService(row, 0, text, length)
    const service = load<u32>(action + ACTION_SERVICE)
    if (service !== 0) markService(row, service, text, length)
    addTo(ACTIONS, deed)
    action += ACTION_SIZE
    deed += DEED_SIZE
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

function registerSets(holds: usize): void {
  let set = tableAt(BLOCK_SETS)
  let held = holds
  for (let number: u32 = 0; number < countAt(BLOCK_SETS); number++) {
    store<u32>(held + HELD_GROUPS, <u32>(bodies + <usize>load<u32>(set + SET_GROUPS) * BODY_SIZE))
    store<u32>(held + HELD_COUNT, load<u32>(set + SET_GROUPS + 4))
    addTo(SETS, held)
    set += SET_SIZE
    held += HELD_SIZE
  }
}

function registerAskers(people: usize): void {
  let asker = tableAt(BLOCK_PRINCIPALS)
  let who = people
  for (let number: u32 = 0; number < countAt(BLOCK_PRINCIPALS); number++) {
    store<u32>(who + WHO_KIND, load<u32>(asker + ASKER_KIND))
    store<u32>(who + WHO_FLAGS, load<u32>(asker + ASKER_FLAGS))
    copyText(who + WHO_PRINCIPAL, asker + ASKER_PRINCIPAL)
    copyText(who + WHO_BASE, asker + ASKER_BASE)
    copyText(who + WHO_ACCOUNT, asker + ASKER_ACCOUNT)
    copyText(who + WHO_PARTITION, asker + ASKER_PARTITION)
    copyKeys(who + WHO_KEYS, asker + ASKER_KEYS)
    copyGroups(who + WHO_GROUPS, load<u32>(asker + ASKER_SET))
    let having = <usize>load<u32>(who + WHO_KEYS)
    for (let left = load<u32>(who + WHO_KEY_COUNT); left > 0; left--, having += HAVING_SIZE) {
      markAsAskers(load<u32>(having + HAVING_KEY))
    }
    addTo(ASKERS, who)
    asker += ASKER_SIZE
    who += WHO_SIZE
  }
}

/** Lists those who are asked about when everybody is under the policies that could allow them something. */
function noteHolders(people: usize): bool {
  const first = countIn(ASKERS) - countAt(BLOCK_PRINCIPALS)
  for (let number: u32 = 0; number < countAt(BLOCK_PRINCIPALS); number++) {
    const who = people + <usize>number * WHO_SIZE
    if ((load<u32>(who + WHO_FLAGS) & ASKER_LISTED) === 0) continue
    const group = <usize>load<u32>(who + WHO_GROUPS)
    const kind = load<u32>(who + WHO_KIND)
    const byIdentity =
      kind !== KIND_ROOT &&
      load<u32>(who + WHO_GROUP_COUNT) !== 0 &&
      load<u32>(group + BODY_LAYER) === LAYER_IDENTITY
    const count = byIdentity ? load<u32>(group + BODY_MEMBER_COUNT) : 1
    let holder = allocate(<u64>count * HOLDER_SIZE)
    if (holder === 0) return false
    for (let index: u32 = 0; index < count; index++, holder += HOLDER_SIZE) {
      store<u32>(holder + HOLDER_ASKER, first + number)
      if (byIdentity) {
        const member = <usize>load<u32>(group + BODY_MEMBERS) + <usize>index * MEMBER_SIZE
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

function registerResources(things: usize): void {
  let facts = tableAt(BLOCK_RESOURCES)
  let what = things
  for (let number: u32 = 0; number < countAt(BLOCK_RESOURCES); number++) {
    copyKeys(what + WHAT_KEYS, facts + FACTS_KEYS)
    copyGroups(what + WHAT_GROUPS, load<u32>(facts + FACTS_SET))
    addTo(RESOURCES, what)
    facts += FACTS_SIZE
    what += WHAT_SIZE
  }
}

function makeContexts(records: usize): void {
  let context = tableAt(BLOCK_CONTEXTS)
  let record = records
  for (let number: u32 = 0; number < countAt(BLOCK_CONTEXTS); number++) {
    copyKeys(record + WHERE_KEYS, context + CONTEXT_KEYS)
    context += CONTEXT_SIZE
    record += WHERE_SIZE
  }
}

function copyText(to: usize, from: usize): void {
  store<u32>(to, <u32>(stringsAt() + <usize>load<u32>(from)))
  store<u32>(to + 4, load<u32>(from + 4))
}

function copyKeys(to: usize, range: usize): void {
  store<u32>(to, <u32>(havings + <usize>load<u32>(range) * HAVING_SIZE))
  store<u32>(to + 4, load<u32>(range + 4))
}

function copyGroups(to: usize, set: u32): void {
  const held = recordIn(SETS, set)
  store<u32>(to, load<u32>(held + HELD_GROUPS))
  store<u32>(to + 4, load<u32>(held + HELD_COUNT))
}

import { countAt, stringsAt, tableAt } from './block'
import { ACTIONS, addTo, PRINCIPALS, RESOURCES, SETS } from './directory'
import { copyGroups, copyKeys, copyText, liveGroups } from './live-block'
import { matchPattern } from './pattern'
import { markAsPrincipals } from './program'
import {
  clearBit,
  copyBaseRow,
  endOfPatterns,
  endOfStatements,
  firstPatternOf,
  firstStatementOf,
  rowSize,
  setBit,
} from './program-index'
import { statements } from './program-tables'
import {
  LIVE_ACTION_ALWAYS,
  LIVE_ACTION_FLAGS,
  LIVE_ACTION_LENGTH,
  LIVE_ACTION_NEVER,
  LIVE_ACTION_ROW,
  LIVE_ACTION_SIZE,
  LIVE_ACTION_TEXT,
  LIVE_FACTS_GROUPS,
  LIVE_FACTS_KEYS,
  LIVE_FACTS_SIZE,
  LIVE_GROUP_SIZE,
  LIVE_KEY_NUMBER,
  LIVE_KEY_SIZE,
  LIVE_PRINCIPAL_ACCOUNT,
  LIVE_PRINCIPAL_BASE,
  LIVE_PRINCIPAL_CLASS,
  LIVE_PRINCIPAL_FLAGS,
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
} from './registered'
import {
  ACTION_ALWAYS,
  ACTION_FLAGS,
  ACTION_NEVER,
  ACTION_SERVICE,
  ACTION_SIZE,
  ACTION_TEXT,
  BLOCK_ACTIONS,
  BLOCK_PRINCIPALS,
  BLOCK_RESOURCES,
  BLOCK_SETS,
  FACTS_KEYS,
  FACTS_SET,
  FACTS_SIZE,
  PRINCIPAL_ACCOUNT,
  PRINCIPAL_BASE,
  PRINCIPAL_FLAGS,
  PRINCIPAL_KEYS,
  PRINCIPAL_KIND,
  PRINCIPAL_NAME,
  PRINCIPAL_PARTITION,
  PRINCIPAL_SET,
  PRINCIPAL_SIZE,
  SET_GROUPS,
  SET_SIZE,
  STATEMENT_FLAGS,
  STATEMENT_NOT_ACTION,
  STATEMENT_SIZE,
} from './wire'

// The records of a block that stay: each is put behind the block, and listed by its number.

export function registerActions(liveActions: usize, rows: usize): void {
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

export function registerSets(liveSets: usize): void {
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

export function registerPrincipals(livePrincipals: usize): void {
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
    store<u32>(live + LIVE_PRINCIPAL_CLASS, 0)
    let liveKey = <usize>load<u32>(live + LIVE_PRINCIPAL_KEYS)
    for (let left = load<u32>(live + LIVE_PRINCIPAL_KEY_COUNT); left > 0; left--, liveKey += LIVE_KEY_SIZE) {
      markAsPrincipals(load<u32>(liveKey + LIVE_KEY_NUMBER))
    }
    addTo(PRINCIPALS, live)
    principal += PRINCIPAL_SIZE
    live += LIVE_PRINCIPAL_SIZE
  }
}

export function registerResources(liveFacts: usize): void {
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

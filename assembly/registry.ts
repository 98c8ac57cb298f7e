import { forgetWhoIsAskedAbout, noteHolders } from './asked-principals'
import { block, countAt, tableAt } from './block'
import { ACTIONS, addTo, CONTEXTS, countIn, empty, PRINCIPALS, RESOURCES, SETS } from './directory'
import { makeContexts, makeGroups, makeKeys } from './live-block'
import { registerActions, registerPrincipals, registerResources, registerSets } from './live-records'
import { countNames, forgetNames, takeNames } from './names'
import { programEnd } from './program'
import { rowSize } from './program-index'
import {
  LIVE_ACTION_SIZE,
  LIVE_CONTEXT_SIZE,
  LIVE_FACTS_SIZE,
  LIVE_PRINCIPAL_SIZE,
  LIVE_SET_SIZE,
} from './registered'
import { allocate, beginBehind, beginBehindBlock, expectMore, freeAddress } from './registry-room'
import {
  BLOCK_ACTIONS,
  BLOCK_CONTEXTS,
  BLOCK_PRINCIPALS,
  BLOCK_RESOURCES,
  BLOCK_SETS,
  FACTS_SET,
  FACTS_SIZE,
  MALFORMED,
  OK,
  OUT_OF_MEMORY,
  PRINCIPAL_SET,
  PRINCIPAL_SIZE,
} from './wire'

/** Where the next block begins; 0 while no program is loaded. */
export let blockStart: usize = 0

/** Forgets what is registered: all of it is about the program that was. */
export function forgetAll(): void {
  blockStart = programEnd
  empty(ACTIONS)
  empty(SETS)
  empty(PRINCIPALS)
  empty(RESOURCES)
  empty(CONTEXTS)
  forgetNames()
  forgetWhoIsAskedAbout()
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

/** Makes the names at hand part of what is registered. Out of memory: everything is forgotten. */
export function registerNamesAtHand(size: u32): i32 {
  const count = countNames(block, size)
  if (count < 0) return MALFORMED
  beginBehind(size)
  if (takeNames(block, size, <u32>count)) {
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

import { reach } from './arena'
import { block, blockIsSound, countAt, forgetBlock, isReserved, reserveBlockAt, tableAt } from './block'
import { decideRequest } from './decision'
import { ACTIONS, CONTEXTS, countIn, PRINCIPALS, RESOURCES } from './directory'
import { decideForEveryone, everyoneSize } from './everyone'
import { explainRequest, explanationSize } from './explanation'
import { answerLines, forgetLines, linesAnswered, reserveBehindLines } from './lines'
import { loadProgramBytes, programEnd, reserveProgramBytes } from './program'
import { blockStart, contextsOfBlock, forgetAll, registerBlockAtHand, registerNamesAtHand } from './registry'
import { freeAddress } from './registry-room'
import { forgetRequest, selectRequest, setOwnContexts } from './request'
import {
  BLOCK_CONTEXTS,
  BLOCK_REQUESTS,
  CONTEXT_NEEDED,
  EXPLAIN_ALL,
  MALFORMED,
  NONE,
  OK,
  OUT_OF_MEMORY,
  PENDING,
  REQUEST_ACTION,
  REQUEST_CONTEXT,
  REQUEST_FACTS,
  REQUEST_PRINCIPAL,
  REQUEST_SIZE,
  RESOURCE_INVALID,
  WIRE_VERSION,
} from './wire'

// What the host calls. Only numbers cross; bytes are written to where the reserving functions say, and read from where
// `answersAddress` says. Whatever the bytes are, a call returns: a decision, or a negative code.

/** 0 while no block is open. */
let requestCount: u32 = 0
/** Where answers are written. */
let answers: usize = 0

export function wireVersion(): u32 {
  return WIRE_VERSION
}

function closeBlock(): void {
  requestCount = 0
  forgetLines()
  forgetRequest()
}

/** Room for a program. 0: out of memory. Call `loadProgram` when the bytes are there. */
export function reserveProgram(size: u32): usize {
  closeBlock()
  forgetBlock()
  const at = reserveProgramBytes(size)
  forgetAll()
  return at
}

export function loadProgram(size: u32): i32 {
  closeBlock()
  forgetBlock()
  const code = loadProgramBytes(size)
  forgetAll()
  return code
}

/** Forgets everything that was registered; the program stays. */
export function forget(): void {
  closeBlock()
  forgetBlock()
  forgetAll()
}

/** Bytes that the program and what is registered take. */
export function sizeInUse(): u32 {
  return <u32>blockStart
}

/** Room for a block. 0: out of memory, or no program is loaded. */
export function reserveBlock(size: u32): usize {
  closeBlock()
  forgetBlock()
  if (programEnd === 0 || blockStart === 0 || !reserveBlockAt(blockStart, size)) return 0
  return block
}

/** Keeps the actions, sets, principals, resources and contexts of the block that was written. */
export function registerBlock(size: u32): i32 {
  closeBlock()
  if (!blockIsSound(size) || countAt(BLOCK_REQUESTS) !== 0) return MALFORMED
  const code = registerBlockAtHand()
  forgetBlock()
  return code
}

/** Keeps names that were written where there is room for a block. */
export function registerNames(size: u32): i32 {
  closeBlock()
  if (!isReserved(size)) return MALFORMED
  const code = registerNamesAtHand(size)
  forgetBlock()
  return code
}

/** Room for lines, as `reserveBlock`. Call `decideLines` when the bytes are there. */
export function reserveLines(size: u32): usize {
  const at = reserveBlock(size)
  return at !== 0 && reserveBehindLines(size) ? at : 0
}

/** Decides the lines that were written, and writes what comes of them (LINES_…) to `answersAddress()`. */
export function decideLines(size: u32): i32 {
  if (linesAnswered === 0 || size === 0 || !isReserved(size) || load<u8>(block + <usize>size - 1) !== 0x0a)
    return MALFORMED
  answers = linesAnswered
  answerLines(size)
  return OK
}

/** Makes the block that was written the one whose requests are decided. */
export function openBlock(size: u32): i32 {
  closeBlock()
  if (!blockIsSound(size) || !requestsExist()) return MALFORMED
  const own = contextsOfBlock()
  if (own === 0) return OUT_OF_MEMORY
  const after = freeAddress()
  if (!reach(after + <u64>countAt(BLOCK_REQUESTS) * 4)) return OUT_OF_MEMORY
  answers = <usize>after
  setOwnContexts(own)
  requestCount = countAt(BLOCK_REQUESTS)
  return OK
}

/** Whether all that requests name by number is registered, or stands in the block. */
function requestsExist(): bool {
  const contextLimit = <u64>countIn(CONTEXTS) + <u64>countAt(BLOCK_CONTEXTS)
  const end = tableAt(BLOCK_REQUESTS) + <usize>countAt(BLOCK_REQUESTS) * REQUEST_SIZE
  for (let request = tableAt(BLOCK_REQUESTS); request < end; request += REQUEST_SIZE) {
    const facts = load<u32>(request + REQUEST_FACTS)
    const context = load<u32>(request + REQUEST_CONTEXT)
    if (
      load<u32>(request + REQUEST_PRINCIPAL) >= countIn(PRINCIPALS) ||
      load<u32>(request + REQUEST_ACTION) >= countIn(ACTIONS) ||
      (facts !== NONE && facts >= countIn(RESOURCES)) ||
      (context !== NONE && context !== PENDING && <u64>context >= contextLimit)
    ) {
      return false
    }
  }
  return true
}

/** Decides one request of the open block. */
export function decide(number: u32): i32 {
  if (number >= requestCount) return MALFORMED
  return <i32>(selectRequest(number) ? decideRequest() : RESOURCE_INVALID)
}

/** Decides all requests of the open block, and writes the decisions (u32 each) to `answersAddress()`. */
export function decideAll(): i32 {
  for (let number: u32 = 0; number < requestCount; number++) {
    store<u32>(answers + <usize>number * 4, selectRequest(number) ? decideRequest() : RESOURCE_INVALID)
  }
  return <i32>requestCount
}

/** Decides one request of the open block, and writes an explanation to `answersAddress()`. */
export function explain(number: u32, mode: u32): i32 {
  if (number >= requestCount || mode > <u32>EXPLAIN_ALL) return MALFORMED
  if (isPending(number)) return CONTEXT_NEEDED
  if (!selectRequest(number)) return RESOURCE_INVALID
  if (!reach(<u64>answers + explanationSize())) return OUT_OF_MEMORY
  return <i32>explainRequest(answers, mode)
}

function isPending(number: u32): bool {
  return load<u32>(tableAt(BLOCK_REQUESTS) + <usize>number * REQUEST_SIZE + REQUEST_CONTEXT) === PENDING
}

/**
 * Who of the principals that are listed may do what a request of the open block asks: writes their numbers (u32 each) to
 * `answersAddress()`. @returns how many, or a negative code
 */
export function decideEveryone(number: u32): i32 {
  if (number >= requestCount || isPending(number)) return MALFORMED
  if (!reach(<u64>answers + everyoneSize())) return OUT_OF_MEMORY
  const count = decideForEveryone(number, answers)
  return count < 0 ? MALFORMED : count
}

export function answersAddress(): usize {
  return answers
}

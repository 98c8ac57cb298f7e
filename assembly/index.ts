import { reach } from './arena'
import { answers, closeBlock, openBlockBytes, requestCount, reserveBlockBytes } from './block'
import { decideRequest, statementsToList } from './decision'
import { loadProgramBytes, reserveProgramBytes } from './program'
import { request, selectRequest } from './request'
import {
  EXPLANATION_GROUPS,
  MALFORMED,
  MATCH_SIZE,
  OUT_OF_MEMORY,
  OUTCOME_SIZE,
  REQUEST_GROUPS,
  WIRE_VERSION,
} from './wire'

// What the host calls. Only numbers cross; bytes are written to where the reserving functions say, and read from where
// `answersAddress` says. Whatever the bytes are, a call returns: a decision, or a negative code.

export function wireVersion(): u32 {
  return WIRE_VERSION
}

/** Room for a program. 0: out of memory. Call `loadProgram` when the bytes are there. */
export function reserveProgram(size: u32): usize {
  closeBlock()
  return reserveProgramBytes(size)
}

export function loadProgram(size: u32): i32 {
  closeBlock()
  return loadProgramBytes(size)
}

/** Room for a block of requests. 0: out of memory, or no program is loaded. */
export function reserveBlock(size: u32): usize {
  return reserveBlockBytes(size)
}

export function openBlock(size: u32): i32 {
  return openBlockBytes(size)
}

/** Decides one request of the open block. */
export function decide(number: u32): i32 {
  if (number >= requestCount) return MALFORMED
  selectRequest(number)
  return <i32>decideRequest(0)
}

/** Decides all requests of the open block, and writes the decisions (u32 each) to `answersAddress()`. */
export function decideAll(): i32 {
  for (let number: u32 = 0; number < requestCount; number++) {
    selectRequest(number)
    store<u32>(answers + <usize>number * 4, decideRequest(0))
  }
  return <i32>requestCount
}

/** Decides one request of the open block, and writes an explanation to `answersAddress()`. */
export function explain(number: u32): i32 {
  if (number >= requestCount) return MALFORMED
  selectRequest(number)
  const size =
    EXPLANATION_GROUPS +
    <u64>load<u32>(request + REQUEST_GROUPS + 4) * OUTCOME_SIZE +
    statementsToList() * MATCH_SIZE
  if (!reach(<u64>answers + size)) return OUT_OF_MEMORY
  return <i32>decideRequest(answers)
}

export function answersAddress(): usize {
  return answers
}

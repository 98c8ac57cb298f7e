import { aligned, reach } from './arena'
import { block } from './block'
import { decideRequest } from './decision'
import {
  account,
  accountLength,
  askedAction,
  asker,
  id,
  idLength,
  readLine,
  resourceText,
  resourceTextLength,
} from './line'
import { CONTEXT_ROOM, contextRecord, setContextRoom } from './line-context'
import { endOfLine } from './line-text'
import { hasUnknownName } from './names'
import { forgetRequest, selectParts } from './request'
import {
  DECISION_IMPLICIT_DENY,
  LEFT_BEFORE,
  LEFT_END,
  LEFT_FOR_NAMES,
  LEFT_NUMBER,
  LEFT_SIZE,
  LEFT_START,
  LINES_ANSWERS,
  LINES_ANSWERS_SIZE,
  LINES_COUNT,
  LINES_HEADER_SIZE,
  LINES_LEFT,
  LINES_LEFT_COUNT,
  LINES_READ,
  MAX_LEFT,
  NAME_FIRST,
  NAME_SECOND,
} from './wire'

// Lines, decided where they stand, one after another: nothing is kept of one but its answer. Behind the lines in memory:
//   ┌─────────┬────────┬──────┬─────────┬─────────┐
//   │ padding │ header │ left │ context │ answers │
//   └─────────┴────────┴──────┴─────────┴─────────┘
// The padding is there to be read: texts are, in words.
const PADDING: u64 = 64

/** Where the header stands; 0: there is no room for lines. */
export let linesAnswered: usize = 0
/** Where the answers begin. */
let answers: usize = 0

export function forgetLines(): void {
  linesAnswered = 0
}

/** Makes room behind lines of `size` bytes at the block's address. False: out of memory. */
export function reserveBehindLines(size: u32): bool {
  const header = aligned(<u64>block + <u64>size + PADDING)
  const left = header + LINES_HEADER_SIZE
  const room = aligned(left + <u64>MAX_LEFT * LEFT_SIZE)
  const first = aligned(room + <u64>CONTEXT_ROOM)
  // An answer is shorter than a line that is decided here: it has the id, and less than the keys of the rest.
  if (!reach(first + <u64>size + PADDING)) return false
  linesAnswered = <usize>header
  setContextRoom(<usize>room)
  answers = <usize>first
  return true
}

/** Reads lines until their bytes end, or many are left to the host. The last byte is a line feed. */
export function answerLines(size: u32): void {
  const first = block
  const end = first + <usize>size
  let out = answers
  let left = linesAnswered + LINES_HEADER_SIZE
  let leftCount: u32 = 0
  let number: u32 = 0
  let at = first
  for (; at < end && leftCount < <u32>MAX_LEFT; number++) {
    const lineEnd = readLine(at)
    const answered = lineEnd === 0 ? <usize>0 : answerLine(out)
    if (answered !== 0) {
      out = answered
      at = lineEnd + 1
      continue
    }
    const over = endOfLine(at)
    store<u32>(left + LEFT_START, <u32>(at - first))
    store<u32>(left + LEFT_END, <u32>(over - first))
    store<u32>(left + LEFT_NUMBER, number)
    store<u32>(left + LEFT_BEFORE, <u32>(out - answers))
    store<u32>(left + LEFT_FOR_NAMES, hasUnknownName ? 1 : 0)
    left += LEFT_SIZE
    leftCount++
    at = over + 1
  }
  // Its texts are no longer there for anything else.
  forgetRequest()
  const header = linesAnswered
  store<u32>(header + LINES_READ, <u32>(at - first))
  store<u32>(header + LINES_COUNT, number)
  store<u32>(header + LINES_ANSWERS, <u32>answers)
  store<u32>(header + LINES_ANSWERS_SIZE, <u32>(out - answers))
  store<u32>(header + LINES_LEFT, <u32>(header + LINES_HEADER_SIZE))
  store<u32>(header + LINES_LEFT_COUNT, leftCount)
}

/** Decides the line that was read. @returns behind its answer; 0: it has something that only the host can tell */
function answerLine(out: usize): usize {
  if (
    !selectParts(
      load<u32>(asker + NAME_FIRST),
      load<u32>(asker + NAME_SECOND),
      load<u32>(askedAction + NAME_FIRST),
      contextRecord(),
      resourceText,
      resourceTextLength,
      account,
      accountLength,
    )
  ) {
    return 0
  }
  const decision = decideRequest()
  return decision > <u32>DECISION_IMPLICIT_DENY ? 0 : write(out, decision)
}

/** `{"id":`, `null` */
const BEGINNING: u64 = 0x3a226469227b
const BEGINNING_LENGTH: usize = 6
const NULL: u32 = 0x6c6c756e

// By decision, what stands behind the id, each in 32 bytes: `,"decision":"allow"}`, …, and a line feed.
const ENDING_SIZE: usize = 32
const ENDINGS = memory.data<u8>(
  [
    0x2c, 0x22, 0x64, 0x65, 0x63, 0x69, 0x73, 0x69, 0x6f, 0x6e, 0x22, 0x3a, 0x22, 0x61, 0x6c, 0x6c, 0x6f,
    0x77, 0x22, 0x7d, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x2c, 0x22, 0x64, 0x65, 0x63, 0x69, 0x73, 0x69,
    0x6f, 0x6e, 0x22, 0x3a, 0x22, 0x65, 0x78, 0x70, 0x6c, 0x69, 0x63, 0x69, 0x74, 0x5f, 0x64, 0x65, 0x6e,
    0x79, 0x22, 0x7d, 0x0a, 0, 0, 0, 0x2c, 0x22, 0x64, 0x65, 0x63, 0x69, 0x73, 0x69, 0x6f, 0x6e, 0x22, 0x3a,
    0x22, 0x69, 0x6d, 0x70, 0x6c, 0x69, 0x63, 0x69, 0x74, 0x5f, 0x64, 0x65, 0x6e, 0x79, 0x22, 0x7d, 0x0a, 0,
    0, 0,
  ],
  16,
)
const ALLOW_LENGTH: usize = 21
const DENY_LENGTH: usize = 29

/** @returns behind the answer */
function write(out: usize, decision: u32): usize {
  store<u64>(out, BEGINNING)
  out += BEGINNING_LENGTH
  if (idLength === 0) {
    store<u32>(out, NULL)
    out += 4
  } else {
    // A last part may be too long: what follows is written over it.
    for (let done: usize = 0; done < idLength; done += 16) v128.store(out + done, v128.load(id + done))
    out += idLength
  }
  const ending = ENDINGS + <usize>decision * ENDING_SIZE
  v128.store(out, v128.load(ending))
  v128.store(out + 16, v128.load(ending + 16))
  return out + (decision === 0 ? ALLOW_LENGTH : DENY_LENGTH)
}

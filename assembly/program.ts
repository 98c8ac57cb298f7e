import { aligned, arenaStart, rangeFits, reach, tableFits } from './arena'
import { isKnown, takesPatterns } from './operators'
import { PARSED_SIZE } from './parsed'
import { indexProgram, indexSize } from './program-index'
import {
  base,
  callerKey,
  conditions,
  countAt,
  keyCount,
  namedPrincipals,
  openTables,
  ownerKey,
  patterns,
  pieces,
  policies,
  policyCount,
  readHeader,
  refs,
  serviceCount,
  statements,
  values,
} from './program-tables'
import {
  CONDITION_FLAGS,
  CONDITION_KEY,
  CONDITION_OPERATOR,
  CONDITION_SIZE,
  CONDITION_VALUES,
  MALFORMED,
  MAX_KEYS,
  MAX_LISTED,
  NAMED_KIND,
  NAMED_KINDS,
  NAMED_LENGTH,
  NAMED_SIZE,
  NAMED_TEXT,
  NONE,
  OK,
  OUT_OF_MEMORY,
  PATTERN_EXACT,
  PATTERN_FLAGS,
  PATTERN_KIND,
  PATTERN_KINDS,
  PATTERN_PIECES,
  PATTERN_PREFIX,
  PATTERN_SERVICE,
  PATTERN_SIZE,
  PATTERN_TEMPLATE,
  PIECE_DEFAULT,
  PIECE_DEFAULT_LENGTH,
  PIECE_KEY,
  PIECE_KIND,
  PIECE_KINDS,
  PIECE_LENGTH,
  PIECE_LITERAL,
  PIECE_SIZE,
  PIECE_TEXT,
  PIECE_VARIABLE,
  POLICY_SIZE,
  POLICY_STATEMENTS,
  PROGRAM_CONDITIONS,
  PROGRAM_HEADER_SIZE,
  PROGRAM_MAGIC,
  PROGRAM_MAGIC_AT,
  PROGRAM_PATTERNS,
  PROGRAM_PIECES,
  PROGRAM_POLICIES,
  PROGRAM_PRINCIPALS,
  PROGRAM_REFS,
  PROGRAM_SIZE_AT,
  PROGRAM_STATEMENTS,
  PROGRAM_STRINGS,
  PROGRAM_VALUES,
  PROGRAM_VERSION_AT,
  REF_SIZE,
  STATEMENT_ACTIONS,
  STATEMENT_CONDITIONS,
  STATEMENT_PRINCIPALS,
  STATEMENT_RESOURCES,
  STATEMENT_SIZE,
  VALUE_LENGTH,
  VALUE_SIZE,
  VALUE_TEXT,
  WIRE_VERSION,
} from './wire'

// The program that is loaded. Addresses are absolute.
// INVARIANT: after `loadProgram` answered OK, every range and number in the program is within its table, and nothing
// writes to the program's bytes; so matching reads them without a check.

/** What the values mean, in their order. */
export let parsedValues: usize = 0
/** For each key: the stamp of the request that last had it, where its first value is, how many it has; and one mark. */
export let keySlots: usize = 0
/** Room for the longest template's pieces. */
export let templateRoom: usize = 0
/** Where what is registered begins; 0 while no program is loaded. */
export let programEnd: usize = 0

export const SLOT_STAMP = 0
export const SLOT_VALUES = SLOT_STAMP + 4
export const SLOT_COUNT = SLOT_VALUES + 4
/** Whether it follows, of some requests, from who asks. */
export const SLOT_IS_PRINCIPALS = SLOT_COUNT + 4
export const SLOT_SIZE = SLOT_IS_PRINCIPALS + 4

let reserved: u32 = 0

/** Room for a program's bytes. The one loaded so far is gone. 0: out of memory. */
export function reserveProgramBytes(size: u32): usize {
  programEnd = 0
  reserved = 0
  const start = arenaStart()
  if (!reach(<u64>start + <u64>size)) return 0
  reserved = size
  return start
}

function tableIsInside(entry: u32, recordSize: u32): bool {
  return tableFits(
    load<u32>(base + entry),
    countAt(entry),
    recordSize,
    PROGRAM_HEADER_SIZE,
    load<u32>(base + PROGRAM_SIZE_AT),
  )
}

/** Checks the bytes that were written where `reserveProgramBytes` said, and makes them the program. */
export function loadProgramBytes(size: u32): i32 {
  programEnd = 0
  if (size > reserved || size < <u32>PROGRAM_HEADER_SIZE) return MALFORMED
  readHeader(arenaStart())
  if (load<u32>(base + PROGRAM_MAGIC_AT) !== PROGRAM_MAGIC) return MALFORMED
  if (load<u32>(base + PROGRAM_VERSION_AT) !== WIRE_VERSION) return MALFORMED
  if (load<u32>(base + PROGRAM_SIZE_AT) !== size) return MALFORMED
  if (keyCount > <u32>MAX_KEYS || serviceCount > <u32>MAX_KEYS) return MALFORMED
  if (ownerKey !== NONE && ownerKey >= keyCount) return MALFORMED
  if (callerKey !== NONE && callerKey >= keyCount) return MALFORMED
  if (
    !tableIsInside(PROGRAM_POLICIES, POLICY_SIZE) ||
    !tableIsInside(PROGRAM_STATEMENTS, STATEMENT_SIZE) ||
    !tableIsInside(PROGRAM_REFS, REF_SIZE) ||
    !tableIsInside(PROGRAM_PATTERNS, PATTERN_SIZE) ||
    !tableIsInside(PROGRAM_PIECES, PIECE_SIZE) ||
    !tableIsInside(PROGRAM_CONDITIONS, CONDITION_SIZE) ||
    !tableIsInside(PROGRAM_VALUES, VALUE_SIZE) ||
    !tableIsInside(PROGRAM_PRINCIPALS, NAMED_SIZE) ||
    !tableIsInside(PROGRAM_STRINGS, 1)
  ) {
    return MALFORMED
  }
  openTables()
  if (
    !policiesAreSound() ||
    !statementsAreSound() ||
    !patternsAreSound() ||
    !piecesAreSound() ||
    !conditionsAreSound() ||
    !textsAreSound(values, countAt(PROGRAM_VALUES), VALUE_SIZE, VALUE_TEXT, VALUE_LENGTH) ||
    !principalsAreSound()
  ) {
    return MALFORMED
  }
  return layOut(size)
}

/** What is kept beside the program, right behind it. */
function layOut(size: u32): i32 {
  const parsed = aligned(<u64>base + <u64>size)
  const slots = aligned(parsed + <u64>countAt(PROGRAM_VALUES) * PARSED_SIZE)
  const room = aligned(slots + <u64>keyCount * SLOT_SIZE)
  const index = aligned(room + <u64>longestTemplate() * PIECE_SIZE)
  const end = aligned(index + indexSize())
  if (!reach(end)) return OUT_OF_MEMORY
  parsedValues = <usize>parsed
  keySlots = <usize>slots
  templateRoom = <usize>room
  memory.fill(parsedValues, 0, <usize>(room - parsed))
  if (ownerKey !== NONE) markAsPrincipals(ownerKey)
  if (callerKey !== NONE) markAsPrincipals(callerKey)
  indexProgram(<usize>index)
  programEnd = <usize>end
  return OK
}

/** Notes that a key's values may depend on who asks. */
export function markAsPrincipals(key: u32): void {
  store<u32>(keySlots + <usize>key * SLOT_SIZE + SLOT_IS_PRINCIPALS, 1)
}

function longestTemplate(): u32 {
  let longest: u32 = 0
  const end = patterns + <usize>countAt(PROGRAM_PATTERNS) * PATTERN_SIZE
  for (let pattern = patterns; pattern < end; pattern += PATTERN_SIZE) {
    const count = load<u32>(pattern + PATTERN_PIECES + 4)
    if ((load<u32>(pattern + PATTERN_FLAGS) & PATTERN_TEMPLATE) !== 0 && count > longest) longest = count
  }
  return longest
}

/** Whether refs `[first, first + count)` exist and each is below `limit`. */
function listIsSound(range: usize, limit: u32): bool {
  const first = load<u32>(range)
  const count = load<u32>(range + 4)
  if (!rangeFits(first, count, countAt(PROGRAM_REFS))) return false
  listed += <u64>count
  if (listed > <u64>MAX_LISTED) return false
  let at = refs + <usize>first * REF_SIZE
  for (const end = at + <usize>count * REF_SIZE; at < end; at += REF_SIZE) {
    if (load<u32>(at) >= limit) return false
  }
  return true
}

/** Entries of all lists so far: a few bytes could otherwise name the same long list endlessly often. */
let listed: u64 = 0

function policiesAreSound(): bool {
  listed = 0
  const end = policies + <usize>policyCount * POLICY_SIZE
  const limit = countAt(PROGRAM_STATEMENTS)
  for (let policy = policies; policy < end; policy += POLICY_SIZE) {
    if (!listIsSound(policy + POLICY_STATEMENTS, limit)) return false
  }
  return true
}

function statementsAreSound(): bool {
  const end = statements + <usize>countAt(PROGRAM_STATEMENTS) * STATEMENT_SIZE
  for (let statement = statements; statement < end; statement += STATEMENT_SIZE) {
    if (
      !listIsSound(statement + STATEMENT_ACTIONS, countAt(PROGRAM_PATTERNS)) ||
      !listIsSound(statement + STATEMENT_RESOURCES, countAt(PROGRAM_PATTERNS)) ||
      !listIsSound(statement + STATEMENT_PRINCIPALS, countAt(PROGRAM_PRINCIPALS)) ||
      !listIsSound(statement + STATEMENT_CONDITIONS, countAt(PROGRAM_CONDITIONS))
    ) {
      return false
    }
  }
  return true
}

function patternsAreSound(): bool {
  const end = patterns + <usize>countAt(PROGRAM_PATTERNS) * PATTERN_SIZE
  for (let pattern = patterns; pattern < end; pattern += PATTERN_SIZE) {
    const kind = load<u32>(pattern + PATTERN_KIND)
    if (kind >= <u32>PATTERN_KINDS) return false
    if (load<u32>(pattern + PATTERN_SERVICE) > serviceCount) return false
    const first = load<u32>(pattern + PATTERN_PIECES)
    const count = load<u32>(pattern + PATTERN_PIECES + 4)
    if (!rangeFits(first, count, countAt(PROGRAM_PIECES))) return false
    listed += <u64>count
    if (listed > <u64>MAX_LISTED) return false
    const isTemplate = (load<u32>(pattern + PATTERN_FLAGS) & PATTERN_TEMPLATE) !== 0
    const isLiteral = kind === PATTERN_EXACT || kind === PATTERN_PREFIX
    if (isLiteral && (isTemplate || count !== 1)) return false
    let piece = pieces + <usize>first * PIECE_SIZE
    for (const last = piece + <usize>count * PIECE_SIZE; piece < last; piece += PIECE_SIZE) {
      const pieceKind = load<u32>(piece + PIECE_KIND)
      if (isLiteral && pieceKind !== PIECE_LITERAL) return false
      if (pieceKind === PIECE_VARIABLE && !isTemplate) return false
    }
  }
  return true
}

function piecesAreSound(): bool {
  const end = pieces + <usize>countAt(PROGRAM_PIECES) * PIECE_SIZE
  const stringsSize = countAt(PROGRAM_STRINGS)
  for (let piece = pieces; piece < end; piece += PIECE_SIZE) {
    const kind = load<u32>(piece + PIECE_KIND)
    if (kind >= <u32>PIECE_KINDS) return false
    if (kind === PIECE_LITERAL) {
      if (!rangeFits(load<u32>(piece + PIECE_TEXT), load<u32>(piece + PIECE_LENGTH), stringsSize))
        return false
    } else if (kind === PIECE_VARIABLE) {
      if (load<u32>(piece + PIECE_KEY) >= keyCount) return false
      const text = load<u32>(piece + PIECE_DEFAULT)
      if (text !== NONE && !rangeFits(text, load<u32>(piece + PIECE_DEFAULT_LENGTH), stringsSize))
        return false
    }
  }
  return true
}

function conditionsAreSound(): bool {
  const end = conditions + <usize>countAt(PROGRAM_CONDITIONS) * CONDITION_SIZE
  for (let condition = conditions; condition < end; condition += CONDITION_SIZE) {
    const operator = load<u32>(condition + CONDITION_OPERATOR)
    if (!isKnown(operator)) return false
    if (load<u32>(condition + CONDITION_FLAGS) > 15) return false
    if (load<u32>(condition + CONDITION_KEY) >= keyCount) return false
    const table = takesPatterns(operator) ? PROGRAM_PATTERNS : PROGRAM_VALUES
    if (!listIsSound(condition + CONDITION_VALUES, countAt(table))) return false
  }
  return true
}

function principalsAreSound(): bool {
  const count = countAt(PROGRAM_PRINCIPALS)
  const end = namedPrincipals + <usize>count * NAMED_SIZE
  for (let named = namedPrincipals; named < end; named += NAMED_SIZE) {
    if (load<u32>(named + NAMED_KIND) >= <u32>NAMED_KINDS) return false
  }
  return textsAreSound(namedPrincipals, count, NAMED_SIZE, NAMED_TEXT, NAMED_LENGTH)
}

function textsAreSound(table: usize, count: u32, recordSize: u32, text: u32, length: u32): bool {
  const stringsSize = countAt(PROGRAM_STRINGS)
  const end = table + <usize>count * recordSize
  for (let record = table; record < end; record += recordSize) {
    if (!rangeFits(load<u32>(record + text), load<u32>(record + length), stringsSize)) return false
  }
  return true
}

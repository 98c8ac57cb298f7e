import {
  patternCount,
  patterns,
  policies,
  policyCount,
  refs,
  serviceCount,
  statementCount,
  statements,
} from './program-tables'
import {
  PATTERN_ANY,
  PATTERN_KIND,
  PATTERN_SERVICE,
  PATTERN_SIZE,
  POLICY_SIZE,
  POLICY_STATEMENTS,
  REF_SIZE,
  STATEMENT_ACTIONS,
  STATEMENT_ANY_RESOURCE,
  STATEMENT_CONDITIONS,
  STATEMENT_DENIES,
  STATEMENT_FLAGS,
  STATEMENT_NOT_ACTION,
  STATEMENT_NOT_RESOURCE,
  STATEMENT_RESOURCES,
  STATEMENT_SIZE,
} from './wire'

// What is worked out once for a program, so that a request looks at few of its statements: rows of one bit for each
// statement, and the ways back from a service to its action patterns, from such a pattern to the statements that list
// it, and from a statement to the policies that hold it.
//   ┌──────┬────────┬───────┬──────────┬──────────────────┬─────────────┬────────────────────┬─ ─
//   │ base │ denies │ plain │ services │ service patterns │ pattern to  │ pattern statements │
//   └──────┴────────┴───────┴──────────┴──────────────────┴─────────────┴────────────────────┴─ ─
// A way back has starts, one more than it has sources, and the targets in that order.

/** Bytes of a row of statements. */
export let rowSize: usize = 0
/** Statements that apply to an action unless one of their patterns matches it. */
let baseRow: usize = 0
export let denyRow: usize = 0
/** Statements that apply to every resource, and have no conditions. */
export let plainRow: usize = 0

let serviceStarts: usize = 0
let servicePatterns: usize = 0
/** For each service: how much there is to look at for one of its actions. */
let serviceWork: usize = 0
let patternStarts: usize = 0
/** Statement numbers. */
let patternStatements: usize = 0
let statementStarts: usize = 0
let statementPolicies: usize = 0

/** For each policy, who holds it: see `holders.ts`. */
export let holderTable: usize = 0
export const HELD_SIZE: usize = 12

/** Number of entries in the action lists of all statements, and in the statement lists of all policies. */
let actionRefs: u32 = 0
let policyRefs: u32 = 0

/** How many bytes `indexProgram` needs. */
export function indexSize(): u64 {
  rowSize = <usize>((<u64>statementCount + 63) / 64) * 8
  actionRefs = 0
  for (let number: u32 = 0; number < statementCount; number++) {
    actionRefs += load<u32>(statementAt(number) + STATEMENT_ACTIONS + 4)
  }
  policyRefs = 0
  for (let number: u32 = 0; number < policyCount; number++) {
    policyRefs += load<u32>(policies + <usize>number * POLICY_SIZE + POLICY_STATEMENTS + 4)
  }
  return (
    <u64>rowSize * 3 +
    ((<u64>serviceCount + 2) * 2 +
      <u64>patternCount * 2 +
      1 +
      <u64>actionRefs +
      <u64>statementCount +
      1 +
      <u64>policyRefs) *
      4 +
    <u64>policyCount * <u64>HELD_SIZE
  )
}

export function indexProgram(at: usize): void {
  baseRow = at
  denyRow = baseRow + rowSize
  plainRow = denyRow + rowSize
  serviceStarts = plainRow + rowSize
  servicePatterns = serviceStarts + (<usize>serviceCount + 2) * 4
  serviceWork = servicePatterns + <usize>patternCount * 4
  patternStarts = serviceWork + (<usize>serviceCount + 2) * 4
  patternStatements = patternStarts + (<usize>patternCount + 1) * 4
  statementStarts = patternStatements + <usize>actionRefs * 4
  statementPolicies = statementStarts + (<usize>statementCount + 1) * 4
  holderTable = statementPolicies + <usize>policyRefs * 4
  const end = holderTable + <usize>policyCount * HELD_SIZE
  memory.fill(at, 0, end - at)
  writeRows()
  indexActions()
  indexServices()
  indexPolicies()
}

function statementAt(number: u32): usize {
  return statements + <usize>number * STATEMENT_SIZE
}

export function setBit(row: usize, number: u32): void {
  const byte = row + <usize>(number >>> 3)
  store<u8>(byte, <u32>load<u8>(byte) | ((<u32>1) << (number & 7)))
}

export function clearBit(row: usize, number: u32): void {
  const byte = row + <usize>(number >>> 3)
  store<u8>(byte, <u32>load<u8>(byte) & ~((<u32>1) << (number & 7)))
}

export function hasBit(row: usize, number: u32): bool {
  return ((<u32>load<u8>(row + <usize>(number >>> 3)) >>> (number & 7)) & 1) !== 0
}

// An empty list: Action matches nothing. Its complement would then match everything, which no author means: such a
// statement counts only where it takes away.
function writeRows(): void {
  for (let number: u32 = 0; number < statementCount; number++) {
    const statement = statementAt(number)
    const flags = load<u32>(statement + STATEMENT_FLAGS)
    const isDeny = (flags & STATEMENT_DENIES) !== 0
    if (isDeny) setBit(denyRow, number)
    if (
      (flags & STATEMENT_NOT_ACTION) !== 0 &&
      (isDeny || load<u32>(statement + STATEMENT_ACTIONS + 4) !== 0)
    ) {
      setBit(baseRow, number)
    }
    if (load<u32>(statement + STATEMENT_CONDITIONS + 4) === 0 && takesAnyResource(statement, flags)) {
      setBit(plainRow, number)
    }
  }
}

function takesAnyResource(statement: usize, flags: u32): bool {
  if ((flags & STATEMENT_ANY_RESOURCE) !== 0) return true
  if ((flags & STATEMENT_NOT_RESOURCE) !== 0 || load<u32>(statement + STATEMENT_RESOURCES + 4) === 0)
    return false
  const first = load<u32>(refs + <usize>load<u32>(statement + STATEMENT_RESOURCES) * REF_SIZE)
  return load<u32>(patterns + <usize>first * PATTERN_SIZE + PATTERN_KIND) === PATTERN_ANY
}

/** Makes counts, each at its source's place, into starts: each source then holds its end, and filling counts it down. */
function sumUp(starts: usize, sources: u32): void {
  let sum: u32 = 0
  for (let source: u32 = 0; source <= sources; source++) {
    const at = starts + <usize>source * 4
    sum += load<u32>(at)
    store<u32>(at, sum)
  }
}

function count(starts: usize, source: u32): void {
  const at = starts + <usize>source * 4
  store<u32>(at, load<u32>(at) + 1)
}

function fill(starts: usize, targets: usize, source: u32, target: u32): void {
  const at = starts + <usize>source * 4
  const place = load<u32>(at) - 1
  store<u32>(at, place)
  store<u32>(targets + <usize>place * 4, target)
}

function indexActions(): void {
  for (let pass = 0; pass < 2; pass++) {
    for (let number: u32 = 0; number < statementCount; number++) {
      const list = statementAt(number) + STATEMENT_ACTIONS
      let at = refs + <usize>load<u32>(list) * REF_SIZE
      for (const end = at + <usize>load<u32>(list + 4) * REF_SIZE; at < end; at += REF_SIZE) {
        if (pass === 0) count(patternStarts, load<u32>(at))
        else fill(patternStarts, patternStatements, load<u32>(at), number)
      }
    }
    if (pass === 0) sumUp(patternStarts, patternCount)
  }
}

/** Which patterns stand in action lists, by service. */
function indexServices(): void {
  for (let pass = 0; pass < 2; pass++) {
    for (let pattern: u32 = 0; pattern < patternCount; pattern++) {
      const listings = startOf(patternStarts, pattern + 1) - startOf(patternStarts, pattern)
      if (listings === 0) continue
      const service = load<u32>(patterns + <usize>pattern * PATTERN_SIZE + PATTERN_SERVICE)
      if (pass === 0) {
        count(serviceStarts, service)
        const work = serviceWork + <usize>service * 4
        store<u32>(work, load<u32>(work) + 1 + listings)
      } else fill(serviceStarts, servicePatterns, service, pattern)
    }
    if (pass === 0) sumUp(serviceStarts, serviceCount + 1)
  }
}

function indexPolicies(): void {
  for (let pass = 0; pass < 2; pass++) {
    for (let policy: u32 = 0; policy < policyCount; policy++) {
      const list = policies + <usize>policy * POLICY_SIZE + POLICY_STATEMENTS
      let at = refs + <usize>load<u32>(list) * REF_SIZE
      for (const end = at + <usize>load<u32>(list + 4) * REF_SIZE; at < end; at += REF_SIZE) {
        if (pass === 0) count(statementStarts, load<u32>(at))
        else fill(statementStarts, statementPolicies, load<u32>(at), policy)
      }
    }
    if (pass === 0) sumUp(statementStarts, statementCount)
  }
}

function startOf(starts: usize, source: u32): u32 {
  return load<u32>(starts + <usize>source * 4)
}

/** How many patterns and statements there are to look at for an action of a service. */
export function workOf(service: u32): u64 {
  return <u64>load<u32>(serviceWork) + <u64>load<u32>(serviceWork + <usize>service * 4)
}

/** The base row, from which an action's row is made. */
export function copyBaseRow(row: usize): void {
  memory.copy(row, baseRow, rowSize)
}

/** The action patterns of a service (0: those for any service), as addresses of their numbers: from here … */
export function firstPatternOf(service: u32): usize {
  return servicePatterns + <usize>startOf(serviceStarts, service) * 4
}

/** … up to here. */
export function endOfPatterns(service: u32): usize {
  return servicePatterns + <usize>startOf(serviceStarts, service + 1) * 4
}

/** The statements that list an action pattern, as addresses of their numbers: from here … */
export function firstStatementOf(pattern: u32): usize {
  return patternStatements + <usize>startOf(patternStarts, pattern) * 4
}

/** … up to here. */
export function endOfStatements(pattern: u32): usize {
  return patternStatements + <usize>startOf(patternStarts, pattern + 1) * 4
}

/** The policies that hold a statement, as addresses of their numbers: from here … */
export function firstPolicyOf(statement: u32): usize {
  return statementPolicies + <usize>startOf(statementStarts, statement) * 4
}

/** … up to here. */
export function endOfPolicies(statement: u32): usize {
  return statementPolicies + <usize>startOf(statementStarts, statement + 1) * 4
}

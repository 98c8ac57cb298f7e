import {
  PROGRAM_CALLER_KEY_AT,
  PROGRAM_CONDITIONS,
  PROGRAM_KEYS_AT,
  PROGRAM_OWNER_KEY_AT,
  PROGRAM_PATTERNS,
  PROGRAM_PIECES,
  PROGRAM_POLICIES,
  PROGRAM_PRINCIPALS,
  PROGRAM_REFS,
  PROGRAM_SERVICES_AT,
  PROGRAM_STATEMENTS,
  PROGRAM_STRINGS,
  PROGRAM_VALUES,
  TABLE_COUNT,
} from './wire'

// The tables of the program at hand. Addresses are absolute.

export let policies: usize = 0
export let policyCount: u32 = 0
export let statements: usize = 0
export let statementCount: u32 = 0
export let refs: usize = 0
export let patterns: usize = 0
export let patternCount: u32 = 0
export let pieces: usize = 0
export let conditions: usize = 0
export let values: usize = 0
export let namedPrincipals: usize = 0
export let strings: usize = 0
export let keyCount: u32 = 0
export let serviceCount: u32 = 0
/** The number of `aws:ResourceAccount`, or NONE. */
export let ownerKey: u32 = 0
/** The number of `kms:CallerAccount`, or NONE. */
export let callerKey: u32 = 0

export let base: usize = 0

function tableAt(entry: u32): usize {
  return base + <usize>load<u32>(base + entry)
}

export function countAt(entry: u32): u32 {
  return load<u32>(base + entry + TABLE_COUNT)
}

/** Takes numbers from the header of what stands at an address. They are checked afterwards. */
export function readHeader(start: usize): void {
  base = start
  keyCount = load<u32>(base + PROGRAM_KEYS_AT)
  serviceCount = load<u32>(base + PROGRAM_SERVICES_AT)
  ownerKey = load<u32>(base + PROGRAM_OWNER_KEY_AT)
  callerKey = load<u32>(base + PROGRAM_CALLER_KEY_AT)
}

/** Finds the tables of what stands there: the header says that all lie within. */
export function openTables(): void {
  policies = tableAt(PROGRAM_POLICIES)
  policyCount = countAt(PROGRAM_POLICIES)
  statements = tableAt(PROGRAM_STATEMENTS)
  statementCount = countAt(PROGRAM_STATEMENTS)
  refs = tableAt(PROGRAM_REFS)
  patterns = tableAt(PROGRAM_PATTERNS)
  patternCount = countAt(PROGRAM_PATTERNS)
  pieces = tableAt(PROGRAM_PIECES)
  conditions = tableAt(PROGRAM_CONDITIONS)
  values = tableAt(PROGRAM_VALUES)
  namedPrincipals = tableAt(PROGRAM_PRINCIPALS)
  strings = tableAt(PROGRAM_STRINGS)
}

import { countIn, PRINCIPALS } from './directory'
import { HELD_SIZE, holderTable, setBit } from './program-index'
import { policyCount } from './program-tables'
import { HOLDER_NEXT, HOLDER_PRINCIPAL } from './registered'
import { allocate } from './registry-room'

// Who holds a policy as part of their identity, of those who are asked about when everybody is: a list for each policy, and
// where many hold it a set beside, a bit for each principal.
//   ┌──────┬───────┬─────┐
//   │ last │ count │ set │   addresses, or 0
//   └──────┴───────┴─────┘
const HELD_LAST: usize = 0
const HELD_COUNT: usize = 4
const HELD_SET: usize = 8

/** Bytes of a set of principals: whole vectors. */
export let setSize: usize = 0

/** Uniting a set costs as much as walking a list of an n-th as many holders as it has bytes (row W3). */
const BYTES_PER_HOLDER: usize = 24

export function forgetHolders(): void {
  setSize = 0
  memory.fill(holderTable, 0, <usize>policyCount * HELD_SIZE)
}

function heldAt(policy: u32): usize {
  return holderTable + <usize>policy * HELD_SIZE
}

/** Makes sets as large as all principals need: at least twice as large, so that growing one by one costs little. */
export function growSets(): bool {
  const needed = ((<usize>countIn(PRINCIPALS) + 127) >>> 7) << 4
  const before = setSize
  if (needed <= before) return true
  setSize = max(needed, before * 2)
  for (let policy: u32 = 0; policy < policyCount; policy++) {
    const set = <usize>load<u32>(heldAt(policy) + HELD_SET)
    if (set !== 0 && !makeSet(policy, set, before)) return false
  }
  return true
}

function makeSet(policy: u32, from: usize, size: usize): bool {
  const set = allocate(<u64>setSize)
  if (set === 0) return false
  memory.copy(set, from, size)
  memory.fill(set + size, 0, setSize - size)
  store<u32>(heldAt(policy) + HELD_SET, <u32>set)
  return true
}

/** @param holder room for it (HOLDER_…) */
export function addHolder(policy: u32, principal: u32, holder: usize): void {
  const held = heldAt(policy)
  store<u32>(holder + HOLDER_PRINCIPAL, principal)
  store<u32>(holder + HOLDER_NEXT, load<u32>(held + HELD_LAST))
  store<u32>(held + HELD_LAST, <u32>holder)
  store<u32>(held + HELD_COUNT, load<u32>(held + HELD_COUNT) + 1)
  const set = <usize>load<u32>(held + HELD_SET)
  if (set !== 0) setBit(set, principal)
}

/** Gives policies that many hold by now their sets. */
export function makeSets(): bool {
  for (let policy: u32 = 0; policy < policyCount; policy++) {
    const held = heldAt(policy)
    if (load<u32>(held + HELD_SET) !== 0 || <usize>load<u32>(held + HELD_COUNT) * BYTES_PER_HOLDER <= setSize)
      continue
    if (!makeSet(policy, 0, 0)) return false
    markHolders(<usize>load<u32>(held + HELD_LAST), <usize>load<u32>(held + HELD_SET))
  }
  return true
}

/** Puts those of a list into a set of principals. */
export function markHolders(holder: usize, set: usize): void {
  for (; holder !== 0; holder = <usize>load<u32>(holder + HOLDER_NEXT)) {
    setBit(set, load<u32>(holder + HOLDER_PRINCIPAL))
  }
}

/** Puts those who hold a policy into a set of principals. */
export function uniteHolders(policy: u32, into: usize): void {
  const held = heldAt(policy)
  const set = <usize>load<u32>(held + HELD_SET)
  if (set === 0) {
    markHolders(<usize>load<u32>(held + HELD_LAST), into)
    return
  }
  for (let byte: usize = 0; byte < setSize; byte += 16) {
    v128.store(into + byte, v128.or(v128.load(into + byte), v128.load(set + byte)))
  }
}

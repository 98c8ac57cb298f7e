import { equalBytes } from './match/bytes'
import {
  LIVE_GROUP_LAYER,
  LIVE_GROUP_MEMBER_COUNT,
  LIVE_GROUP_MEMBERS,
  LIVE_GROUP_SIZE,
  LIVE_PRINCIPAL_ACCOUNT,
  LIVE_PRINCIPAL_FLAGS,
  LIVE_PRINCIPAL_GROUP_COUNT,
  LIVE_PRINCIPAL_GROUPS,
  LIVE_PRINCIPAL_KIND,
  LIVE_PRINCIPAL_PARTITION,
} from './registered'
import { MEMBER_SIZE } from './wire'

// Classes of principals that are alike but for who they are, what tags they have, and their identity policies: what these
// allow, and no statement that depends on more, is decided alike for all of a class. Numbered from 1.

/** Whoever is in none of so many classes is decided alone. */
const MOST_CLASSES: u32 = 64
export const CLASS_LIMIT: u32 = MOST_CLASSES + 1

/** By class, less one: the first principal in it. */
const examples = memory.data(256, 16)
let classCount: u32 = 0

export function forgetClasses(): void {
  classCount = 0
}

/** The class of a principal whose first group is its identity; 0: in none. */
export function classOf(principal: usize): u32 {
  for (let number: u32 = 0; number < classCount; number++) {
    if (areAlike(<usize>load<u32>(examples + <usize>number * 4), principal)) return number + 1
  }
  if (classCount === MOST_CLASSES) return 0
  store<u32>(examples + <usize>classCount * 4, <u32>principal)
  return ++classCount
}

function areAlike(a: usize, b: usize): bool {
  const count = load<u32>(a + LIVE_PRINCIPAL_GROUP_COUNT)
  if (
    load<u32>(a + LIVE_PRINCIPAL_KIND) !== load<u32>(b + LIVE_PRINCIPAL_KIND) ||
    load<u32>(a + LIVE_PRINCIPAL_FLAGS) !== load<u32>(b + LIVE_PRINCIPAL_FLAGS) ||
    load<u32>(b + LIVE_PRINCIPAL_GROUP_COUNT) !== count ||
    !sameText(a + LIVE_PRINCIPAL_ACCOUNT, b + LIVE_PRINCIPAL_ACCOUNT) ||
    !sameText(a + LIVE_PRINCIPAL_PARTITION, b + LIVE_PRINCIPAL_PARTITION)
  ) {
    return false
  }
  const groupsOfA = <usize>load<u32>(a + LIVE_PRINCIPAL_GROUPS)
  const groupsOfB = <usize>load<u32>(b + LIVE_PRINCIPAL_GROUPS)
  const end = <usize>count * LIVE_GROUP_SIZE
  for (let group: usize = LIVE_GROUP_SIZE; group < end; group += LIVE_GROUP_SIZE) {
    if (!sameGroup(groupsOfA + group, groupsOfB + group)) return false
  }
  return true
}

function sameGroup(a: usize, b: usize): bool {
  const count = load<u32>(a + LIVE_GROUP_MEMBER_COUNT)
  return (
    load<u32>(a + LIVE_GROUP_LAYER) === load<u32>(b + LIVE_GROUP_LAYER) &&
    load<u32>(b + LIVE_GROUP_MEMBER_COUNT) === count &&
    equalBytes(
      <usize>load<u32>(a + LIVE_GROUP_MEMBERS),
      <usize>load<u32>(b + LIVE_GROUP_MEMBERS),
      <usize>count * MEMBER_SIZE,
    )
  )
}

function sameText(a: usize, b: usize): bool {
  const length = load<u32>(a + 4)
  return load<u32>(b + 4) === length && equalBytes(<usize>load<u32>(a), <usize>load<u32>(b), <usize>length)
}

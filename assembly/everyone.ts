import { othersAskedAbout } from './asked-principals'
import {
  beginDecision,
  binds,
  combine,
  decideByEndpoint,
  decideRequest,
  hearResource,
  needsNoPolicy,
  note,
} from './decision'
import { countIn, PRINCIPALS, recordIn } from './directory'
import { denyRow, endOfPolicies, firstPolicyOf, hasBit, holders, rowSize, setBit } from './program-index'
import { policyCount } from './program-tables'
import {
  HOLDER_NEXT,
  HOLDER_PRINCIPAL,
  LIVE_ACTION_ALWAYS,
  LIVE_GROUP_LAYER,
  LIVE_GROUP_MEMBER_COUNT,
  LIVE_GROUP_MEMBERS,
  LIVE_GROUP_SIZE,
  LIVE_PRINCIPAL_FLAGS,
  LIVE_PRINCIPAL_GROUP_COUNT,
  LIVE_PRINCIPAL_GROUPS,
} from './registered'
import {
  action,
  actionRow,
  covered,
  facts,
  forgetPrincipal,
  selectRequestAs,
  setPrincipal,
  setUnknown,
  unknown,
} from './request'
import { outcomeOf } from './statement'
import {
  DECISION_ALLOW,
  GROUP_ALLOWS,
  LAYER_IDENTITY,
  MEMBER_SIZE,
  OUTCOME_ALLOWS,
  OUTCOME_DENIES,
  PRINCIPAL_LISTED,
} from './wire'

// One question about everybody: each statement that takes the action in is evaluated once, as far as that doesn't depend
// on who asks; its policies get what it says; each principal gets what its policies say. Only where a statement that
// depends on the principal could change the answer is that principal's request decided by itself.

const SAYS_ALLOW: u32 = 1
const SAYS_DENY: u32 = 2
const MAY_ALLOW: u32 = 4
const MAY_DENY: u32 = 8
const MIGHT_ALLOW: u32 = SAYS_ALLOW | MAY_ALLOW

let answersSize: usize = 0
let candidatesSize: usize = 0
/** What is noted of each policy, a byte each. */
let notes: usize = 0
/** A bit for each principal who may turn out to be allowed. */
let candidates: usize = 0
/** Only those count whose identity policies could allow them something. */
let identityDecides = false

/** How many bytes the answers take, with the scratch behind them. */
export function everyoneSize(): u64 {
  const count = <u64>countIn(PRINCIPALS)
  answersSize = <usize>((count * 4 + 7) & ~(<u64>7))
  candidatesSize = <usize>((count + 63) / 64) * 8
  return <u64>answersSize + <u64>candidatesSize + <u64>policyCount
}

/**
 * Writes the numbers of the principals, among those that are listed, who may do what a request of the open block asks.
 * Call `everyoneSize` first, and have room for so much.
 * @returns how many there are, or -1: the resource is neither an ARN nor `*`
 */
export function decideForEveryone(number: u32, answers: usize): i32 {
  if (countIn(PRINCIPALS) === 0) return 0
  // Whoever it is: what is different about each is left out.
  if (!selectRequestAs(number, recordIn(PRINCIPALS, 0))) return -1
  candidates = answers + answersSize
  notes = candidates + candidatesSize
  memory.fill(notes, 0, <usize>policyCount)
  identityDecides = facts === 0 && load<u32>(action + LIVE_ACTION_ALWAYS) === 0
  memory.fill(candidates, identityDecides ? 0 : 0xff, candidatesSize)
  if (identityDecides) markHolders(othersAskedAbout)
  forgetPrincipal()
  for (let byte: usize = 0; byte < rowSize; byte += 8) {
    for (let left = load<u64>(actionRow + byte); left !== 0; left &= left - 1) {
      tellPolicies(((<u32>byte) << 3) + <u32>ctz(left))
    }
  }
  let allowed: u32 = 0
  const count = countIn(PRINCIPALS)
  for (let byte: usize = 0; byte < candidatesSize; byte += 8) {
    for (let left = load<u64>(candidates + byte); left !== 0; left &= left - 1) {
      const principal = ((<u32>byte) << 3) + <u32>ctz(left)
      if (principal >= count || !mayDo(recordIn(PRINCIPALS, principal))) continue
      store<u32>(answers + <usize>allowed * 4, principal)
      allowed++
    }
  }
  return <i32>allowed
}

function markHolders(holder: usize): void {
  for (; holder !== 0; holder = <usize>load<u32>(holder + HOLDER_NEXT)) {
    setBit(candidates, load<u32>(holder + HOLDER_PRINCIPAL))
  }
}

/** Evaluates a statement, and tells the policies that hold it. */
function tellPolicies(statement: u32): void {
  const said = outcomeOf(statement, LAYER_IDENTITY, false)
  let says: u32 = 0
  // Which buckets are all depends on the partition of who asks.
  if (unknown || covered) {
    setUnknown(false)
    says = hasBit(denyRow, statement) ? MAY_DENY : MAY_ALLOW
  } else if (said === OUTCOME_ALLOWS) says = SAYS_ALLOW
  else if (said === OUTCOME_DENIES) says = SAYS_DENY
  else return
  let policy = firstPolicyOf(statement)
  for (const end = endOfPolicies(statement); policy < end; policy += 4) {
    const number = load<u32>(policy)
    const note = notes + <usize>number
    const before = <u32>load<u8>(note)
    store<u8>(note, before | says)
    if (identityDecides && (before & MIGHT_ALLOW) === 0 && (says & MIGHT_ALLOW) !== 0) {
      markHolders(<usize>load<u32>(holders + <usize>number * 4))
    }
  }
}

function saidBy(group: usize): u32 {
  let says: u32 = 0
  let member = <usize>load<u32>(group + LIVE_GROUP_MEMBERS)
  const end = member + <usize>load<u32>(group + LIVE_GROUP_MEMBER_COUNT) * MEMBER_SIZE
  for (; member < end; member += MEMBER_SIZE) says |= <u32>load<u8>(notes + <usize>load<u32>(member))
  return says
}

function mayDo(principal: usize): bool {
  if ((load<u32>(principal + LIVE_PRINCIPAL_FLAGS) & PRINCIPAL_LISTED) === 0) return false
  let group = <usize>load<u32>(principal + LIVE_PRINCIPAL_GROUPS)
  const end = group + <usize>load<u32>(principal + LIVE_PRINCIPAL_GROUP_COUNT) * LIVE_GROUP_SIZE
  setPrincipal(principal)
  beginDecision()
  if (needsNoPolicy()) return decideByEndpoint() === DECISION_ALLOW
  for (; group < end; group += LIVE_GROUP_SIZE) {
    const layer = load<u32>(group + LIVE_GROUP_LAYER)
    if (!binds(layer)) continue
    const says = saidBy(group)
    if ((says & SAYS_DENY) !== 0) return false
    const allows = (says & SAYS_ALLOW) !== 0
    if ((says & MAY_DENY) !== 0 || (!allows && (says & MAY_ALLOW) !== 0))
      return decideRequest() === DECISION_ALLOW
    note(layer, allows ? GROUP_ALLOWS : 0)
  }
  return hearResource() && combine() === DECISION_ALLOW
}

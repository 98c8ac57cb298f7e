import { CLASS_LIMIT } from './alike'
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
import { markHolders, setSize, uniteHolders } from './holders'
import { denyRow, endOfPolicies, firstPolicyOf, hasBit, rowSize } from './program-index'
import { policyCount } from './program-tables'
import {
  LIVE_ACTION_ALWAYS,
  LIVE_GROUP_LAYER,
  LIVE_GROUP_MEMBER_COUNT,
  LIVE_GROUP_MEMBERS,
  LIVE_GROUP_SIZE,
  LIVE_PRINCIPAL_CLASS,
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
// on who asks; its policies get what it says, and sets of principals those who hold them. Of whom identity policies allow,
// all that are alike otherwise get one answer. Only where a statement that depends on the principal could change the answer
// is that principal's request decided by itself.

const SAYS_ALLOW: u32 = 1
const SAYS_DENY: u32 = 2
const MAY_ALLOW: u32 = 4
const MAY_DENY: u32 = 8

/** What is noted of each policy, a byte each. */
let notes: usize = 0
/** Only those count whose identity policies could allow them something. */
let identityDecides = false

// Then, those whose identity policies say so: sets of principals, see `holders.ts`.
let allowedOnes: usize = 0
let deniedOnes: usize = 0
/** Some statement may allow, or deny, by who they are; the first of them with those who need no identity policy. */
let perhapsAllowed: usize = 0
let perhapsDenied: usize = 0

/** By class, what becomes of whom its identity policies allow; see `alike.ts`. */
const verdicts = memory.data(80, 16)
const NOT_KNOWN: u32 = 0
const ALLOWED: u32 = 1
const NOT_ALLOWED: u32 = 2
const ONE_BY_ONE: u32 = 3

let answersSize: usize = 0

/** How many bytes the answers take, with the scratch behind them. */
export function everyoneSize(): u64 {
  answersSize = <usize>((<u64>countIn(PRINCIPALS) * 4 + 15) & ~(<u64>15))
  return <u64>answersSize + <u64>setSize * 4 + <u64>policyCount
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
  allowedOnes = answers + answersSize
  deniedOnes = allowedOnes + setSize
  perhapsAllowed = deniedOnes + setSize
  perhapsDenied = perhapsAllowed + setSize
  notes = perhapsDenied + setSize
  memory.fill(allowedOnes, 0, setSize * 4 + <usize>policyCount)
  identityDecides = facts === 0 && load<u32>(action + LIVE_ACTION_ALWAYS) === 0
  forgetPrincipal()
  for (let byte: usize = 0; byte < rowSize; byte += 8) {
    for (let left = load<u64>(actionRow + byte); left !== 0; left &= left - 1) {
      tellPolicies(((<u32>byte) << 3) + <u32>ctz(left))
    }
  }
  return <i32>((identityDecides ? findHolders(answers) : findAmongAll(answers)) - answers) >> 2
}

/** @returns the end of the answers */
function findAmongAll(at: usize): usize {
  const count = countIn(PRINCIPALS)
  for (let principal: u32 = 0; principal < count; principal++) {
    if (!mayDo(recordIn(PRINCIPALS, principal))) continue
    store<u32>(at, principal)
    at += 4
  }
  return at
}

/** The same where nobody is allowed anything but by identity policies: most answers are those of whole sets. */
function findHolders(at: usize): usize {
  markHolders(othersAskedAbout, perhapsAllowed)
  memory.fill(verdicts, 0, <usize>CLASS_LIMIT)
  for (let byte: usize = 0; byte < setSize; byte += 8) {
    const allowed = load<u64>(allowedOnes + byte)
    const sure = allowed & ~load<u64>(perhapsDenied + byte)
    let left = (allowed | load<u64>(perhapsAllowed + byte)) & ~load<u64>(deniedOnes + byte)
    for (; left !== 0; left &= left - 1) {
      const principal = ((<u32>byte) << 3) + <u32>ctz(left)
      const live = recordIn(PRINCIPALS, principal)
      let verdict = ONE_BY_ONE
      if ((sure & left & (0 - left)) !== 0) verdict = verdictOn(live)
      if (verdict === ONE_BY_ONE ? mayDo(live) : verdict === ALLOWED) {
        store<u32>(at, principal)
        at += 4
      }
    }
  }
  return at
}

/** What becomes of somebody whom identity policies allow, and none denies: asked once for all of a class. */
function verdictOn(live: usize): u32 {
  const number = load<u32>(live + LIVE_PRINCIPAL_CLASS)
  if (number === 0) return ONE_BY_ONE
  const known = <u32>load<u8>(verdicts + <usize>number)
  if (known !== NOT_KNOWN) return known
  setPrincipal(live)
  beginDecision()
  if (binds(LAYER_IDENTITY)) note(LAYER_IDENTITY, GROUP_ALLOWS)
  let verdict = hearGroups(
    <usize>load<u32>(live + LIVE_PRINCIPAL_GROUPS) + LIVE_GROUP_SIZE,
    load<u32>(live + LIVE_PRINCIPAL_GROUP_COUNT) - 1,
  )
  if (verdict === ALLOWED && combine() !== DECISION_ALLOW) verdict = NOT_ALLOWED
  store<u8>(verdicts + <usize>number, verdict)
  return verdict
}

/** Evaluates a statement, and tells the policies that hold it. */
function tellPolicies(statement: u32): void {
  const said = outcomeOf(statement, LAYER_IDENTITY, false)
  let says: u32 = 0
  let into: usize = 0
  // Which buckets are all depends on the partition of who asks.
  if (unknown || covered) {
    setUnknown(false)
    const denies = hasBit(denyRow, statement)
    says = denies ? MAY_DENY : MAY_ALLOW
    into = denies ? perhapsDenied : perhapsAllowed
  } else if (said === OUTCOME_ALLOWS) {
    says = SAYS_ALLOW
    into = allowedOnes
  } else if (said === OUTCOME_DENIES) {
    says = SAYS_DENY
    into = deniedOnes
  } else return
  let policy = firstPolicyOf(statement)
  for (const end = endOfPolicies(statement); policy < end; policy += 4) {
    const number = load<u32>(policy)
    const note = notes + <usize>number
    const before = <u32>load<u8>(note)
    store<u8>(note, before | says)
    if (identityDecides && (before & says) === 0) uniteHolders(number, into)
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
  setPrincipal(principal)
  beginDecision()
  if (needsNoPolicy()) return decideByEndpoint() === DECISION_ALLOW
  const verdict = hearGroups(
    <usize>load<u32>(principal + LIVE_PRINCIPAL_GROUPS),
    load<u32>(principal + LIVE_PRINCIPAL_GROUP_COUNT),
  )
  if (verdict === ONE_BY_ONE) return decideRequest() === DECISION_ALLOW
  return verdict === ALLOWED && hearResource() && combine() === DECISION_ALLOW
}

/** Takes in what groups of the principal at hand say. `NOT_ALLOWED`: one denies; `ONE_BY_ONE`: that depends on who it is. */
function hearGroups(group: usize, count: u32): u32 {
  for (const end = group + <usize>count * LIVE_GROUP_SIZE; group < end; group += LIVE_GROUP_SIZE) {
    const layer = load<u32>(group + LIVE_GROUP_LAYER)
    if (!binds(layer)) continue
    const says = saidBy(group)
    if ((says & SAYS_DENY) !== 0) return NOT_ALLOWED
    const allows = (says & SAYS_ALLOW) !== 0
    if ((says & MAY_DENY) !== 0 || (!allows && (says & MAY_ALLOW) !== 0)) return ONE_BY_ONE
    note(layer, allows ? GROUP_ALLOWS : 0)
  }
  return ALLOWED
}

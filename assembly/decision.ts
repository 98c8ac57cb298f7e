import { NAMES_ACCOUNT, NAMES_BASE, NAMES_SELF } from './principal'
import { denyRow, plainRow } from './program-index'
import {
  BODY_LAYER,
  BODY_PAIR_COUNT,
  BODY_PAIRS,
  BODY_SIZE,
  DEED_ALWAYS,
  DEED_NEVER,
  PAIR_BYTE,
  PAIR_MASK,
  PAIR_SIZE,
  WHAT_GROUP_COUNT,
  WHAT_GROUPS,
  WHO_FLAGS,
  WHO_GROUP_COUNT,
  WHO_GROUPS,
} from './registry'
import {
  actionRow,
  deed,
  kind,
  otherPartition,
  policyDecides,
  sameAccount,
  setUnknown,
  unknown,
  what,
  who,
} from './request'
import { namedAs, outcomeOf } from './statement'
import {
  ASKER_SERVICE_LINKED,
  CONTEXT_NEEDED,
  DECISION_ALLOW,
  DECISION_EXPLICIT_DENY,
  DECISION_IMPLICIT_DENY,
  GROUP_ALLOWS,
  GROUP_BINDS,
  GROUP_DENIES,
  KIND_ANONYMOUS,
  KIND_FEDERATED_USER,
  KIND_PROVIDER,
  KIND_ROLE,
  KIND_ROOT,
  KIND_SERVICE,
  KIND_USER,
  LAYER_BOUNDARY,
  LAYER_IDENTITY,
  LAYER_RCP,
  LAYER_RESOURCE,
  LAYER_SCP,
  LAYER_SESSION,
  OUTCOME_ALLOWS,
  OUTCOME_DENIES,
} from './wire'

// What the groups of the request at hand have said so far.
export let denied = false
let identityAllows = false
export let hasBoundary = false
let boundaryAllows = false
let hasSession = false
let sessionAllows = false
let organizationAllows = false
/** How the resource policy's allows name the principal. */
let named: u32 = 0
/** Something unknown could change the decision. */
let unsure = false

/** Whether the policies of a layer bind the principal at hand. */
export function binds(layer: u32): bool {
  switch (layer) {
    case LAYER_RESOURCE:
      return true
    case LAYER_RCP:
      return !isServiceLinked()
    case LAYER_SCP:
      return kind !== KIND_SERVICE && kind !== KIND_ANONYMOUS && kind !== KIND_PROVIDER && !isServiceLinked()
    case LAYER_SESSION:
      return kind === KIND_ROLE || kind === KIND_FEDERATED_USER
    default:
      return kind === KIND_USER || kind === KIND_ROLE || kind === KIND_FEDERATED_USER
  }
}

function isServiceLinked(): bool {
  return (load<u32>(who + WHO_FLAGS) & ASKER_SERVICE_LINKED) !== 0
}

/** Before a request's groups speak: which limits there are counts from the start. */
export function beginDecision(): void {
  denied = false
  unsure = false
  identityAllows = false
  hasBoundary = false
  boundaryAllows = false
  hasSession = false
  sessionAllows = false
  organizationAllows = true
  named = 0
  let group = <usize>load<u32>(who + WHO_GROUPS)
  const end = group + <usize>load<u32>(who + WHO_GROUP_COUNT) * BODY_SIZE
  for (; group < end; group += BODY_SIZE) {
    const layer = load<u32>(group + BODY_LAYER)
    if (layer === LAYER_BOUNDARY) hasBoundary = binds(layer)
    else if (layer === LAYER_SESSION) hasSession = binds(layer)
  }
}

/** Decides the request at hand, and leaves out what can't change the decision. */
export function decideRequest(): u32 {
  if (((load<u32>(deed + DEED_ALWAYS) >>> kind) & 1) !== 0) return DECISION_ALLOW
  beginDecision()
  // Nothing takes a deny back.
  if (!hear(<usize>load<u32>(who + WHO_GROUPS), load<u32>(who + WHO_GROUP_COUNT)))
    return DECISION_EXPLICIT_DENY
  if (!hearResource()) return DECISION_EXPLICIT_DENY
  return unsure ? CONTEXT_NEEDED : combine()
}

/** Takes in what the resource's groups say. False: one denies. */
export function hearResource(): bool {
  return what === 0 || hear(<usize>load<u32>(what + WHAT_GROUPS), load<u32>(what + WHAT_GROUP_COUNT))
}

/** Takes in what groups say. False: one denies. */
function hear(group: usize, count: u32): bool {
  for (const end = group + <usize>count * BODY_SIZE; group < end; group += BODY_SIZE) {
    const layer = load<u32>(group + BODY_LAYER)
    if (!binds(layer)) continue
    const outcome = quickOutcome(group, layer)
    if (denied) return false
    note(layer, outcome)
  }
  return true
}

export function note(layer: u32, outcome: u32): void {
  const allows = (outcome & GROUP_ALLOWS) !== 0
  switch (layer) {
    case LAYER_IDENTITY:
      if (allows) identityAllows = true
      break
    case LAYER_BOUNDARY:
      if (allows) boundaryAllows = true
      break
    case LAYER_SESSION:
      if (allows) sessionAllows = true
      break
    case LAYER_SCP:
    case LAYER_RCP:
      if (!allows) organizationAllows = false
      break
    default:
      break
  }
}

export function noteDeny(): void {
  denied = true
}

export function noteNaming(): void {
  named |= namedAs
}

/** A group's outcome, `denied`, `named` and `unsure` as far as they bear on the decision. */
function quickOutcome(group: usize, layer: u32): u32 {
  let allows = false
  let mightAllow = false
  // Resource policies say who they are about, so none of their statements is plain.
  const isPlain = layer !== LAYER_RESOURCE && layer !== LAYER_RCP
  let pair = <usize>load<u32>(group + BODY_PAIRS)
  const end = pair + <usize>load<u32>(group + BODY_PAIR_COUNT) * PAIR_SIZE
  for (; pair < end; pair += PAIR_SIZE) {
    const byte = <usize>load<u32>(pair + PAIR_BYTE)
    const candidates = load<u64>(pair + PAIR_MASK) & load<u64>(actionRow + byte)
    if (candidates === 0) continue
    const first = (<u32>byte) << 3
    let denies = candidates & load<u64>(denyRow + byte)
    let rest = candidates ^ denies
    for (; denies !== 0; denies &= denies - 1) {
      const said = outcomeOf(first + <u32>ctz(denies), layer, hasBoundary)
      if (unknown) {
        setUnknown(false)
        unsure = true
      } else if (said === OUTCOME_DENIES) {
        denied = true
        return GROUP_BINDS | GROUP_DENIES
      }
    }
    // Once a layer allows, only its denies matter; a resource policy's further allows may name more.
    if (allows && layer !== LAYER_RESOURCE) continue
    if (isPlain && (rest & load<u64>(plainRow + byte)) !== 0) {
      allows = true
      continue
    }
    for (; rest !== 0; rest &= rest - 1) {
      const said = outcomeOf(first + <u32>ctz(rest), layer, hasBoundary)
      if (unknown) {
        setUnknown(false)
        mightAllow = true
      } else if (said === OUTCOME_ALLOWS) {
        allows = true
        if (layer !== LAYER_RESOURCE) break
        named |= namedAs
      }
    }
  }
  if (mightAllow && (!allows || layer === LAYER_RESOURCE)) unsure = true
  return allows ? GROUP_BINDS | GROUP_ALLOWS : GROUP_BINDS
}

/** @see IAM User Guide, "How AWS enforcement code logic evaluates requests to allow or deny access" */
export function combine(): u32 {
  if (((load<u32>(deed + DEED_ALWAYS) >>> kind) & 1) !== 0) return DECISION_ALLOW
  if (denied) return DECISION_EXPLICIT_DENY
  if (((load<u32>(deed + DEED_NEVER) >>> kind) & 1) !== 0 || otherPartition || !organizationAllows) {
    return DECISION_IMPLICIT_DENY
  }
  return isAllowed() ? DECISION_ALLOW : DECISION_IMPLICIT_DENY
}

function isAllowed(): bool {
  const bySelf = (named & NAMES_SELF) !== 0
  if (kind === KIND_SERVICE || kind === KIND_ANONYMOUS || kind === KIND_PROVIDER) return bySelf
  if (kind === KIND_ROOT) return bySelf || (sameAccount && !policyDecides)
  const withinLimits = (!hasBoundary || boundaryAllows) && (!hasSession || sessionAllows)
  // What a federated user has from its parent is only what a session policy passes on.
  const inherits = kind !== KIND_FEDERATED_USER || hasSession
  const byIdentity = identityAllows && withinLimits && inherits
  if (!sameAccount) return byIdentity && named !== 0
  if (bySelf) return true
  if ((named & NAMES_BASE) !== 0 && withinLimits && inherits) return true
  return byIdentity && (!policyDecides || (named & NAMES_ACCOUNT) !== 0)
}

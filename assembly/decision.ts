import { NAMES_ACCOUNT, NAMES_BASE, NAMES_SELF } from './principal'
import { denyRow, plainRow } from './program-index'
import {
  LIVE_ACTION_ALWAYS,
  LIVE_ACTION_NEVER,
  LIVE_FACTS_GROUP_COUNT,
  LIVE_FACTS_GROUPS,
  LIVE_GROUP_LAYER,
  LIVE_GROUP_PAIR_COUNT,
  LIVE_GROUP_PAIRS,
  LIVE_GROUP_SIZE,
  LIVE_PRINCIPAL_FLAGS,
  LIVE_PRINCIPAL_GROUP_COUNT,
  LIVE_PRINCIPAL_GROUPS,
  PAIR_BYTE,
  PAIR_MASK,
  PAIR_SIZE,
} from './registered'
import {
  action,
  actionRow,
  facts,
  kind,
  otherPartition,
  outOfReach,
  policyDecides,
  principal,
  sameAccount,
  setUnknown,
  unknown,
} from './request'
import { namedAs, namesPrincipals, outcomeOf } from './statement'
import {
  CONTEXT_NEEDED,
  DECISION_ALLOW,
  DECISION_EXPLICIT_DENY,
  DECISION_IMPLICIT_DENY,
  GROUP_ALLOWS,
  GROUP_BINDS,
  GROUP_DENIES,
  KIND_FEDERATED_USER,
  KIND_ROOT,
  KIND_UNIQUE_ID,
  LAYER_BOUNDARY,
  LAYER_ENDPOINT,
  LAYER_GATEWAY_ENDPOINT,
  LAYER_IDENTITY,
  LAYER_RCP,
  LAYER_RESOURCE,
  LAYER_SCP,
  LAYER_SESSION,
  OUTCOME_ALLOWS,
  OUTCOME_DENIES,
  PRINCIPAL_SERVICE_LINKED,
} from './wire'

// What the groups of the request at hand have said so far.
let denied = false
let identityAllows = false
export let hasBoundary = false
let boundaryAllows = false
let hasSession = false
let sessionAllows = false
let organizationAllows = false
let endpointAllows = false
let endpointDenies = false
/** How the resource policy's allows name the principal. */
let named: u32 = 0
/** Something unknown could change the decision. */
let unsure = false

/** Whether the policies of a layer bind the principal at hand. */
export function binds(layer: u32): bool {
  switch (layer) {
    case LAYER_RCP:
      return !isServiceLinked()
    case LAYER_SCP:
      return (kind <= <u32>KIND_ROOT || kind === KIND_UNIQUE_ID) && !isServiceLinked()
    case LAYER_BOUNDARY:
      return kind < <u32>KIND_ROOT || kind === KIND_UNIQUE_ID
    case LAYER_IDENTITY:
      return kind < <u32>KIND_ROOT
    default:
      return true
  }
}

function isServiceLinked(): bool {
  return (load<u32>(principal + LIVE_PRINCIPAL_FLAGS) & PRINCIPAL_SERVICE_LINKED) !== 0
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
  endpointAllows = true
  endpointDenies = false
  named = 0
  let group = <usize>load<u32>(principal + LIVE_PRINCIPAL_GROUPS)
  const end = group + <usize>load<u32>(principal + LIVE_PRINCIPAL_GROUP_COUNT) * LIVE_GROUP_SIZE
  for (; group < end; group += LIVE_GROUP_SIZE) {
    const layer = load<u32>(group + LIVE_GROUP_LAYER)
    if (layer === LAYER_BOUNDARY) hasBoundary = binds(layer)
    else if (layer === LAYER_SESSION) hasSession = binds(layer)
  }
}

/** Decides the request at hand, and leaves out what can't change the decision. */
export function decideRequest(): u32 {
  beginDecision()
  if (needsNoPolicy()) return decideByEndpoint()
  // Nothing takes a deny back.
  if (
    !hear(
      <usize>load<u32>(principal + LIVE_PRINCIPAL_GROUPS),
      load<u32>(principal + LIVE_PRINCIPAL_GROUP_COUNT),
    )
  )
    return DECISION_EXPLICIT_DENY
  if (!hearResource()) return DECISION_EXPLICIT_DENY
  return unsure ? CONTEXT_NEEDED : combine()
}

/** Whether no policy of the principal or the resource matters. */
export function needsNoPolicy(): bool {
  return ((load<u32>(action + LIVE_ACTION_ALWAYS) >>> kind) & 1) !== 0
}

/** What needs no policy still comes through an endpoint, if there is one. */
export function decideByEndpoint(): u32 {
  if (facts === 0) return DECISION_ALLOW
  let group = <usize>load<u32>(facts + LIVE_FACTS_GROUPS)
  const end = group + <usize>load<u32>(facts + LIVE_FACTS_GROUP_COUNT) * LIVE_GROUP_SIZE
  for (; group < end; group += LIVE_GROUP_SIZE) {
    const layer = load<u32>(group + LIVE_GROUP_LAYER)
    if (isEndpoint(layer)) note(layer, quickOutcome(group, layer))
  }
  return unsure && !endpointDenies ? CONTEXT_NEEDED : combine()
}

function isEndpoint(layer: u32): bool {
  return layer === LAYER_ENDPOINT || layer === LAYER_GATEWAY_ENDPOINT
}

/** Takes in what the resource's groups say. False: one denies. */
export function hearResource(): bool {
  return (
    facts === 0 ||
    hear(<usize>load<u32>(facts + LIVE_FACTS_GROUPS), load<u32>(facts + LIVE_FACTS_GROUP_COUNT))
  )
}

/** Takes in what groups say. False: one denies. */
function hear(group: usize, count: u32): bool {
  for (const end = group + <usize>count * LIVE_GROUP_SIZE; group < end; group += LIVE_GROUP_SIZE) {
    const layer = load<u32>(group + LIVE_GROUP_LAYER)
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
    case LAYER_ENDPOINT:
    case LAYER_GATEWAY_ENDPOINT:
      if (!allows) endpointAllows = false
      if ((outcome & GROUP_DENIES) !== 0) endpointDenies = true
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
  const isPlain = !namesPrincipals(layer)
  let pair = <usize>load<u32>(group + LIVE_GROUP_PAIRS)
  const end = pair + <usize>load<u32>(group + LIVE_GROUP_PAIR_COUNT) * PAIR_SIZE
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
  if (needsNoPolicy()) {
    if (endpointDenies) return DECISION_EXPLICIT_DENY
    return endpointAllows ? DECISION_ALLOW : DECISION_IMPLICIT_DENY
  }
  if (denied) return DECISION_EXPLICIT_DENY
  if (
    ((load<u32>(action + LIVE_ACTION_NEVER) >>> kind) & 1) !== 0 ||
    otherPartition ||
    outOfReach ||
    !organizationAllows ||
    !endpointAllows
  ) {
    return DECISION_IMPLICIT_DENY
  }
  return isAllowed() ? DECISION_ALLOW : DECISION_IMPLICIT_DENY
}

function isAllowed(): bool {
  const bySelf = (named & NAMES_SELF) !== 0
  const withinLimits = (!hasBoundary || boundaryAllows) && (!hasSession || sessionAllows)
  // Only within one account does a resource's policy lift limits, and theirs isn't known.
  if (kind > <u32>KIND_ROOT) return bySelf && withinLimits
  if (kind === KIND_ROOT) {
    if (!sameAccount) return bySelf && withinLimits
    return bySelf || (!policyDecides && withinLimits)
  }
  // What a federated user has from its parent is only what a session policy passes on.
  const inherits = kind !== KIND_FEDERATED_USER || hasSession
  const byIdentity = identityAllows && withinLimits && inherits
  if (!sameAccount) return byIdentity && named !== 0
  if (bySelf) return true
  if ((named & NAMES_BASE) !== 0 && withinLimits && inherits) return true
  return byIdentity && (!policyDecides || (named & NAMES_ACCOUNT) !== 0)
}

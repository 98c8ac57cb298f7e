import { groups, members } from './block'
import { NAMES_ACCOUNT, NAMES_BASE, NAMES_SELF } from './principal'
import { policies, refs } from './program'
import { hasFlag, request } from './request'
import { denies, namedAs, outcomeOf } from './statement'
import {
  DECISION_ALLOW,
  DECISION_EXPLICIT_DENY,
  DECISION_IMPLICIT_DENY,
  EXPLANATION_DECISION,
  EXPLANATION_GROUPS,
  EXPLANATION_MATCHES,
  GROUP_ALLOWS,
  GROUP_BINDS,
  GROUP_DENIES,
  GROUP_LAYER,
  GROUP_MEMBERS,
  GROUP_SIZE,
  GROUP_SPEAKS,
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
  MATCH_GROUP,
  MATCH_MEMBER,
  MATCH_OUTCOME,
  MATCH_SIZE,
  MATCH_STATEMENT,
  MEMBER_SIZE,
  OUTCOME_ALLOWS,
  OUTCOME_DENIES,
  OUTCOME_SIZE,
  POLICY_SIZE,
  POLICY_STATEMENTS,
  REF_SIZE,
  REQUEST_ALWAYS,
  REQUEST_GROUPS,
  REQUEST_KIND,
  REQUEST_NEVER,
  REQUEST_OTHER_PARTITION,
  REQUEST_POLICY_DECIDES,
  REQUEST_SAME_ACCOUNT,
  REQUEST_SERVICE_LINKED,
} from './wire'

// What the groups of the request at hand have said so far.
let denied = false
let identityAllows = false
let hasBoundary = false
let boundaryAllows = false
let hasSession = false
let sessionAllows = false
let organizationAllows = false
/** How the resource policy's allows name the principal. */
let named: u32 = 0

/** Whether the policies of a layer bind a kind of principal. */
function binds(layer: u32, kind: u32): bool {
  switch (layer) {
    case LAYER_RESOURCE:
      return true
    case LAYER_RCP:
      return !hasFlag(REQUEST_SERVICE_LINKED)
    case LAYER_SCP:
      return (
        kind !== KIND_SERVICE &&
        kind !== KIND_ANONYMOUS &&
        kind !== KIND_PROVIDER &&
        !hasFlag(REQUEST_SERVICE_LINKED)
      )
    case LAYER_SESSION:
      return kind === KIND_ROLE || kind === KIND_FEDERATED_USER
    default:
      return kind === KIND_USER || kind === KIND_ROLE || kind === KIND_FEDERATED_USER
  }
}

/**
 * Decides the request at hand.
 * @param explanation where to write why, or 0: only the decision is wanted, and what can't change it is left out
 */
export function decideRequest(explanation: usize): u32 {
  const kind = load<u32>(request + REQUEST_KIND)
  const first = groups + <usize>load<u32>(request + REQUEST_GROUPS) * GROUP_SIZE
  const count = load<u32>(request + REQUEST_GROUPS + 4)
  denied = false
  identityAllows = false
  boundaryAllows = false
  hasSession = false
  sessionAllows = false
  organizationAllows = true
  named = 0
  hasBoundary = false
  for (let index: u32 = 0; index < count; index++) {
    const layer = load<u32>(first + <usize>index * GROUP_SIZE + GROUP_LAYER)
    if (!binds(layer, kind)) continue
    if (layer === LAYER_BOUNDARY) hasBoundary = true
    else if (layer === LAYER_SESSION) hasSession = true
  }
  let match = explanation + EXPLANATION_GROUPS + <usize>count * OUTCOME_SIZE
  const firstMatch = match
  for (let index: u32 = 0; index < count; index++) {
    const group = first + <usize>index * GROUP_SIZE
    const layer = load<u32>(group + GROUP_LAYER)
    let outcome: u32 = 0
    if (binds(layer, kind)) {
      if (explanation === 0) {
        outcome = quickOutcome(group, layer)
        // Nothing takes a deny back.
        if (denied) break
      } else {
        const end = explainGroup(group, layer, index, match)
        outcome = explained
        match = end
      }
      note(layer, outcome)
    }
    if (explanation !== 0) {
      store<u32>(explanation + EXPLANATION_GROUPS + <usize>index * OUTCOME_SIZE, outcome)
    }
  }
  const decision = combine(kind)
  if (explanation !== 0) {
    store<u32>(explanation + EXPLANATION_DECISION, decision)
    store<u32>(explanation + EXPLANATION_MATCHES, <u32>((match - firstMatch) / MATCH_SIZE))
  }
  return decision
}

function note(layer: u32, outcome: u32): void {
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

/** A group's outcome, `denied` and `named` as far as they bear on the decision. */
function quickOutcome(group: usize, layer: u32): u32 {
  let outcome: u32 = GROUP_BINDS
  let member = members + <usize>load<u32>(group + GROUP_MEMBERS) * MEMBER_SIZE
  const end = member + <usize>load<u32>(group + GROUP_MEMBERS + 4) * MEMBER_SIZE
  for (; member < end; member += MEMBER_SIZE) {
    const policy = policies + <usize>load<u32>(member) * POLICY_SIZE
    let statement = refs + <usize>load<u32>(policy + POLICY_STATEMENTS) * REF_SIZE
    const last = statement + <usize>load<u32>(policy + POLICY_STATEMENTS + 4) * REF_SIZE
    for (; statement < last; statement += REF_SIZE) {
      const number = load<u32>(statement)
      // Once a layer allows, only its denies matter; a resource policy's further allows may name more.
      if ((outcome & GROUP_ALLOWS) !== 0 && layer !== LAYER_RESOURCE && !denies(number)) continue
      const said = outcomeOf(number, layer, hasBoundary)
      if (said === OUTCOME_DENIES) {
        denied = true
        return outcome | GROUP_DENIES
      }
      if (said === OUTCOME_ALLOWS) {
        outcome |= GROUP_ALLOWS
        if (layer === LAYER_RESOURCE) named |= namedAs
      }
    }
  }
  return outcome
}

let explained: u32 = 0

/** The same in full, with every statement that speaks of the request. @returns where the next match goes */
function explainGroup(group: usize, layer: u32, index: u32, match: usize): usize {
  let outcome: u32 = GROUP_BINDS
  const first = members + <usize>load<u32>(group + GROUP_MEMBERS) * MEMBER_SIZE
  const memberCount = load<u32>(group + GROUP_MEMBERS + 4)
  for (let member: u32 = 0; member < memberCount; member++) {
    const policy = policies + <usize>load<u32>(first + <usize>member * MEMBER_SIZE) * POLICY_SIZE
    const list = refs + <usize>load<u32>(policy + POLICY_STATEMENTS) * REF_SIZE
    const statementCount = load<u32>(policy + POLICY_STATEMENTS + 4)
    for (let statement: u32 = 0; statement < statementCount; statement++) {
      const said = outcomeOf(load<u32>(list + <usize>statement * REF_SIZE), layer, hasBoundary)
      if (said === 0) continue
      outcome |= GROUP_SPEAKS
      if (said === OUTCOME_DENIES) {
        denied = true
        outcome |= GROUP_DENIES
      } else if (said === OUTCOME_ALLOWS) {
        outcome |= GROUP_ALLOWS
        if (layer === LAYER_RESOURCE) named |= namedAs
      }
      store<u32>(match + MATCH_GROUP, index)
      store<u32>(match + MATCH_MEMBER, member)
      store<u32>(match + MATCH_STATEMENT, statement)
      store<u32>(match + MATCH_OUTCOME, said)
      match += MATCH_SIZE
    }
  }
  explained = outcome
  return match
}

/** How many statements an explanation of the request at hand may have to list. */
export function statementsToList(): u64 {
  const first = groups + <usize>load<u32>(request + REQUEST_GROUPS) * GROUP_SIZE
  const end = first + <usize>load<u32>(request + REQUEST_GROUPS + 4) * GROUP_SIZE
  let total: u64 = 0
  for (let group = first; group < end; group += GROUP_SIZE) {
    let member = members + <usize>load<u32>(group + GROUP_MEMBERS) * MEMBER_SIZE
    const last = member + <usize>load<u32>(group + GROUP_MEMBERS + 4) * MEMBER_SIZE
    for (; member < last; member += MEMBER_SIZE) {
      total += <u64>load<u32>(policies + <usize>load<u32>(member) * POLICY_SIZE + POLICY_STATEMENTS + 4)
    }
  }
  return total
}

/** @see IAM User Guide, "How AWS enforcement code logic evaluates requests to allow or deny access" */
function combine(kind: u32): u32 {
  if (hasFlag(REQUEST_ALWAYS)) return DECISION_ALLOW
  if (denied) return DECISION_EXPLICIT_DENY
  if (hasFlag(REQUEST_NEVER) || hasFlag(REQUEST_OTHER_PARTITION) || !organizationAllows) {
    return DECISION_IMPLICIT_DENY
  }
  return isAllowed(kind) ? DECISION_ALLOW : DECISION_IMPLICIT_DENY
}

function isAllowed(kind: u32): bool {
  const decides = hasFlag(REQUEST_POLICY_DECIDES)
  const sameAccount = hasFlag(REQUEST_SAME_ACCOUNT)
  const bySelf = (named & NAMES_SELF) !== 0
  if (kind === KIND_SERVICE || kind === KIND_ANONYMOUS || kind === KIND_PROVIDER) return bySelf
  if (kind === KIND_ROOT) return bySelf || (sameAccount && !decides)
  const withinLimits = (!hasBoundary || boundaryAllows) && (!hasSession || sessionAllows)
  // What a federated user has from its parent is only what a session policy passes on.
  const inherits = kind !== KIND_FEDERATED_USER || hasSession
  const byIdentity = identityAllows && withinLimits && inherits
  if (!sameAccount) return byIdentity && named !== 0
  if (bySelf) return true
  if ((named & NAMES_BASE) !== 0 && withinLimits && inherits) return true
  return byIdentity && (!decides || (named & NAMES_ACCOUNT) !== 0)
}

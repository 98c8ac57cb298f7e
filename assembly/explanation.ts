import { beginDecision, binds, combine, hasBoundary, note, noteDeny, noteNaming } from './decision'
import { hasBit } from './program-index'
import { policies, refs } from './program-tables'
import {
  LIVE_FACTS_GROUP_COUNT,
  LIVE_FACTS_GROUPS,
  LIVE_GROUP_LAYER,
  LIVE_GROUP_MEMBER_COUNT,
  LIVE_GROUP_MEMBERS,
  LIVE_GROUP_SIZE,
  LIVE_PRINCIPAL_GROUP_COUNT,
  LIVE_PRINCIPAL_GROUPS,
} from './registered'
import { actionRow, facts, outOfReach, policyDecides, principal, sameAccount } from './request'
import { failedCondition, outcomeOf } from './statement'
import {
  EXPLAIN_ALL,
  EXPLANATION_DECISION,
  EXPLANATION_FLAGS,
  EXPLANATION_GROUPS,
  EXPLANATION_MATCHES,
  EXPLANATION_NEEDS_RESOURCE,
  GROUP_ALLOWS,
  GROUP_BINDS,
  GROUP_DENIES,
  GROUP_SPEAKS,
  LAYER_RESOURCE,
  MATCH_DETAIL,
  MATCH_GROUP,
  MATCH_MEMBER,
  MATCH_OUTCOME,
  MATCH_SIZE,
  MATCH_STATEMENT,
  MEMBER_SIZE,
  OUTCOME_ACTION_FAILS,
  OUTCOME_ALLOWS,
  OUTCOME_CONDITIONS_FAIL,
  OUTCOME_DENIES,
  OUTCOME_SIZE,
  POLICY_SIZE,
  POLICY_STATEMENTS,
  REF_SIZE,
} from './wire'

function groupCountOf(side: usize, at: usize): u32 {
  return side === 0 ? 0 : load<u32>(side + at)
}

/** How many bytes an explanation of the request at hand may take. */
export function explanationSize(): u64 {
  const principalCount = groupCountOf(principal, LIVE_PRINCIPAL_GROUP_COUNT)
  const factsCount = groupCountOf(facts, LIVE_FACTS_GROUP_COUNT)
  let statements: u64 = statementsIn(<usize>load<u32>(principal + LIVE_PRINCIPAL_GROUPS), principalCount)
  if (facts !== 0) statements += statementsIn(<usize>load<u32>(facts + LIVE_FACTS_GROUPS), factsCount)
  return EXPLANATION_GROUPS + (<u64>principalCount + <u64>factsCount) * OUTCOME_SIZE + statements * MATCH_SIZE
}

function statementsIn(group: usize, count: u32): u64 {
  let total: u64 = 0
  for (const end = group + <usize>count * LIVE_GROUP_SIZE; group < end; group += LIVE_GROUP_SIZE) {
    let member = <usize>load<u32>(group + LIVE_GROUP_MEMBERS)
    const last = member + <usize>load<u32>(group + LIVE_GROUP_MEMBER_COUNT) * MEMBER_SIZE
    for (; member < last; member += MEMBER_SIZE) {
      total += <u64>load<u32>(policies + <usize>load<u32>(member) * POLICY_SIZE + POLICY_STATEMENTS + 4)
    }
  }
  return total
}

let listsAll = false
/** Where the next match goes. */
let match: usize = 0

/** Decides the request at hand in full, its context known, and writes why to `explanation`. */
export function explainRequest(explanation: usize, mode: u32): u32 {
  beginDecision()
  listsAll = mode === EXPLAIN_ALL
  const principalCount = groupCountOf(principal, LIVE_PRINCIPAL_GROUP_COUNT)
  const factsCount = groupCountOf(facts, LIVE_FACTS_GROUP_COUNT)
  const outcomes = explanation + EXPLANATION_GROUPS
  const firstMatch = outcomes + <usize>(principalCount + factsCount) * OUTCOME_SIZE
  match = firstMatch
  explainGroups(<usize>load<u32>(principal + LIVE_PRINCIPAL_GROUPS), principalCount, 0, outcomes)
  if (facts !== 0)
    explainGroups(<usize>load<u32>(facts + LIVE_FACTS_GROUPS), factsCount, principalCount, outcomes)
  const decision = combine()
  store<u32>(explanation + EXPLANATION_DECISION, decision)
  store<u32>(
    explanation + EXPLANATION_FLAGS,
    policyDecides || !(sameAccount || outOfReach) ? EXPLANATION_NEEDS_RESOURCE : 0,
  )
  store<u32>(explanation + EXPLANATION_MATCHES, <u32>((match - firstMatch) / MATCH_SIZE))
  return decision
}

function explainGroups(first: usize, count: u32, firstIndex: u32, outcomes: usize): void {
  for (let index: u32 = 0; index < count; index++) {
    const group = first + <usize>index * LIVE_GROUP_SIZE
    const layer = load<u32>(group + LIVE_GROUP_LAYER)
    let outcome: u32 = 0
    if (binds(layer)) {
      outcome = explainGroup(group, layer, firstIndex + index)
      note(layer, outcome)
    }
    store<u32>(outcomes + <usize>(firstIndex + index) * OUTCOME_SIZE, outcome)
  }
}

function explainGroup(group: usize, layer: u32, index: u32): u32 {
  let outcome: u32 = GROUP_BINDS
  const first = <usize>load<u32>(group + LIVE_GROUP_MEMBERS)
  const memberCount = load<u32>(group + LIVE_GROUP_MEMBER_COUNT)
  for (let member: u32 = 0; member < memberCount; member++) {
    const policy = policies + <usize>load<u32>(first + <usize>member * MEMBER_SIZE) * POLICY_SIZE
    const list = refs + <usize>load<u32>(policy + POLICY_STATEMENTS) * REF_SIZE
    const statementCount = load<u32>(policy + POLICY_STATEMENTS + 4)
    for (let statement: u32 = 0; statement < statementCount; statement++) {
      const number = load<u32>(list + <usize>statement * REF_SIZE)
      const said = hasBit(actionRow, number) ? outcomeOf(number, layer, hasBoundary) : OUTCOME_ACTION_FAILS
      if (said <= <u32>OUTCOME_CONDITIONS_FAIL) outcome |= GROUP_SPEAKS
      else if (!listsAll) continue
      if (said === OUTCOME_DENIES) {
        noteDeny()
        outcome |= GROUP_DENIES
      } else if (said === OUTCOME_ALLOWS) {
        outcome |= GROUP_ALLOWS
        if (layer === LAYER_RESOURCE) noteNaming()
      }
      store<u32>(match + MATCH_GROUP, index)
      store<u32>(match + MATCH_MEMBER, member)
      store<u32>(match + MATCH_STATEMENT, statement)
      store<u32>(match + MATCH_OUTCOME, said)
      store<u32>(match + MATCH_DETAIL, said === OUTCOME_CONDITIONS_FAIL ? failedCondition : 0)
      match += MATCH_SIZE
    }
  }
  return outcome
}

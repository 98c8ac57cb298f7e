import { texts } from './block'
import { conditionHolds } from './condition'
import { isAny, matchPattern } from './pattern'
import { isSpared, NAMES_SELF, namedBy } from './principal'
import { refs, statements } from './program'
import { hasFlag, request } from './request'
import {
  LAYER_RCP,
  LAYER_RESOURCE,
  OUTCOME_ALLOWS,
  OUTCOME_CONDITIONS_FAIL,
  OUTCOME_DENIES,
  REF_SIZE,
  REQUEST_ACTION,
  REQUEST_ANY_RESOURCE,
  REQUEST_COVERED,
  REQUEST_COVERS,
  REQUEST_COVERS_TOO,
  REQUEST_RESOURCE,
  STATEMENT_ACTIONS,
  STATEMENT_ANY_RESOURCE,
  STATEMENT_CONDITIONS,
  STATEMENT_DENIES,
  STATEMENT_FLAGS,
  STATEMENT_NO_PRINCIPAL,
  STATEMENT_NOT_ACTION,
  STATEMENT_NOT_PRINCIPAL,
  STATEMENT_NOT_RESOURCE,
  STATEMENT_PRINCIPALS,
  STATEMENT_RESOURCES,
  STATEMENT_SIZE,
} from './wire'

/** How the last statement of a resource policy that matched names the principal. */
export let namedAs: u32 = 0

/** What a statement says, whoever it comes from: whether it denies. */
export function denies(number: u32): bool {
  return (load<u32>(statements + <usize>number * STATEMENT_SIZE + STATEMENT_FLAGS) & STATEMENT_DENIES) !== 0
}

/** @returns an outcome, or 0: the statement is about something else */
export function outcomeOf(number: u32, layer: u32, hasBoundary: bool): u32 {
  const statement = statements + <usize>number * STATEMENT_SIZE
  const flags = load<u32>(statement + STATEMENT_FLAGS)
  const isDeny = (flags & STATEMENT_DENIES) !== 0
  if (!actionMatches(statement, flags, isDeny) || !resourceMatches(statement, flags, isDeny)) return 0
  if (
    (layer === LAYER_RESOURCE || layer === LAYER_RCP) &&
    !principalMatches(statement, flags, isDeny, layer, hasBoundary)
  ) {
    return 0
  }
  let condition = listOf(statement + STATEMENT_CONDITIONS)
  for (const end = listEnd(statement + STATEMENT_CONDITIONS); condition < end; condition += REF_SIZE) {
    if (!conditionHolds(load<u32>(condition), isDeny)) return OUTCOME_CONDITIONS_FAIL
  }
  return isDeny ? OUTCOME_DENIES : OUTCOME_ALLOWS
}

function listOf(range: usize): usize {
  return refs + <usize>load<u32>(range) * REF_SIZE
}

function listEnd(range: usize): usize {
  return listOf(range) + <usize>load<u32>(range + 4) * REF_SIZE
}

// An empty list: Action, Resource and Principal match nothing. Their complements would then match everything, which
// no author means: such a statement counts only where it takes away.

function actionMatches(statement: usize, flags: u32, isDeny: bool): bool {
  const range = statement + STATEMENT_ACTIONS
  const negated = (flags & STATEMENT_NOT_ACTION) !== 0
  let at = listOf(range)
  const end = listEnd(range)
  if (at === end) return negated && isDeny
  const text = texts + <usize>load<u32>(request + REQUEST_ACTION)
  const length = <usize>load<u32>(request + REQUEST_ACTION + 4)
  for (; at < end; at += REF_SIZE) {
    if (matchPattern(load<u32>(at), text, length)) return !negated
  }
  return negated
}

function resourceMatches(statement: usize, flags: u32, isDeny: bool): bool {
  if ((flags & STATEMENT_ANY_RESOURCE) !== 0) return true
  const range = statement + STATEMENT_RESOURCES
  const negated = (flags & STATEMENT_NOT_RESOURCE) !== 0
  let at = listOf(range)
  const end = listEnd(range)
  if (at === end) return negated && isDeny
  if (hasFlag(REQUEST_ANY_RESOURCE)) {
    const covered = hasFlag(REQUEST_COVERED)
    for (; at < end; at += REF_SIZE) {
      const pattern = load<u32>(at)
      if (isAny(pattern)) return !negated
      if (
        covered &&
        matchPattern(
          pattern,
          texts + <usize>load<u32>(request + REQUEST_COVERS),
          <usize>load<u32>(request + REQUEST_COVERS + 4),
        ) &&
        matchPattern(
          pattern,
          texts + <usize>load<u32>(request + REQUEST_COVERS_TOO),
          <usize>load<u32>(request + REQUEST_COVERS_TOO + 4),
        )
      ) {
        return !negated
      }
    }
    return negated
  }
  const text = texts + <usize>load<u32>(request + REQUEST_RESOURCE)
  const length = <usize>load<u32>(request + REQUEST_RESOURCE + 4)
  for (; at < end; at += REF_SIZE) {
    if (matchPattern(load<u32>(at), text, length)) return !negated
  }
  return negated
}

function principalMatches(statement: usize, flags: u32, isDeny: bool, layer: u32, hasBoundary: bool): bool {
  const range = statement + STATEMENT_PRINCIPALS
  const at = listOf(range)
  const end = listEnd(range)
  if ((flags & STATEMENT_NO_PRINCIPAL) !== 0) return layer === LAYER_RCP
  if ((flags & STATEMENT_NOT_PRINCIPAL) === 0) {
    namedAs = namedBy(at, end)
    return namedAs !== 0
  }
  if (isDeny) return hasBoundary || !isSpared(at, end)
  namedAs = NAMES_SELF
  return at !== end && namedBy(at, end) === 0
}

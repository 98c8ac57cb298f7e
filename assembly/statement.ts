import { conditionHolds } from './condition'
import { isAny, matchPattern } from './pattern'
import { isSpared, NAMES_ACCOUNT, NAMES_SELF, namedBy } from './principal'
import { refs, statements } from './program-tables'
import {
  anyResource,
  covered,
  coverLength,
  coverText,
  resource,
  resourceLength,
  setUnknown,
  unknown,
} from './request'
import {
  LAYER_GATEWAY_ENDPOINT,
  LAYER_RCP,
  OUTCOME_ALLOWS,
  OUTCOME_CONDITIONS_FAIL,
  OUTCOME_DENIES,
  OUTCOME_PRINCIPAL_FAILS,
  OUTCOME_RESOURCE_FAILS,
  REF_SIZE,
  STATEMENT_ANY_RESOURCE,
  STATEMENT_CONDITIONS,
  STATEMENT_DENIES,
  STATEMENT_FLAGS,
  STATEMENT_NO_PRINCIPAL,
  STATEMENT_NOT_PRINCIPAL,
  STATEMENT_NOT_RESOURCE,
  STATEMENT_PRINCIPALS,
  STATEMENT_RESOURCES,
  STATEMENT_SIZE,
} from './wire'

/** How the last statement of a resource policy that matched names the principal. */
export let namedAs: u32 = 0
/** The place of the condition that failed, when conditions did. */
export let failedCondition: u32 = 0

function statementAt(number: u32): usize {
  return statements + <usize>number * STATEMENT_SIZE
}

/** Whether a policy's statements say who they are about. */
export function namesPrincipals(layer: u32): bool {
  return layer >= <u32>LAYER_RCP
}

/**
 * What a statement says of the request at hand, whose action its Action element takes in.
 * If `unknown` is true afterwards, it may be something else.
 */
export function outcomeOf(number: u32, layer: u32, hasBoundary: bool): u32 {
  const statement = statementAt(number)
  const flags = load<u32>(statement + STATEMENT_FLAGS)
  const isDeny = (flags & STATEMENT_DENIES) !== 0
  if (!resourceMatches(statement, flags, isDeny) && !unknown) return OUTCOME_RESOURCE_FAILS
  if (namesPrincipals(layer) && !principalMatches(statement, flags, isDeny, layer, hasBoundary)) {
    setUnknown(false)
    return OUTCOME_PRINCIPAL_FAILS
  }
  const first = listOf(statement + STATEMENT_CONDITIONS)
  const end = listEnd(statement + STATEMENT_CONDITIONS)
  for (let condition = first; condition < end; condition += REF_SIZE) {
    if (!conditionHolds(load<u32>(condition), isDeny)) {
      failedCondition = <u32>((condition - first) / REF_SIZE)
      return OUTCOME_CONDITIONS_FAIL
    }
  }
  return isDeny ? OUTCOME_DENIES : OUTCOME_ALLOWS
}

function listOf(range: usize): usize {
  return refs + <usize>load<u32>(range) * REF_SIZE
}

function listEnd(range: usize): usize {
  return listOf(range) + <usize>load<u32>(range + 4) * REF_SIZE
}

// An empty list: Resource and Principal match nothing. Their complements would then match everything, which
// no author means: such a statement counts only where it takes away.

/** The whole resource, or one of the two texts that together stand for all buckets. */
function resourceMatches(statement: usize, flags: u32, isDeny: bool): bool {
  if ((flags & STATEMENT_ANY_RESOURCE) !== 0) return true
  const range = statement + STATEMENT_RESOURCES
  const negated = (flags & STATEMENT_NOT_RESOURCE) !== 0
  let at = listOf(range)
  const end = listEnd(range)
  if (at === end) return negated && isDeny
  if (anyResource) {
    for (; at < end; at += REF_SIZE) {
      const pattern = load<u32>(at)
      if (isAny(pattern) || (covered && coversBuckets(pattern))) {
        setUnknown(false)
        return !negated
      }
    }
    return negated
  }
  for (; at < end; at += REF_SIZE) {
    if (matchPattern(load<u32>(at), resource, resourceLength)) {
      setUnknown(false)
      return !negated
    }
  }
  return negated
}

function coversBuckets(pattern: u32): bool {
  return matchPattern(pattern, coverText, coverLength) && matchPattern(pattern, coverText, coverLength + 1)
}

function principalMatches(statement: usize, flags: u32, isDeny: bool, layer: u32, hasBoundary: bool): bool {
  const range = statement + STATEMENT_PRINCIPALS
  const at = listOf(range)
  const end = listEnd(range)
  if ((flags & STATEMENT_NO_PRINCIPAL) !== 0) return layer === LAYER_RCP
  // To a gateway endpoint an account is its root user, and nobody else.
  const counting = layer === LAYER_GATEWAY_ENDPOINT ? ~NAMES_ACCOUNT : ~0
  if ((flags & STATEMENT_NOT_PRINCIPAL) === 0) {
    namedAs = namedBy(at, end) & counting
    return namedAs !== 0
  }
  if (isDeny) return hasBoundary || !isSpared(at, end, counting)
  namedAs = NAMES_SELF
  return at !== end && (namedBy(at, end) & counting) === 0
}

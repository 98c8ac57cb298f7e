import { addressIn } from './match/address'
import { equalBinary } from './match/binary'
import { parseBoolean } from './match/boolean'
import { compareDates } from './match/date'
import { compareNumbers } from './match/number'
import { DATES, isIn, NUMBERS, takesOrder } from './operators'
import {
  addressOf,
  dateOf,
  LIVE_GIVEN_FOLDED,
  LIVE_GIVEN_FOLDED_LENGTH,
  LIVE_GIVEN_LENGTH,
  LIVE_GIVEN_PARSED,
  LIVE_GIVEN_SIZE,
  LIVE_GIVEN_TEXT,
  numberOf,
  PARSED_SIZE,
} from './parsed'
import { matchArn, matchPattern } from './pattern'
import { parsedValues } from './program'
import { conditions, patterns, refs, strings, values } from './program-tables'
import { firstValueOf, hasKey, keyIsKnown, valueCountOf } from './request-keys'
import {
  CONDITION_FLAGS,
  CONDITION_FOR_ALL,
  CONDITION_FOR_ANY,
  CONDITION_IF_EXISTS,
  CONDITION_KEY,
  CONDITION_NEGATED,
  CONDITION_OPERATOR,
  CONDITION_SIZE,
  CONDITION_VALUES,
  OPERATOR_ADDRESS,
  OPERATOR_ARN,
  OPERATOR_BINARY,
  OPERATOR_BOOL,
  OPERATOR_NULL,
  OPERATOR_STRING,
  PATTERN_FLAGS,
  PATTERN_FOLDS,
  PATTERN_SIZE,
  REF_SIZE,
  VALUE_LENGTH,
  VALUE_SIZE,
  VALUE_TEXT,
} from './wire'

/**
 * Whether a condition holds for the request at hand. What isn't known yet makes `unknown` true.
 * @param denies whether its statement denies: what the documentation leaves open is then true, otherwise false
 */
export function conditionHolds(number: u32, denies: bool): bool {
  const condition = conditions + <usize>number * CONDITION_SIZE
  const operator = load<u32>(condition + CONDITION_OPERATOR)
  const flags = load<u32>(condition + CONDITION_FLAGS)
  const key = load<u32>(condition + CONDITION_KEY)
  if (!keyIsKnown(key)) return false
  const first = refs + <usize>load<u32>(condition + CONDITION_VALUES) * REF_SIZE
  const count = load<u32>(condition + CONDITION_VALUES + 4)
  const end = first + <usize>count * REF_SIZE
  const forAll = (flags & CONDITION_FOR_ALL) !== 0
  const forAny = (flags & CONDITION_FOR_ANY) !== 0
  const ifExists = (flags & CONDITION_IF_EXISTS) !== 0
  const negated = (flags & CONDITION_NEGATED) !== 0
  const missing = !hasKey(key)
  const given = valueCountOf(key)
  if (operator === OPERATOR_NULL) {
    if (forAll || forAny) return forAll
    return nullHolds(first, end, isVoid(key, given))
  }
  if (count === 0) return !forAny && (forAll || ifExists) && missing
  if (forAll || forAny) {
    // ForAnyValue finds nothing here, whatever IfExists says in an Allow; in a Deny that is not documented.
    if (missing || isVoid(key, given)) return forAll || (ifExists && denies)
    return setHolds(operator, first, end, key, given, forAll, negated)
  }
  if (missing) return ifExists || negated
  // An empty list: whether IfExists takes that for a missing key is not documented.
  if (given === 0) return negated || (ifExists && denies)
  // Several values where one is expected: not documented.
  if (given > 1) return denies
  return contains(operator, first, end, firstValueOf(key)) !== negated
}

/** A key that is missing, or has an empty list, or one empty text. */
function isVoid(key: u32, given: u32): bool {
  return given === 0 || (given === 1 && load<u32>(firstValueOf(key) + LIVE_GIVEN_LENGTH) === 0)
}

function nullHolds(value: usize, end: usize, isNull: bool): bool {
  for (; value < end; value += REF_SIZE) {
    const record = values + <usize>load<u32>(value) * VALUE_SIZE
    const wanted = parseBoolean(
      strings + <usize>load<u32>(record + VALUE_TEXT),
      <usize>load<u32>(record + VALUE_LENGTH),
    )
    if (wanted === (isNull ? 1 : 0)) return true
  }
  return false
}

/** `ForAllValues`: each of the request's values passes; `ForAnyValue`: one does. */
function setHolds(
  operator: u32,
  first: usize,
  end: usize,
  key: u32,
  given: u32,
  forAll: bool,
  negated: bool,
): bool {
  let entry = firstValueOf(key)
  for (const last = entry + <usize>given * LIVE_GIVEN_SIZE; entry < last; entry += LIVE_GIVEN_SIZE) {
    const passes = contains(operator, first, end, entry) !== negated
    if (passes !== forAll) return passes
  }
  return forAll
}

/** Whether one of the policy's values, in `[value, end)`, takes the request's value. */
function contains(operator: u32, value: usize, end: usize, entry: usize): bool {
  const text = <usize>load<u32>(entry + LIVE_GIVEN_TEXT)
  const length = <usize>load<u32>(entry + LIVE_GIVEN_LENGTH)
  if (operator === OPERATOR_STRING) {
    for (; value < end; value += REF_SIZE) {
      const pattern = load<u32>(value)
      const folds =
        (load<u32>(patterns + <usize>pattern * PATTERN_SIZE + PATTERN_FLAGS) & PATTERN_FOLDS) !== 0
      if (
        folds
          ? matchPattern(
              pattern,
              <usize>load<u32>(entry + LIVE_GIVEN_FOLDED),
              <usize>load<u32>(entry + LIVE_GIVEN_FOLDED_LENGTH),
            )
          : matchPattern(pattern, text, length)
      ) {
        return true
      }
    }
    return false
  }
  if (operator === OPERATOR_ARN) {
    for (; value < end; value += REF_SIZE) {
      if (matchArn(load<u32>(value), text, length)) return true
    }
    return false
  }
  const parsed = entry + LIVE_GIVEN_PARSED
  for (; value < end; value += REF_SIZE) {
    if (equalsTyped(operator, load<u32>(value), text, length, parsed)) return true
  }
  return false
}

function equalsTyped(operator: u32, number: u32, text: usize, length: usize, parsed: usize): bool {
  const record = values + <usize>number * VALUE_SIZE
  const wanted = strings + <usize>load<u32>(record + VALUE_TEXT)
  const wantedLength = <usize>load<u32>(record + VALUE_LENGTH)
  const wantedParsed = parsedValues + <usize>number * PARSED_SIZE
  if (operator === OPERATOR_BOOL) {
    const truth = parseBoolean(text, length)
    return truth >= 0 && truth === parseBoolean(wanted, wantedLength)
  }
  if (operator === OPERATOR_BINARY) return equalBinary(wanted, wantedLength, text, length)
  if (operator === OPERATOR_ADDRESS) {
    const address = addressOf(parsed, text, length, false)
    const range = addressOf(wantedParsed, wanted, wantedLength, true)
    return address !== 0 && range !== 0 && addressIn(address, range)
  }
  if (isIn(DATES, operator)) {
    const date = dateOf(parsed, text, length)
    const limit = dateOf(wantedParsed, wanted, wantedLength)
    return date !== 0 && limit !== 0 && takesOrder(operator, compareDates(date, limit))
  }
  if (isIn(NUMBERS, operator)) {
    const given = numberOf(parsed, text, length)
    const limit = numberOf(wantedParsed, wanted, wantedLength)
    return given !== 0 && limit !== 0 && takesOrder(operator, compareNumbers(given, limit))
  }
  // No program with any other one is loaded.
  return unreachable()
}

import { countColons, isArn } from './match/arn'
import { equalBytes, equalFolded } from './match/bytes'
import { matchPieces } from './match/glob'
import { LIVE_GIVEN_FOLDED, LIVE_GIVEN_FOLDED_LENGTH, LIVE_GIVEN_LENGTH, LIVE_GIVEN_TEXT } from './parsed'
import { templateRoom } from './program'
import { patterns, pieces, strings } from './program-tables'
import { firstValueOf, keyIsKnown, valueCountOf } from './request-keys'
import {
  NONE,
  PATTERN_ANY,
  PATTERN_ARN,
  PATTERN_EXACT,
  PATTERN_FLAGS,
  PATTERN_FOLDS,
  PATTERN_KIND,
  PATTERN_MIN_LENGTH,
  PATTERN_NEVER,
  PATTERN_PIECES,
  PATTERN_PREFIX,
  PATTERN_SIZE,
  PATTERN_TEMPLATE,
  PIECE_DEFAULT,
  PIECE_DEFAULT_LENGTH,
  PIECE_KEY,
  PIECE_KIND,
  PIECE_LENGTH,
  PIECE_LITERAL,
  PIECE_ONE,
  PIECE_ONE_IN_SEGMENT,
  PIECE_SIZE,
  PIECE_STAR,
  PIECE_STAR_IN_SEGMENT,
  PIECE_TEXT,
  PIECE_VARIABLE,
} from './wire'

const SEPARATORS: u32 = 5

export function isAny(pattern: u32): bool {
  return load<u32>(patterns + <usize>pattern * PATTERN_SIZE + PATTERN_KIND) === PATTERN_ANY
}

/** Whether the pattern with this number matches a whole text, variables taken from the request at hand. */
export function matchPattern(number: u32, text: usize, length: usize): bool {
  const pattern = patterns + <usize>number * PATTERN_SIZE
  const kind = load<u32>(pattern + PATTERN_KIND)
  if (kind === PATTERN_ANY) return true
  if (kind === PATTERN_NEVER || length < <usize>load<u32>(pattern + PATTERN_MIN_LENGTH)) return false
  const flags = load<u32>(pattern + PATTERN_FLAGS)
  const folds = (flags & PATTERN_FOLDS) !== 0
  const first = pieces + <usize>load<u32>(pattern + PATTERN_PIECES) * PIECE_SIZE
  if (kind === PATTERN_EXACT || kind === PATTERN_PREFIX) {
    const literal = <usize>load<u32>(first + PIECE_LENGTH)
    if (kind === PATTERN_EXACT ? literal !== length : literal > length) return false
    const start = strings + <usize>load<u32>(first + PIECE_TEXT)
    return folds ? equalFolded(start, text, literal) : equalBytes(start, text, literal)
  }
  const end = first + <usize>load<u32>(pattern + PATTERN_PIECES + 4) * PIECE_SIZE
  if ((flags & PATTERN_TEMPLATE) === 0) return matchPieces(first, end, strings, text, text + length, folds)
  return (
    fillTemplate(first, end, flags) &&
    matchPieces(templateRoom, templateRoom + (end - first), strings, text, text + length, folds)
  )
}

/** The same for a condition on ARNs: a text that isn't one is never matched. */
export function matchArn(number: u32, text: usize, length: usize): bool {
  return isArn(text, length) && matchPattern(number, text, length)
}

/**
 * Writes a template's pieces to `templateRoom`, with literals in place of the variables.
 * False: a variable has no value, or none is known yet, or an ARN condition's pattern isn't an ARN.
 */
function fillTemplate(piece: usize, end: usize, flags: u32): bool {
  const folds = (flags & PATTERN_FOLDS) !== 0
  const asArn = (flags & PATTERN_ARN) !== 0
  let colons: u32 = 0
  for (let out = templateRoom; piece < end; piece += PIECE_SIZE, out += PIECE_SIZE) {
    let kind = load<u32>(piece + PIECE_KIND)
    let start: usize = 0
    let length: usize = 0
    if (kind === PIECE_VARIABLE) {
      if (!keyIsKnown(load<u32>(piece + PIECE_KEY))) return false
      kind = PIECE_LITERAL
      const values = valueCountOf(load<u32>(piece + PIECE_KEY))
      if (values > 1) return false
      if (values === 1) {
        const entry = firstValueOf(load<u32>(piece + PIECE_KEY))
        start = <usize>load<u32>(entry + (folds ? LIVE_GIVEN_FOLDED : LIVE_GIVEN_TEXT))
        length = <usize>load<u32>(entry + (folds ? LIVE_GIVEN_FOLDED_LENGTH : LIVE_GIVEN_LENGTH))
      } else {
        if (load<u32>(piece + PIECE_DEFAULT) === NONE) return false
        start = strings + <usize>load<u32>(piece + PIECE_DEFAULT)
        length = <usize>load<u32>(piece + PIECE_DEFAULT_LENGTH)
      }
    } else if (kind === PIECE_LITERAL) {
      start = strings + <usize>load<u32>(piece + PIECE_TEXT)
      length = <usize>load<u32>(piece + PIECE_LENGTH)
    }
    if (asArn) {
      if (kind === PIECE_LITERAL) colons += countColons(start, length)
      else if (colons < SEPARATORS && kind === PIECE_STAR) kind = PIECE_STAR_IN_SEGMENT
      else if (colons < SEPARATORS && kind === PIECE_ONE) kind = PIECE_ONE_IN_SEGMENT
    }
    store<u32>(out + PIECE_KIND, kind)
    // Literals count from the program's strings wherever they are; the sum wraps around to the right address.
    store<u32>(out + PIECE_TEXT, <u32>(start - strings))
    store<u32>(out + PIECE_LENGTH, <u32>length)
  }
  return !asArn || colons >= SEPARATORS
}

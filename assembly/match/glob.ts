import {
  PIECE_KIND,
  PIECE_LENGTH,
  PIECE_LITERAL,
  PIECE_ONE,
  PIECE_SIZE,
  PIECE_STAR,
  PIECE_STAR_IN_SEGMENT,
  PIECE_TEXT,
} from '../wire'
import { equalBytes, equalFolded, isContinuation } from './bytes'

const COLON: u32 = 0x3a

function sameText(a: usize, b: usize, length: usize, folds: bool): bool {
  return folds ? equalFolded(a, b, length) : equalBytes(a, b, length)
}

/** The first place from `text` on where a piece that follows a star can begin. */
function nextLike(piece: usize, strings: usize, text: usize, textEnd: usize, folds: bool): usize {
  if (folds || load<u32>(piece + PIECE_KIND) !== PIECE_LITERAL || load<u32>(piece + PIECE_LENGTH) === 0)
    return text
  const first = load<u8>(strings + <usize>load<u32>(piece + PIECE_TEXT))
  while (text < textEnd && load<u8>(text) !== first) text++
  return text
}

/**
 * Whether pieces (without variables) match a whole text.
 *
 * Goes back to the last star only: whatever stood before it was matched as early as possible, which leaves the most for
 * what follows. A star that stays in its segment lies between two colons, so at most those few can be tried again for
 * each place of a star that crosses: time is bounded by text × pattern, for `*a*a*a*b` too.
 * @param strings where the offsets of literal pieces count from; may wrap around
 */
export function matchPieces(
  piece: usize,
  end: usize,
  strings: usize,
  text: usize,
  textEnd: usize,
  folds: bool,
): bool {
  let starPiece: usize = 0
  let starText: usize = 0
  let segmentPiece: usize = 0
  let segmentText: usize = 0
  while (true) {
    let advances = false
    if (piece < end) {
      const kind = load<u32>(piece + PIECE_KIND)
      if (kind === PIECE_LITERAL) {
        const length = <usize>load<u32>(piece + PIECE_LENGTH)
        if (
          length <= textEnd - text &&
          sameText(strings + <usize>load<u32>(piece + PIECE_TEXT), text, length, folds)
        ) {
          text += length
          advances = true
        }
      } else if (kind === PIECE_STAR) {
        if (piece + PIECE_SIZE === end) return true
        starPiece = piece + PIECE_SIZE
        segmentPiece = 0
        // What ends the pattern must end the text: there is one place to look at.
        if (starPiece + PIECE_SIZE === end && load<u32>(starPiece + PIECE_KIND) === PIECE_LITERAL) {
          const length = <usize>load<u32>(starPiece + PIECE_LENGTH)
          return (
            length <= textEnd - text &&
            sameText(strings + <usize>load<u32>(starPiece + PIECE_TEXT), textEnd - length, length, folds)
          )
        }
        text = nextLike(starPiece, strings, text, textEnd, folds)
        starText = text
        advances = true
      } else if (kind === PIECE_STAR_IN_SEGMENT) {
        segmentPiece = piece + PIECE_SIZE
        segmentText = text
        advances = true
      } else if (text < textEnd) {
        // One character. A star may have stopped in the middle of one.
        const byte = <u32>load<u8>(text)
        if (!isContinuation(byte) && (kind === PIECE_ONE || byte !== COLON)) {
          do text++
          while (text < textEnd && isContinuation(load<u8>(text)))
          advances = true
        }
      }
      if (advances) {
        piece += PIECE_SIZE
        continue
      }
    } else if (text === textEnd) {
      return true
    }
    if (segmentPiece !== 0 && segmentText < textEnd && load<u8>(segmentText) !== COLON) {
      piece = segmentPiece
      text = ++segmentText
    } else if (starPiece !== 0 && starText < textEnd) {
      segmentPiece = 0
      piece = starPiece
      starText = nextLike(starPiece, strings, starText + 1, textEnd, folds)
      text = starText
    } else {
      return false
    }
  }
}

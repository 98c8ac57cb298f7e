import { isAscii } from './string-pool.ts'

/**
 * A text in which letters that differ only in case are the same. One letter stays one letter (`ß` is not `SS`), so the
 * module can go on comparing byte by byte; it folds ASCII letters itself as well.
 */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase()
  let folded = ''
  for (const letter of text) folded += foldLetter(letter)
  return folded
}

function foldLetter(letter: string): string {
  const upper = oneOr(letter.toUpperCase(), letter)
  return oneOr(upper.toLowerCase(), upper)
}

/** Some letters become two in the other case; those keep theirs. */
const oneOr = (text: string, otherwise: string): string => ([...text].length === 1 ? text : otherwise)

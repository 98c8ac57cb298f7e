/**
 * Marks that nobody sees, and that make text read otherwise than it is: they reorder it, have no width, or break lines
 * where no line breaks. @see Unicode Standard Annex #9, "Unicode Bidirectional Algorithm"; Unicode Technical Report #36
 */
const MARKS =
  '\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}'
/** All but those that JSON and lines of text need or escape themselves. */
const UPPER_CONTROLS = '\\u007f-\\u009f'

const UNSEEN = new RegExp(`[\\u0000-\\u001f${UPPER_CONTROLS}${MARKS}]`, 'gu')
const UNSEEN_IN_OUTPUT = new RegExp(`[${UPPER_CONTROLS}${MARKS}]`, 'gu')

/** Whether a text has control characters, or marks that nobody sees. */
export const hasUnseen = (text: string): boolean => text.search(UNSEEN) !== -1

/** One line of text with everything unseen as escapes. Control characters would let a file write to the reader's terminal. */
export const withoutUnseen = (text: string): string => text.replace(UNSEEN, escaped)

/**
 * Output as it may leave the process: for whatever was not looked at before. Lower control characters stay, since line
 * breaks and colours are among them. JSON has the marks in its texts only, where the escapes mean the same.
 */
export const outputWithoutUnseen = (text: string): string => text.replace(UNSEEN_IN_OUTPUT, escaped)

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`,
  ).join('')

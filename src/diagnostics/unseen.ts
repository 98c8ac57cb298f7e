/**
 * Marks that nobody sees, and that make text read otherwise than it is: they reorder it, have no width, are blank, or break
 * lines where no line breaks.
 * @see Unicode Standard Annex #9, "Unicode Bidirectional Algorithm"; Unicode Technical Report #36; Unicode Standard, 5.21,
 * "Ignoring Characters in Processing", for `Default_Ignorable_Code_Point`; U+2800 is a Braille pattern without dots
 */
const MARKS = '\\p{Default_Ignorable_Code_Point}\\u2028-\\u202e\\u2800\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}'
/** All but those that JSON and lines of text need or escape themselves. */
const UPPER_CONTROLS = '\\u007f-\\u009f'
/** Whether a picture is shown in colours or in black: a part of it that is seen. */
const NOT_OF_A_PICTURE = '(?<!\\p{Extended_Pictographic}[\\ufe0e\\ufe0f])'

const UNSEEN = new RegExp(`[\\u0000-\\u001f${UPPER_CONTROLS}${MARKS}]${NOT_OF_A_PICTURE}`, 'gu')
const UNSEEN_IN_OUTPUT = new RegExp(`[${UPPER_CONTROLS}${MARKS}]${NOT_OF_A_PICTURE}`, 'gu')

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

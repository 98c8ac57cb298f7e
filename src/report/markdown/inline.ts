import { withoutUnseen } from '../../diagnostics/unseen.ts'

/**
 * Words that are nothing but words wherever Markdown is read: no reference, no link, no picture, no beginning of a list. Short of what
 * may be the hash of a commit, since those become links.
 */
const PLAIN_WORD = /^\(?(?:[A-Za-z]+(?:['’-][A-Za-z]+)*|\d{1,6})(?:\)?[,;:]?|,?\))$/
const EMPTY = '(empty)'
const COMMIT = /(?:^|[^0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/i
/** What of our own sentences stands alone. */
const SIGNS: ReadonlySet<string> = new Set(['', '·', '→', '…', '±', '%'])

/**
 * One line of text, with everything that could mean something in code spans: there GitHub and GitLab read neither markup nor mentions,
 * issues, commits, links, emoji or formulas.
 * @param text on one line, without control characters
 */
export const inline = (text: string): string => inWords(text, codeSpan) || EMPTY

/** The same line where HTML is read and no Markdown: in the title of a fold. */
export const inlineHtml = (text: string): string =>
  inWords(text, (word) => `<code>${withoutMarkup(withoutUnseen(word))}</code>`)

/** Brackets and stops around a word are ours, or do no harm. */
const inWords = (text: string, code: (word: string) => string): string =>
  text
    .trim()
    .split(' ')
    .map((word) => {
      if (isPlain(word)) return word
      const [, before = '', middle = '', after = ''] = /^(\(?)(.*?)((?:\)?[,;:]?|,?\))?)$/.exec(word) ?? []
      if (middle === '') return code(word)
      return `${before}${SIGNS.has(middle) ? middle : code(middle)}${after}`
    })
    .join(' ')

const isPlain = (word: string): boolean =>
  SIGNS.has(word) || (PLAIN_WORD.test(word) && !COMMIT.test(word) && !/^www/i.test(word))

/** @param text on one line; what messages put in backticks is taken out of them */
export function codeSpan(text: string): string {
  if (text === '') return EMPTY
  const safe = safeInCode(/^`([^`]+)`$/.exec(text)?.[1] ?? text)
  const fence = '`'.repeat(longestRun(safe) + 1)
  // One blank on each side is taken away where there is one on both.
  const gap = /^[` ]|[` ]$/.test(safe) ? ' ' : ''
  return `${fence}${gap}${safe}${gap}${fence}`
}

/** How many backticks stand in a row at most. */
export function longestRun(text: string): number {
  let longest = 0
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length)
  return longest
}

/**
 * What begins a comment of HTML written otherwise, even where none is read: whoever looks for the marker of one of our comments must
 * not find a name that looks like it.
 */
const withoutMarkers = (text: string): string => text.replaceAll('<!--', '\\u003c!--')

/**
 * A line as it may stand in code. Whoever made it has shown what nobody sees as escapes already; this is where nothing gets by.
 */
export const safeInCode = (line: string): string => withoutMarkers(withoutUnseen(line))

const withoutMarkup = (text: string): string =>
  text.replace(/[^A-Za-z0-9 ]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`)

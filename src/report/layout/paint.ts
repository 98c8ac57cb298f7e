import { withoutUnseen } from '../../diagnostics/unseen.ts'

export type Style = 'added' | 'removed' | 'changed' | 'replaced' | 'dim' | 'bold'

/** Puts colour around a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

const CODES: Readonly<Record<Style, string>> = {
  added: '\u001b[32m',
  removed: '\u001b[31m',
  changed: '\u001b[33m',
  replaced: '\u001b[35m',
  dim: '\u001b[2m',
  bold: '\u001b[1m',
}

export const painter = (color: boolean): Paint =>
  color ? (style, text) => `${CODES[style]}${text}\u001b[0m` : (_, text) => text

/**
 * A text from a manifest or a target, fit to be printed on one line: control characters, which could write to
 * the reader's terminal, and marks that reorder text are shown as escapes.
 */
export const printable = withoutUnseen

/** A value as a plan shows it: text bare where nothing can be mistaken, in quotes otherwise. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return '(none)'
  if (typeof value !== 'string') return printable(JSON.stringify(value))
  // What reads like another type, like nothing, or has spaces at its ends needs its quotes.
  const bare = /^\S(?:.*\S)?$/.test(value) && !/^(?:true|false|null|\(none\)|-?[\d.]+)$|^["[{]/.test(value)
  return bare && printable(value) === value ? value : printable(JSON.stringify(value))
}

/** `1 statement`, `2 statements`, `2 entities`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`

const LONGEST_SHOWN = 60

/** A text as messages show it: of a long one, the beginning. */
export const shorten = (text: string): string =>
  text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN - 1)}…`

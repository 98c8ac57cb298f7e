/** A text as one word of a POSIX shell, whatever is in it but NUL, which no word can have. */
export const shellWord = (text: string): string =>
  /^[A-Za-z0-9_./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

// JSON on one line. All functions stop at the line feed that ends it, and read up to 16 bytes beyond.

export const LINE_FEED: u32 = 0x0a
export const QUOTE: u32 = 0x22
export const COMMA: u32 = 0x2c
export const OPEN_LIST: u32 = 0x5b
export const CLOSE_LIST: u32 = 0x5d
export const OPEN_OBJECT: u32 = 0x7b
export const CLOSE_OBJECT: u32 = 0x7d
const COLON: u32 = 0x3a

/** The first place from `at` on where no white space stands. */
export function afterSpace(at: usize): usize {
  let byte = load<u8>(at)
  while (byte === 0x20 || byte === 0x09 || byte === 0x0d) byte = load<u8>(++at)
  return at
}

/** Where the value of a key begins. @param at behind the key's closing quote @returns 0: there is no colon */
export function valueAt(at: usize): usize {
  at = afterSpace(at)
  return load<u8>(at) === COLON ? afterSpace(at + 1) : 0
}

/**
 * The closing quote of a string that is its own text. 0: it has an escape, or something else than printable ASCII.
 * @param at its first character
 */
export function endOfText(at: usize): usize {
  while (true) {
    const bytes = v128.load(at)
    // One more than each byte: signed, all but the printable ones lie below 0x21.
    const unfit = v128.or(
      i8x16.lt_s(i8x16.add(bytes, i8x16.splat(1)), i8x16.splat(0x21)),
      i8x16.eq(bytes, i8x16.splat(0x5c)),
    )
    const mask = i8x16.bitmask(v128.or(unfit, i8x16.eq(bytes, i8x16.splat(<i8>QUOTE))))
    if (mask !== 0) {
      at += <usize>ctz(mask)
      return load<u8>(at) === QUOTE ? at : 0
    }
    at += 16
  }
}

/** The line feed that ends a line. */
export function endOfLine(at: usize): usize {
  while (true) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8>LINE_FEED)))
    if (mask !== 0) return at + <usize>ctz(mask)
    at += 16
  }
}

export const COLON: u32 = 0x3a
/** "arn:" */
export const ARN_TEXT: u32 = 0x3a6e7261
const SEPARATORS: u32 = 5

/** Whether a text has an ARN's shape: `arn:` and at least five colons. */
export function isArn(text: usize, length: usize): bool {
  if (length < 4 || load<u32>(text) !== ARN_TEXT) return false
  let colons: u32 = 0
  for (let at = text, end = text + length; at < end; at++) {
    if (load<u8>(at) === COLON && ++colons === SEPARATORS) return true
  }
  return false
}

/** How many colons a text holds. */
export function countColons(text: usize, length: usize): u32 {
  let colons: u32 = 0
  for (let at = text, end = text + length; at < end; at++) {
    if (load<u8>(at) === COLON) colons++
  }
  return colons
}

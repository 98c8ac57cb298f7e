import { folded } from './bytes'

/** 1: `true`, 0: `false`, whatever their case; -1: neither. */
export function parseBoolean(text: usize, length: usize): i32 {
  if (length === 4) return spells(text, 0x65757274) ? 1 : -1
  if (length === 5) return spells(text, 0x736c6166) && folded(load<u8>(text + 4)) === 0x65 ? 0 : -1
  return -1
}

/** Whether four bytes, folded, are those of `word` (little-endian). */
function spells(text: usize, word: u32): bool {
  let bytes: u32 = 0
  for (let index: usize = 0; index < 4; index++) {
    bytes |= folded(load<u8>(text + index)) << (<u32>(index * 8))
  }
  return bytes === word
}

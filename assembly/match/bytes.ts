// Bytes compared with bytes. Addresses are absolute; lengths are bytes.

export function equalBytes(a: usize, b: usize, length: usize): bool {
  if (length >= 8) {
    // The last word may overlap the one before.
    const lastA = a + length - 8
    const lastB = b + length - 8
    for (; a < lastA; a += 8, b += 8) {
      if (load<u64>(a) !== load<u64>(b)) return false
    }
    return load<u64>(lastA) === load<u64>(lastB)
  }
  if (length >= 4) {
    return load<u32>(a) === load<u32>(b) && load<u32>(a + length - 4) === load<u32>(b + length - 4)
  }
  for (const end = a + length; a < end; a++, b++) {
    if (load<u8>(a) !== load<u8>(b)) return false
  }
  return true
}

/** The same, by one comparison where there are 16 bytes at most. Reads 16 of each. */
export function equalWithin16(a: usize, b: usize, length: usize): bool {
  if (length > 16) return equalBytes(a, b, length)
  const others = i8x16.bitmask(i8x16.ne(v128.load(a), v128.load(b)))
  return (others & ((1 << (<i32>length)) - 1)) === 0
}

/** ASCII upper-case letters become lower-case; all other bytes stay. */
export function folded(byte: u32): u32 {
  return byte - 0x41 < 26 ? byte | 0x20 : byte
}

/** Equality that ignores the case of ASCII letters. */
export function equalFolded(a: usize, b: usize, length: usize): bool {
  for (let end = a + length; a < end; a++, b++) {
    if (folded(load<u8>(a)) !== folded(load<u8>(b))) return false
  }
  return true
}

/** A byte that goes on with a UTF-8 character rather than beginning one. */
export function isContinuation(byte: u32): bool {
  return (byte & 0xc0) === 0x80
}

export function isDigit(byte: u32): bool {
  return byte - 0x30 < 10
}

import { isDigit } from './bytes'

/** Whether two base64 texts stand for the same bytes. What is malformed, padding included, is equal to nothing. */
export function equalBinary(a: usize, aLength: usize, b: usize, bLength: usize): bool {
  const aDigits = digitsIn(a, aLength)
  const bDigits = digitsIn(b, bLength)
  if (aDigits < 0 || aDigits !== bDigits) return false
  // The last digit of an incomplete group has bits that belong to no byte.
  const rest = aDigits & 3
  const whole = rest === 0 ? aDigits : aDigits - 1
  for (let index = 0; index < whole; index++) {
    if (load<u8>(a + <usize>index) !== load<u8>(b + <usize>index)) return false
  }
  if (rest === 0) return true
  const shift = rest === 2 ? 4 : 2
  return sextet(load<u8>(a + <usize>whole)) >> shift === sextet(load<u8>(b + <usize>whole)) >> shift
}

/** How many base64 digits a text has, or -1 if it isn't base64. */
function digitsIn(text: usize, length: usize): i32 {
  if ((length & 3) !== 0) return -1
  let digits = <i32>length
  if (digits > 0 && load<u8>(text + <usize>(digits - 1)) === 0x3d) {
    digits--
    if (load<u8>(text + <usize>(digits - 1)) === 0x3d) digits--
  }
  for (let index = 0; index < digits; index++) {
    if (sextet(load<u8>(text + <usize>index)) < 0) return -1
  }
  return digits
}

function sextet(byte: u32): i32 {
  if (byte - 0x41 < 26) return <i32>(byte - 0x41)
  if (byte - 0x61 < 26) return <i32>(byte - 0x61) + 26
  if (isDigit(byte)) return <i32>(byte - 0x30) + 52
  if (byte === 0x2b) return 62
  return byte === 0x2f ? 63 : -1
}

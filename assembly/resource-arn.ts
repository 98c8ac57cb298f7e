import { ARN_TEXT, COLON } from './match/arn'
import { ACTION_ASSUMES, ACTION_USES_KEYS } from './wire'

// Where the segments of the resource's ARN end.
export let partitionEnd: usize = 0
let serviceEnd: usize = 0
export let regionEnd: usize = 0
export let accountEnd: usize = 0
/** The addresses of its first five colons. */
const colons = memory.data(20, 16)
const SEPARATORS: usize = 5

/** There is no ARN. */
export function forgetSegments(): void {
  partitionEnd = 0
}

/** False: it is no ARN. */
export function findSegments(arn: usize, length: usize): bool {
  if (length < 8 || load<u32>(arn) !== ARN_TEXT || !findColons(arn, arn + length)) return false
  partitionEnd = <usize>load<u32>(colons + 4)
  serviceEnd = <usize>load<u32>(colons + 8)
  regionEnd = <usize>load<u32>(colons + 12)
  accountEnd = <usize>load<u32>(colons + 16)
  return true
}

/** False: the text has fewer. */
function findColons(at: usize, end: usize): bool {
  let out = colons
  const outEnd = colons + SEPARATORS * 4
  for (; at + 16 <= end; at += 16) {
    let mask = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8>COLON)))
    for (; mask !== 0; mask &= mask - 1) {
      store<u32>(out, <u32>(at + <usize>ctz(mask)))
      out += 4
      if (out === outEnd) return true
    }
  }
  for (; at < end; at++) {
    if (load<u8>(at) !== COLON) continue
    store<u32>(out, <u32>at)
    out += 4
    if (out === outEnd) return true
  }
  return false
}

export function isAccount(at: usize, end: usize): bool {
  if (end - at !== 12) return false
  for (; at < end; at++) if (<u32>load<u8>(at) - 0x30 > 9) return false
  return true
}

/** "iam", and "kms", after which comes a colon; "role" and "key/". */
const IAM: u32 = 0x3a6d6169
const KMS: u32 = 0x3a736d6b
const ROLE: u32 = 0x656c6f72
const KEY: u32 = 0x2f79656b
const SLASH: u32 = 0x2f

/** @see IAM User Guide, "Policy evaluation logic": role trust policies and KMS key policies */
export function decidesItself(flags: u32, end: usize): bool {
  const name = accountEnd + 1
  const length = end - name
  if (serviceEnd - partitionEnd !== 4) return false
  const service = load<u32>(partitionEnd + 1)
  if ((flags & ACTION_ASSUMES) !== 0 && service === IAM && regionEnd - serviceEnd === 1) {
    return length >= 5 && load<u32>(name) === ROLE && load<u8>(name + 4) === SLASH
  }
  return (flags & ACTION_USES_KEYS) !== 0 && service === KMS && length >= 4 && load<u32>(name) === KEY
}

/** "aws:"; "alia", "s/aw", and "s/". */
const AWS: u32 = 0x3a737761
const ALIA: u32 = 0x61696c61
const S_AW: u32 = 0x77612f73
const S_END: u32 = 0x2f73

/** AWS's managed policies, and the aliases of its managed keys. */
export function belongsToAws(end: usize): bool {
  const name = accountEnd + 1
  if (serviceEnd - partitionEnd !== 4) return false
  const service = load<u32>(partitionEnd + 1)
  if (service === IAM) return accountEnd - regionEnd === 4 && load<u32>(regionEnd + 1) === AWS
  return (
    service === KMS &&
    end - name >= 10 &&
    load<u32>(name) === ALIA &&
    load<u32>(name + 4) === S_AW &&
    <u32>load<u16>(name + 8) === S_END
  )
}

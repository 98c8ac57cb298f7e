import { ARN_TEXT, COLON } from './match/arn'
import { ACTION_ASSUMES, ACTION_USES_KEYS } from './wire'

// Where the segments of the resource's ARN end.
export let partitionEnd: usize = 0
let serviceEnd: usize = 0
export let regionEnd: usize = 0
export let accountEnd: usize = 0

/** There is no ARN. */
export function forgetSegments(): void {
  partitionEnd = 0
}

/** Nearly every ARN's fifth colon is within so many bytes. */
const WINDOW: usize = 48

/** False: it is no ARN. Reads up to `WINDOW` bytes behind it. */
export function findSegments(arn: usize, length: usize): bool {
  if (length < 8 || load<u32>(arn) !== ARN_TEXT) return false
  // A bit for each colon of the window but the first, which is known.
  let colons = (colonsAt(arn) | (colonsAt(arn + 16) << 16) | (colonsAt(arn + 32) << 32)) & ~(<u64>8)
  if (length < WINDOW) colons &= ((<u64>1) << (<u64>length)) - 1
  partitionEnd = arn + <usize>ctz(colons)
  colons &= colons - 1
  serviceEnd = arn + <usize>ctz(colons)
  colons &= colons - 1
  regionEnd = arn + <usize>ctz(colons)
  colons &= colons - 1
  accountEnd = arn + <usize>ctz(colons)
  return colons !== 0 || (length > WINDOW && findSegmentsOneByOne(arn, arn + length))
}

function colonsAt(at: usize): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8>COLON))))
}

function findSegmentsOneByOne(arn: usize, end: usize): bool {
  partitionEnd = nextColon(arn + 4, end)
  serviceEnd = nextColon(partitionEnd + 1, end)
  regionEnd = nextColon(serviceEnd + 1, end)
  accountEnd = nextColon(regionEnd + 1, end)
  return accountEnd < end
}

/** `end`: there is none. */
function nextColon(at: usize, end: usize): usize {
  while (at < end && <u32>load<u8>(at) !== COLON) at++
  return at < end ? at : end
}

const ACCOUNT_LENGTH: usize = 12

/** Whether a text is twelve digits. Reads up to four bytes behind it. */
export function isAccount(at: usize, end: usize): bool {
  if (end - at !== ACCOUNT_LENGTH) return false
  const digits = i8x16.lt_u(i8x16.sub(v128.load(at), i8x16.splat(0x30)), i8x16.splat(10))
  return (i8x16.bitmask(digits) & 0xfff) === 0xfff
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

import { stringsAt, tableAt } from './block'
import { ACTIONS, CONTEXTS, countIn, PRINCIPALS, RESOURCES, recordIn } from './directory'
import { ARN_TEXT, COLON } from './match/arn'
import { equalBytes } from './match/bytes'
import {
  LIVE_GIVEN_FOLDED,
  LIVE_GIVEN_FOLDED_LENGTH,
  LIVE_GIVEN_LENGTH,
  LIVE_GIVEN_SIZE,
  LIVE_GIVEN_TEXT,
} from './parsed'
import { keySlots, SLOT_COUNT, SLOT_IS_PRINCIPALS, SLOT_SIZE, SLOT_STAMP, SLOT_VALUES } from './program'
import { callerKey, keyCount, ownerKey } from './program-tables'
import {
  LIVE_ACTION_FLAGS,
  LIVE_ACTION_ROW,
  LIVE_CONTEXT_KEY_COUNT,
  LIVE_CONTEXT_KEYS,
  LIVE_CONTEXT_SIZE,
  LIVE_FACTS_KEY_COUNT,
  LIVE_FACTS_KEYS,
  LIVE_KEY_COUNT,
  LIVE_KEY_NUMBER,
  LIVE_KEY_SIZE,
  LIVE_KEY_VALUES,
  LIVE_PRINCIPAL_ACCOUNT,
  LIVE_PRINCIPAL_KEY_COUNT,
  LIVE_PRINCIPAL_KEYS,
  LIVE_PRINCIPAL_KIND,
  LIVE_PRINCIPAL_PARTITION,
} from './registered'
import {
  ACTION_ASSUMES,
  ACTION_ASSUMES_ROOT,
  ACTION_CHANGES,
  ACTION_LISTS_BUCKETS,
  ACTION_STAYS,
  ACTION_USES_KEYS,
  BLOCK_REQUESTS,
  KIND_PROVIDER,
  NONE,
  PENDING,
  REQUEST_ACTION,
  REQUEST_CONTEXT,
  REQUEST_FACTS,
  REQUEST_OWNER,
  REQUEST_PRINCIPAL,
  REQUEST_RESOURCE,
  REQUEST_SIZE,
} from './wire'

// The request at hand. Its numbers are known to exist.

/** Live records: the principal, its kind, what belongs to the resource (or 0), the action, its row. */
export let principal: usize = 0
export let kind: u32 = 0
export let facts: usize = 0
export let action: usize = 0
export let actionRow: usize = 0
/** The resource's text. */
export let resource: usize = 0
export let resourceLength: usize = 0
/** The resource is `*`: only a pattern that matches everything matches it. */
export let anyResource = false
/** … or one that matches all buckets: the two texts stand in `coverText`, the second one byte longer. */
export let covered = false
export let coverLength: usize = 0
/** Principal and resource belong to one account, lie in different partitions. */
export let sameAccount = false
export let otherPartition = false
/** Whatever policies say: it is of another account, or AWS's own. */
export let outOfReach = false
/** The resource belongs to AWS, for everybody to read. */
let isOfAws = false
/** A trust policy or key policy: without its allow nothing is allowed, in the same account either. */
export let policyDecides = false

/** Something that the answer depends on was not written. */
export let unknown = false

/** Where an opened block's own contexts are, and which number the first of them has. */
let ownContexts: usize = 0
let firstOwnContext: u32 = 0

/** A context's record, 0 for none, or PENDING. */
let context: usize = 0
let contextIsRead = false
let stamp: u32 = 0

/** There is no principal: what depends on it is unknown. */
let nobody = false

/** The account that owns the resource; whether it is the principal's, since nothing else says which it is. */
let owner: usize = 0
let ownerLength: usize = 0
let ownerIsPrincipals = false
const ownerGiven = memory.data(LIVE_GIVEN_SIZE, 16)
const callerGiven = memory.data(LIVE_GIVEN_SIZE, 16)

// "arn:" partition ":s3:::" 0x01
const BUCKETS_SUFFIX: u64 = 0x01_3a3a3a33733a
export const coverText = memory.data(64, 16)

export function setUnknown(value: bool): void {
  unknown = value
}

/** Contexts of the block that is open now. */
export function setOwnContexts(records: usize): void {
  ownContexts = records
  firstOwnContext = countIn(CONTEXTS)
}

/** While there is no request, nothing has a value. */
export function forgetRequest(): void {
  context = PENDING
  contextIsRead = false
}

/** Makes a request of the open block the one at hand. False: its resource is neither an ARN nor `*`. */
export function selectRequest(number: u32): bool {
  return selectRequestAs(number, recordIn(PRINCIPALS, load<u32>(requestAt(number) + REQUEST_PRINCIPAL)))
}

/** The same, asked by somebody else. */
export function selectRequestAs(number: u32, live: usize): bool {
  const request = requestAt(number)
  const factsNumber = load<u32>(request + REQUEST_FACTS)
  facts = factsNumber === NONE ? 0 : recordIn(RESOURCES, factsNumber)
  action = recordIn(ACTIONS, load<u32>(request + REQUEST_ACTION))
  actionRow = <usize>load<u32>(action + LIVE_ACTION_ROW)
  const contextNumber = load<u32>(request + REQUEST_CONTEXT)
  if (contextNumber === PENDING) context = PENDING
  else if (contextNumber === NONE) context = 0
  else if (contextNumber < firstOwnContext) context = recordIn(CONTEXTS, contextNumber)
  else context = ownContexts + <usize>(contextNumber - firstOwnContext) * LIVE_CONTEXT_SIZE
  resource = stringsAt() + <usize>load<u32>(request + REQUEST_RESOURCE)
  resourceLength = <usize>load<u32>(request + REQUEST_RESOURCE + 4)
  owner = stringsAt() + <usize>load<u32>(request + REQUEST_OWNER)
  ownerLength = <usize>load<u32>(request + REQUEST_OWNER + 4)
  unknown = false
  principal = live
  if (!readResource()) return false
  setPrincipal(live)
  return true
}

/** Puts another principal in the place of the one that asks. */
export function setPrincipal(live: usize): void {
  principal = live
  nobody = false
  kind = load<u32>(principal + LIVE_PRINCIPAL_KIND)
  contextIsRead = false
  relate()
}

/** Leaves out who asks: what depends on that becomes unknown. */
export function forgetPrincipal(): void {
  nobody = true
  contextIsRead = false
}

function requestAt(number: u32): usize {
  return tableAt(BLOCK_REQUESTS) + <usize>number * REQUEST_SIZE
}

/** What follows from the resource's ARN, whoever asks. */
function readResource(): bool {
  anyResource = resourceLength === 1 && load<u8>(resource) === 0x2a
  policyDecides = false
  isOfAws = false
  covered = false
  partitionEnd = 0
  const flags = load<u32>(action + LIVE_ACTION_FLAGS)
  if (anyResource) {
    covered = (flags & ACTION_LISTS_BUCKETS) !== 0
  } else if (!readArn(flags)) {
    return false
  }
  if ((flags & ACTION_ASSUMES_ROOT) !== 0) policyDecides = true
  ownerIsPrincipals = ownerLength === 0
  return true
}

/** How the principal stands to the resource. */
function relate(): void {
  const account = <usize>load<u32>(principal + LIVE_PRINCIPAL_ACCOUNT)
  const accountLength = <usize>load<u32>(principal + LIVE_PRINCIPAL_ACCOUNT + 4)
  if (ownerIsPrincipals) {
    owner = account
    ownerLength = accountLength
    sameAccount = accountLength !== 0
  } else {
    sameAccount = ownerLength === accountLength && equalBytes(owner, account, accountLength)
  }
  const flags = load<u32>(action + LIVE_ACTION_FLAGS)
  outOfReach = false
  if ((flags & (ACTION_STAYS | ACTION_CHANGES)) !== 0) {
    if (isOfAws) {
      sameAccount = accountLength !== 0
      outOfReach = (flags & ACTION_CHANGES) !== 0
    }
    if ((flags & ACTION_STAYS) !== 0 && !sameAccount) outOfReach = true
  }
  otherPartition = false
  // Which buckets are all depends on the partition of who asks.
  if (covered) coverBuckets()
  if (anyResource) return
  const partition = resource + 4
  const length = partitionEnd - partition
  const ownLength = <usize>load<u32>(principal + LIVE_PRINCIPAL_PARTITION + 4)
  otherPartition =
    ownLength !== 0 &&
    length !== 0 &&
    (ownLength !== length ||
      !equalBytes(<usize>load<u32>(principal + LIVE_PRINCIPAL_PARTITION), partition, length))
}

// Where the segments of the resource's ARN end.
let partitionEnd: usize = 0
let serviceEnd: usize = 0
let regionEnd: usize = 0
let accountEnd: usize = 0
/** The addresses of its first five colons. */
const colons = memory.data(20, 16)
const SEPARATORS: usize = 5

function readArn(flags: u32): bool {
  const end = resource + resourceLength
  if (resourceLength < 8 || load<u32>(resource) !== ARN_TEXT || !findColons(end)) return false
  partitionEnd = <usize>load<u32>(colons + 4)
  serviceEnd = <usize>load<u32>(colons + 8)
  regionEnd = <usize>load<u32>(colons + 12)
  accountEnd = <usize>load<u32>(colons + 16)
  if (ownerLength === 0 && isAccount(regionEnd + 1, accountEnd)) {
    owner = regionEnd + 1
    ownerLength = 12
  }
  if ((flags & (ACTION_ASSUMES | ACTION_USES_KEYS)) !== 0) policyDecides = decidesItself(flags, end)
  if ((flags & (ACTION_STAYS | ACTION_CHANGES)) !== 0) isOfAws = belongsToAws(end)
  return true
}

/** False: the resource has fewer. */
function findColons(end: usize): bool {
  let out = colons
  let at = resource
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

function isAccount(at: usize, end: usize): bool {
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
function decidesItself(flags: u32, end: usize): bool {
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
function belongsToAws(end: usize): bool {
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

/** Nothing but a star matches both an empty bucket name and one that no bucket can have. */
function coverBuckets(): void {
  const length = <usize>load<u32>(principal + LIVE_PRINCIPAL_PARTITION + 4)
  store<u32>(coverText, ARN_TEXT)
  if (length === 0) {
    // "aws"
    store<u32>(coverText + 4, 0x737761)
    coverLength = 7
  } else {
    memory.copy(coverText + 4, <usize>load<u32>(principal + LIVE_PRINCIPAL_PARTITION), length)
    coverLength = 4 + length
  }
  store<u64>(coverText + coverLength, BUCKETS_SUFFIX)
  coverLength += 6
}

/**
 * Finds the values of all keys that the request has: what follows from the principal, from the resource, and what is
 * given, which wins. Done when a first condition or variable asks.
 * @returns whether it is known if the request has this key, and with which values
 */
export function keyIsKnown(key: u32): bool {
  if (!contextIsKnown()) return false
  // A key that nobody's principal has is missing whoever asks.
  if (!nobody || hasKey(key) || load<u32>(keySlots + <usize>key * SLOT_SIZE + SLOT_IS_PRINCIPALS) === 0)
    return true
  unknown = true
  return false
}

function contextIsKnown(): bool {
  if (contextIsRead) return true
  if (context === PENDING) {
    unknown = true
    return false
  }
  contextIsRead = true
  // A key's slot counts only with this request's stamp, so nothing has to be cleared between two of them.
  stamp++
  if (stamp === 0) {
    for (let key: u32 = 0; key < keyCount; key++)
      store<u32>(keySlots + <usize>key * SLOT_SIZE + SLOT_STAMP, 0)
    stamp = 1
  }
  if (!nobody)
    readKeys(
      <usize>load<u32>(principal + LIVE_PRINCIPAL_KEYS),
      load<u32>(principal + LIVE_PRINCIPAL_KEY_COUNT),
    )
  if (facts !== 0)
    readKeys(<usize>load<u32>(facts + LIVE_FACTS_KEYS), load<u32>(facts + LIVE_FACTS_KEY_COUNT))
  if (ownerKey !== NONE && ownerLength !== 0 && !(nobody && ownerIsPrincipals)) {
    giveText(ownerKey, ownerGiven, owner, ownerLength)
  }
  if (callerKey !== NONE && !nobody && signsForKeys()) {
    giveText(
      callerKey,
      callerGiven,
      <usize>load<u32>(principal + LIVE_PRINCIPAL_ACCOUNT),
      <usize>load<u32>(principal + LIVE_PRINCIPAL_ACCOUNT + 4),
    )
  }
  if (context !== 0)
    readKeys(<usize>load<u32>(context + LIVE_CONTEXT_KEYS), load<u32>(context + LIVE_CONTEXT_KEY_COUNT))
  return true
}

/** Whether the request is one of KMS, signed by somebody of an account. */
function signsForKeys(): bool {
  return (
    (load<u32>(action + LIVE_ACTION_FLAGS) & ACTION_USES_KEYS) !== 0 &&
    load<u32>(principal + LIVE_PRINCIPAL_ACCOUNT + 4) !== 0 &&
    kind !== KIND_PROVIDER
  )
}

/** A key's only value, a text without letters. @param given room for it (LIVE_GIVEN_…) */
function giveText(key: u32, given: usize, text: usize, length: usize): void {
  memory.fill(given, 0, LIVE_GIVEN_SIZE)
  store<u32>(given + LIVE_GIVEN_TEXT, <u32>text)
  store<u32>(given + LIVE_GIVEN_LENGTH, <u32>length)
  store<u32>(given + LIVE_GIVEN_FOLDED, <u32>text)
  store<u32>(given + LIVE_GIVEN_FOLDED_LENGTH, <u32>length)
  setSlot(key, given, 1)
}

function readKeys(liveKey: usize, count: u32): void {
  for (const end = liveKey + <usize>count * LIVE_KEY_SIZE; liveKey < end; liveKey += LIVE_KEY_SIZE) {
    setSlot(
      load<u32>(liveKey + LIVE_KEY_NUMBER),
      <usize>load<u32>(liveKey + LIVE_KEY_VALUES),
      load<u32>(liveKey + LIVE_KEY_COUNT),
    )
  }
}

function setSlot(key: u32, values: usize, count: u32): void {
  const slot = keySlots + <usize>key * SLOT_SIZE
  store<u32>(slot + SLOT_STAMP, stamp)
  store<u32>(slot + SLOT_VALUES, <u32>values)
  store<u32>(slot + SLOT_COUNT, count)
}

/** Whether the request has a key, with an empty list or not. The context is known. */
export function hasKey(key: u32): bool {
  return load<u32>(keySlots + <usize>key * SLOT_SIZE + SLOT_STAMP) === stamp
}

/** How many values a key has; 0 if the request hasn't got it. */
export function valueCountOf(key: u32): u32 {
  if (!hasKey(key)) return 0
  return load<u32>(keySlots + <usize>key * SLOT_SIZE + SLOT_COUNT)
}

/** Where the first of a key's values stands (LIVE_GIVEN_…); the caller knows that there is one. */
export function firstValueOf(key: u32): usize {
  return <usize>load<u32>(keySlots + <usize>key * SLOT_SIZE + SLOT_VALUES)
}

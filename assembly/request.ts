import { stringsAt, tableAt } from './block'
import { ACTIONS, CONTEXTS, countIn, PRINCIPALS, RESOURCES, recordIn } from './directory'
import { ARN_TEXT } from './match/arn'
import { equalBytes, equalWithin16 } from './match/bytes'
import {
  LIVE_ACTION_FLAGS,
  LIVE_ACTION_ROW,
  LIVE_CONTEXT_SIZE,
  LIVE_PRINCIPAL_ACCOUNT,
  LIVE_PRINCIPAL_KIND,
  LIVE_PRINCIPAL_PARTITION,
} from './registered'
import {
  accountEnd,
  belongsToAws,
  decidesItself,
  findSegments,
  forgetSegments,
  isAccount,
  partitionEnd,
  regionEnd,
} from './resource-arn'
import {
  ACTION_ASSUMES,
  ACTION_ASSUMES_ROOT,
  ACTION_CHANGES,
  ACTION_LISTS_BUCKETS,
  ACTION_STAYS,
  ACTION_USES_KEYS,
  BLOCK_REQUESTS,
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
export let context: usize = 0
export let contextIsRead = false

/** There is no principal: what depends on it is unknown. */
export let nobody = false

/** The account that owns the resource; whether it is the principal's, since nothing else says which it is. */
export let owner: usize = 0
export let ownerLength: usize = 0
export let ownerIsPrincipals = false

// "arn:" partition ":s3:::" 0x01
const BUCKETS_SUFFIX: u64 = 0x01_3a3a3a33733a
export const coverText = memory.data(64, 16)

export function setUnknown(value: bool): void {
  unknown = value
}

/** The values of its keys were found. */
export function noteContextIsRead(): void {
  contextIsRead = true
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
  selectNumbers(factsNumber, load<u32>(request + REQUEST_ACTION))
  const contextNumber = load<u32>(request + REQUEST_CONTEXT)
  if (contextNumber === PENDING) context = PENDING
  else if (contextNumber === NONE) context = 0
  else if (contextNumber < firstOwnContext) context = recordIn(CONTEXTS, contextNumber)
  else context = ownContexts + <usize>(contextNumber - firstOwnContext) * LIVE_CONTEXT_SIZE
  resource = stringsAt() + <usize>load<u32>(request + REQUEST_RESOURCE)
  resourceLength = <usize>load<u32>(request + REQUEST_RESOURCE + 4)
  owner = stringsAt() + <usize>load<u32>(request + REQUEST_OWNER)
  ownerLength = <usize>load<u32>(request + REQUEST_OWNER + 4)
  return selectAsker(live)
}

function selectNumbers(factsNumber: u32, actionNumber: u32): void {
  facts = factsNumber === NONE ? 0 : recordIn(RESOURCES, factsNumber)
  action = recordIn(ACTIONS, actionNumber)
  actionRow = <usize>load<u32>(action + LIVE_ACTION_ROW)
}

function selectAsker(live: usize): bool {
  unknown = false
  principal = live
  if (!readResource()) return false
  setPrincipal(live)
  return true
}

/**
 * Makes a request that stands in no block the one at hand. Numbers are known to exist.
 * @param given a context's record, or 0
 * @param ownerText who owns the resource; of no length: nobody says
 * @returns as `selectRequest`
 */
export function selectParts(
  principalNumber: u32,
  factsNumber: u32,
  actionNumber: u32,
  given: usize,
  text: usize,
  length: usize,
  ownerText: usize,
  ownerTextLength: usize,
): bool {
  selectNumbers(factsNumber, actionNumber)
  context = given
  resource = text
  resourceLength = length
  owner = ownerText
  ownerLength = ownerTextLength
  return selectAsker(recordIn(PRINCIPALS, principalNumber))
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
  forgetSegments()
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
      !equalWithin16(<usize>load<u32>(principal + LIVE_PRINCIPAL_PARTITION), partition, length))
}

function readArn(flags: u32): bool {
  const end = resource + resourceLength
  if (!findSegments(resource, resourceLength)) return false
  if (ownerLength === 0 && isAccount(regionEnd + 1, accountEnd)) {
    owner = regionEnd + 1
    ownerLength = 12
  }
  if ((flags & (ACTION_ASSUMES | ACTION_USES_KEYS)) !== 0) policyDecides = decidesItself(flags, end)
  if ((flags & (ACTION_STAYS | ACTION_CHANGES)) !== 0) isOfAws = belongsToAws(end)
  return true
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

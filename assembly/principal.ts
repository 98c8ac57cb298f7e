import { equalBytes } from './match/bytes'
import { principals, strings } from './program-tables'
import { WHO_ACCOUNT, WHO_BASE, WHO_FLAGS, WHO_PARTITION, WHO_PRINCIPAL } from './registered'
import { kind, otherPartition, who } from './request'
import {
  ASKER_BASE_BY_NAME,
  KIND_CANONICAL_USER,
  KIND_FEDERATED_USER,
  KIND_PROVIDER,
  KIND_ROLE,
  KIND_ROOT,
  KIND_SERVICE,
  KIND_UNIQUE_ID,
  PRINCIPAL_ACCOUNT,
  PRINCIPAL_ARN,
  PRINCIPAL_CANONICAL_USER,
  PRINCIPAL_EVERYONE,
  PRINCIPAL_FEDERATED,
  PRINCIPAL_KIND,
  PRINCIPAL_LENGTH,
  PRINCIPAL_ROOT,
  PRINCIPAL_SERVICE,
  PRINCIPAL_SIZE,
  PRINCIPAL_TEXT,
  PRINCIPAL_UNIQUE_ID,
  REF_SIZE,
} from './wire'

// How a Principal element names the request's principal (bits): what its Allow is worth depends on it.
/** The very user, session, federated user, service, provider; the account to its root user; or everyone. */
export const NAMES_SELF: u32 = 1
/** The role of a session, the parent of a federated user. */
export const NAMES_BASE: u32 = 2
/** The account, to anyone but its root user. */
export const NAMES_ACCOUNT: u32 = 4

/** How the refs `[at, end)` name the principal; 0: not at all. */
export function namedBy(at: usize, end: usize): u32 {
  let named: u32 = 0
  for (; at < end; at += REF_SIZE) {
    named |= namedByOne(principals + <usize>load<u32>(at) * PRINCIPAL_SIZE)
  }
  return named
}

function namedByOne(principal: usize): u32 {
  const names = load<u32>(principal + PRINCIPAL_KIND)
  if (names === PRINCIPAL_EVERYONE) return NAMES_SELF
  // Whoever else a policy names is of its own partition.
  if (otherPartition) return 0
  switch (names) {
    case PRINCIPAL_ACCOUNT:
      return belongsToAccount() && sameText(principal, who + WHO_ACCOUNT) ? namedAsAccount() : 0
    case PRINCIPAL_ROOT:
      return belongsToAccount() && isOwnRoot(principal) ? namedAsAccount() : 0
    case PRINCIPAL_ARN: {
      if (!belongsToAccount()) return 0
      if ((kind === KIND_ROLE || kind === KIND_FEDERATED_USER) && isBase(principal)) return NAMES_BASE
      return sameText(principal, who + WHO_PRINCIPAL) ? NAMES_SELF : 0
    }
    case PRINCIPAL_SERVICE:
      return isNamed(principal, KIND_SERVICE)
    case PRINCIPAL_FEDERATED:
      return isNamed(principal, KIND_PROVIDER)
    case PRINCIPAL_CANONICAL_USER:
      return isNamed(principal, KIND_CANONICAL_USER)
    case PRINCIPAL_UNIQUE_ID:
      return isNamed(principal, KIND_UNIQUE_ID)
    default:
      return 0
  }
}

/** Whether the principal's account vouches for it: naming the account names it too. */
function belongsToAccount(): bool {
  return kind <= <u32>KIND_ROOT
}

function namedAsAccount(): u32 {
  return kind === KIND_ROOT ? NAMES_SELF : NAMES_ACCOUNT
}

function isNamed(principal: usize, ofKind: u32): u32 {
  return kind === ofKind && sameText(principal, who + WHO_PRINCIPAL) ? NAMES_SELF : 0
}

const ACCOUNT_LENGTH: u32 = 12

/** An account's id and its partition, as a root ARN has them. */
function isOwnRoot(principal: usize): bool {
  const length = load<u32>(principal + PRINCIPAL_LENGTH)
  const partitionLength = load<u32>(who + WHO_PARTITION + 4)
  if (length !== ACCOUNT_LENGTH + partitionLength || load<u32>(who + WHO_ACCOUNT + 4) !== ACCOUNT_LENGTH)
    return false
  const text = strings + <usize>load<u32>(principal + PRINCIPAL_TEXT)
  return (
    equalBytes(text, <usize>load<u32>(who + WHO_ACCOUNT), <usize>ACCOUNT_LENGTH) &&
    equalBytes(text + <usize>ACCOUNT_LENGTH, <usize>load<u32>(who + WHO_PARTITION), <usize>partitionLength)
  )
}

const SLASH: u32 = 0x2f

/** The role of a session, the parent of a federated user. Where a role's path isn't known, its name says which it is. */
function isBase(principal: usize): bool {
  if (sameText(principal, who + WHO_BASE)) return true
  if ((load<u32>(who + WHO_FLAGS) & ASKER_BASE_BY_NAME) === 0) return false
  const base = <usize>load<u32>(who + WHO_BASE)
  const baseLength = <usize>load<u32>(who + WHO_BASE + 4)
  const text = strings + <usize>load<u32>(principal + PRINCIPAL_TEXT)
  const length = <usize>load<u32>(principal + PRINCIPAL_LENGTH)
  let name = baseLength
  while (name > 0 && <u32>load<u8>(base + name - 1) !== SLASH) name--
  // From the slash on, its name; up to and with the slash, its account.
  const tail = baseLength - name + 1
  return (
    name > 0 &&
    length > baseLength &&
    equalBytes(text, base, name) &&
    equalBytes(text + length - tail, base + name - 1, tail)
  )
}

/**
 * Whether a `NotPrincipal` with Deny spares the principal: it must name the whole chain, account included.
 * @param counting NAMES_… that count
 */
export function isSpared(at: usize, end: usize, counting: u32): bool {
  let named: u32 = 0
  for (; at < end; at += REF_SIZE) {
    const principal = principals + <usize>load<u32>(at) * PRINCIPAL_SIZE
    if (load<u32>(principal + PRINCIPAL_KIND) === PRINCIPAL_EVERYONE) return true
    named |= namedByOne(principal) & counting
  }
  if (kind >= <u32>KIND_ROOT) return named !== 0
  let wanted = NAMES_ACCOUNT
  const length = load<u32>(who + WHO_PRINCIPAL + 4)
  const isItsBase =
    length === load<u32>(who + WHO_BASE + 4) &&
    equalBytes(<usize>load<u32>(who + WHO_PRINCIPAL), <usize>load<u32>(who + WHO_BASE), <usize>length)
  if (kind === KIND_ROLE) wanted |= isItsBase ? NAMES_BASE : NAMES_BASE | NAMES_SELF
  else wanted |= NAMES_SELF
  return (named & wanted) === wanted
}

function sameText(principal: usize, text: usize): bool {
  const length = load<u32>(text + 4)
  return (
    length === load<u32>(principal + PRINCIPAL_LENGTH) &&
    equalBytes(strings + <usize>load<u32>(principal + PRINCIPAL_TEXT), <usize>load<u32>(text), <usize>length)
  )
}

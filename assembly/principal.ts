import { equalBytes } from './match/bytes'
import { namedPrincipals, strings } from './program-tables'
import {
  LIVE_PRINCIPAL_ACCOUNT,
  LIVE_PRINCIPAL_BASE,
  LIVE_PRINCIPAL_FLAGS,
  LIVE_PRINCIPAL_NAME,
  LIVE_PRINCIPAL_PARTITION,
} from './registered'
import { kind, otherPartition, principal } from './request'
import {
  KIND_CANONICAL_USER,
  KIND_FEDERATED_USER,
  KIND_PROVIDER,
  KIND_ROLE,
  KIND_ROOT,
  KIND_SERVICE,
  KIND_UNIQUE_ID,
  NAMED_ACCOUNT,
  NAMED_ARN,
  NAMED_CANONICAL_USER,
  NAMED_EVERYONE,
  NAMED_FEDERATED,
  NAMED_KIND,
  NAMED_LENGTH,
  NAMED_ROOT,
  NAMED_SERVICE,
  NAMED_SIZE,
  NAMED_TEXT,
  NAMED_UNIQUE_ID,
  PRINCIPAL_BASE_BY_NAME,
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
    named |= namedByOne(namedPrincipals + <usize>load<u32>(at) * NAMED_SIZE)
  }
  return named
}

function namedByOne(entry: usize): u32 {
  const names = load<u32>(entry + NAMED_KIND)
  if (names === NAMED_EVERYONE) return NAMES_SELF
  // Whoever else a policy names is of its own partition.
  if (otherPartition) return 0
  switch (names) {
    case NAMED_ACCOUNT:
      return belongsToAccount() && sameText(entry, principal + LIVE_PRINCIPAL_ACCOUNT) ? namedAsAccount() : 0
    case NAMED_ROOT:
      return belongsToAccount() && isOwnRoot(entry) ? namedAsAccount() : 0
    case NAMED_ARN: {
      if (!belongsToAccount()) return 0
      if ((kind === KIND_ROLE || kind === KIND_FEDERATED_USER) && isBase(entry)) return NAMES_BASE
      return sameText(entry, principal + LIVE_PRINCIPAL_NAME) ? NAMES_SELF : 0
    }
    case NAMED_SERVICE:
      return isNamed(entry, KIND_SERVICE)
    case NAMED_FEDERATED:
      return isNamed(entry, KIND_PROVIDER)
    case NAMED_CANONICAL_USER:
      return isNamed(entry, KIND_CANONICAL_USER)
    case NAMED_UNIQUE_ID:
      return isNamed(entry, KIND_UNIQUE_ID)
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

function isNamed(entry: usize, ofKind: u32): u32 {
  return kind === ofKind && sameText(entry, principal + LIVE_PRINCIPAL_NAME) ? NAMES_SELF : 0
}

const ACCOUNT_LENGTH: u32 = 12

/** An account's id and its partition, as a root ARN has them. */
function isOwnRoot(entry: usize): bool {
  const length = load<u32>(entry + NAMED_LENGTH)
  const partitionLength = load<u32>(principal + LIVE_PRINCIPAL_PARTITION + 4)
  if (
    length !== ACCOUNT_LENGTH + partitionLength ||
    load<u32>(principal + LIVE_PRINCIPAL_ACCOUNT + 4) !== ACCOUNT_LENGTH
  )
    return false
  const text = strings + <usize>load<u32>(entry + NAMED_TEXT)
  return (
    equalBytes(text, <usize>load<u32>(principal + LIVE_PRINCIPAL_ACCOUNT), <usize>ACCOUNT_LENGTH) &&
    equalBytes(
      text + <usize>ACCOUNT_LENGTH,
      <usize>load<u32>(principal + LIVE_PRINCIPAL_PARTITION),
      <usize>partitionLength,
    )
  )
}

const SLASH: u32 = 0x2f

/** The role of a session, the parent of a federated user. Where a role's path isn't known, its name says which it is. */
function isBase(entry: usize): bool {
  if (sameText(entry, principal + LIVE_PRINCIPAL_BASE)) return true
  if ((load<u32>(principal + LIVE_PRINCIPAL_FLAGS) & PRINCIPAL_BASE_BY_NAME) === 0) return false
  const base = <usize>load<u32>(principal + LIVE_PRINCIPAL_BASE)
  const baseLength = <usize>load<u32>(principal + LIVE_PRINCIPAL_BASE + 4)
  const text = strings + <usize>load<u32>(entry + NAMED_TEXT)
  const length = <usize>load<u32>(entry + NAMED_LENGTH)
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
    const entry = namedPrincipals + <usize>load<u32>(at) * NAMED_SIZE
    if (load<u32>(entry + NAMED_KIND) === NAMED_EVERYONE) return true
    named |= namedByOne(entry) & counting
  }
  if (kind >= <u32>KIND_ROOT) return named !== 0
  let wanted = NAMES_ACCOUNT
  const length = load<u32>(principal + LIVE_PRINCIPAL_NAME + 4)
  const isItsBase =
    length === load<u32>(principal + LIVE_PRINCIPAL_BASE + 4) &&
    equalBytes(
      <usize>load<u32>(principal + LIVE_PRINCIPAL_NAME),
      <usize>load<u32>(principal + LIVE_PRINCIPAL_BASE),
      <usize>length,
    )
  if (kind === KIND_ROLE) wanted |= isItsBase ? NAMES_BASE : NAMES_BASE | NAMES_SELF
  else wanted |= NAMES_SELF
  return (named & wanted) === wanted
}

function sameText(entry: usize, text: usize): bool {
  const length = load<u32>(text + 4)
  return (
    length === load<u32>(entry + NAMED_LENGTH) &&
    equalBytes(strings + <usize>load<u32>(entry + NAMED_TEXT), <usize>load<u32>(text), <usize>length)
  )
}

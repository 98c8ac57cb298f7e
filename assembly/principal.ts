import { equalBytes } from './match/bytes'
import { principals, strings } from './program'
import { WHO_ACCOUNT, WHO_BASE, WHO_PRINCIPAL } from './registry'
import { kind, who } from './request'
import {
  KIND_ANONYMOUS,
  KIND_FEDERATED_USER,
  KIND_PROVIDER,
  KIND_ROLE,
  KIND_ROOT,
  KIND_SERVICE,
  PRINCIPAL_ACCOUNT,
  PRINCIPAL_ARN,
  PRINCIPAL_EVERYONE,
  PRINCIPAL_FEDERATED,
  PRINCIPAL_KIND,
  PRINCIPAL_LENGTH,
  PRINCIPAL_NOBODY,
  PRINCIPAL_SERVICE,
  PRINCIPAL_SIZE,
  PRINCIPAL_TEXT,
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
  switch (load<u32>(principal + PRINCIPAL_KIND)) {
    case PRINCIPAL_EVERYONE:
      return NAMES_SELF
    case PRINCIPAL_ACCOUNT: {
      if (kind === KIND_SERVICE || kind === KIND_ANONYMOUS || kind === KIND_PROVIDER) return 0
      if (!sameText(principal, who + WHO_ACCOUNT)) return 0
      return kind === KIND_ROOT ? NAMES_SELF : NAMES_ACCOUNT
    }
    case PRINCIPAL_ARN: {
      if (kind === KIND_SERVICE || kind === KIND_ANONYMOUS || kind === KIND_PROVIDER) return 0
      let named: u32 = 0
      // A role as such is named by its own ARN as its sessions are.
      if (sameText(principal, who + WHO_PRINCIPAL)) named |= NAMES_SELF
      if ((kind === KIND_ROLE || kind === KIND_FEDERATED_USER) && sameText(principal, who + WHO_BASE)) {
        named = NAMES_BASE
      }
      return named
    }
    case PRINCIPAL_SERVICE:
      return kind === KIND_SERVICE && sameText(principal, who + WHO_PRINCIPAL) ? NAMES_SELF : 0
    case PRINCIPAL_FEDERATED:
      return kind === KIND_PROVIDER && sameText(principal, who + WHO_PRINCIPAL) ? NAMES_SELF : 0
    case PRINCIPAL_NOBODY:
      return 0
    default:
      return 0
  }
}

/** Whether a `NotPrincipal` with Deny spares the principal: it must name the whole chain, account included. */
export function isSpared(at: usize, end: usize): bool {
  let named: u32 = 0
  for (; at < end; at += REF_SIZE) {
    const principal = principals + <usize>load<u32>(at) * PRINCIPAL_SIZE
    if (load<u32>(principal + PRINCIPAL_KIND) === PRINCIPAL_EVERYONE) return true
    named |= namedByOne(principal)
  }
  if (kind === KIND_ROOT || kind === KIND_SERVICE || kind === KIND_ANONYMOUS || kind === KIND_PROVIDER)
    return named !== 0
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

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
  LIVE_CONTEXT_KEY_COUNT,
  LIVE_CONTEXT_KEYS,
  LIVE_FACTS_KEY_COUNT,
  LIVE_FACTS_KEYS,
  LIVE_KEY_COUNT,
  LIVE_KEY_NUMBER,
  LIVE_KEY_SIZE,
  LIVE_KEY_VALUES,
  LIVE_PRINCIPAL_ACCOUNT,
  LIVE_PRINCIPAL_KEY_COUNT,
  LIVE_PRINCIPAL_KEYS,
} from './registered'
import {
  action,
  context,
  contextIsRead,
  facts,
  kind,
  nobody,
  noteContextIsRead,
  owner,
  ownerIsPrincipals,
  ownerLength,
  principal,
  setUnknown,
} from './request'
import { ACTION_USES_KEYS, KIND_PROVIDER, NONE, PENDING } from './wire'

// The values of the request's keys. A key's slot counts only with this request's stamp.

let stamp: u32 = 0
const ownerGiven = memory.data(LIVE_GIVEN_SIZE, 16)
const callerGiven = memory.data(LIVE_GIVEN_SIZE, 16)

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
  setUnknown(true)
  return false
}

function contextIsKnown(): bool {
  if (contextIsRead) return true
  if (context === PENDING) {
    setUnknown(true)
    return false
  }
  noteContextIsRead()
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

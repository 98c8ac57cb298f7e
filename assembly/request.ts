import { entries, keys, requests } from './block'
import { keyCount, keySlots, SLOT_ENTRY, SLOT_SIZE, SLOT_STAMP } from './program'
import {
  ENTRY_SIZE,
  KEY_NUMBER,
  KEY_SIZE,
  KEY_VALUES,
  REQUEST_FLAGS,
  REQUEST_KEYS,
  REQUEST_SIZE,
} from './wire'

/** The request at hand. */
export let request: usize = 0

let stamp: u32 = 0

/** Makes a request of the open block the one at hand. Its number is known to exist. */
export function selectRequest(number: u32): void {
  request = requests + <usize>number * REQUEST_SIZE
  // A key's slot counts only with this request's stamp, so nothing has to be cleared between two of them.
  stamp++
  if (stamp === 0) {
    memory.fill(keySlots, 0, <usize>keyCount * SLOT_SIZE)
    stamp = 1
  }
  let key = keys + <usize>load<u32>(request + REQUEST_KEYS) * KEY_SIZE
  const end = key + <usize>load<u32>(request + REQUEST_KEYS + 4) * KEY_SIZE
  for (; key < end; key += KEY_SIZE) {
    const slot = keySlots + <usize>load<u32>(key + KEY_NUMBER) * SLOT_SIZE
    store<u32>(slot + SLOT_STAMP, stamp)
    store<u32>(slot + SLOT_ENTRY, <u32>key)
  }
}

export function hasFlag(flag: u32): bool {
  return (load<u32>(request + REQUEST_FLAGS) & flag) !== 0
}

/** Whether the request has a key, with an empty list or not. */
export function hasKey(key: u32): bool {
  return load<u32>(keySlots + <usize>key * SLOT_SIZE + SLOT_STAMP) === stamp
}

/** How many values a key has; 0 if the request hasn't got it. */
export function valueCountOf(key: u32): u32 {
  if (!hasKey(key)) return 0
  return load<u32>(<usize>load<u32>(keySlots + <usize>key * SLOT_SIZE + SLOT_ENTRY) + KEY_VALUES + 4)
}

/** Where the first of a key's values stands; the caller knows that there is one. */
export function firstValueOf(key: u32): usize {
  const at = <usize>load<u32>(keySlots + <usize>key * SLOT_SIZE + SLOT_ENTRY)
  return entries + <usize>load<u32>(at + KEY_VALUES) * ENTRY_SIZE
}

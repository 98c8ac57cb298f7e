// What is registered, as it is used: the records of the wire format under their own names with LIVE_ before them, with
// addresses in place of offsets and numbers. The bytes of a registered block stay where they are, and these stand behind them.

// A context key: its number, the first of its values (LIVE_GIVEN_…), how many.
export const LIVE_KEY_NUMBER = 0
export const LIVE_KEY_VALUES = LIVE_KEY_NUMBER + 4
export const LIVE_KEY_COUNT = LIVE_KEY_VALUES + 4
export const LIVE_KEY_SIZE = LIVE_KEY_COUNT + 4

// A group: its layer; which of the program's statements it holds, as pairs; its policies' numbers in order.
//   ┌───────┬───────┬────────────┬─────────┬─────────────┐      ┌──────┬──────┐
//   │ layer │ pairs │ pair count │ members │ member count│      │ byte │ mask │ × pair count
//   └───────┴───────┴────────────┴─────────┴─────────────┘      └──────┴──────┘
// A pair: where a word of a row begins, and which of its 64 bits are the group's. Words without any are left out.
export const LIVE_GROUP_LAYER = 0
export const LIVE_GROUP_PAIRS = LIVE_GROUP_LAYER + 4
export const LIVE_GROUP_PAIR_COUNT = LIVE_GROUP_PAIRS + 4
export const LIVE_GROUP_MEMBERS = LIVE_GROUP_PAIR_COUNT + 4
export const LIVE_GROUP_MEMBER_COUNT = LIVE_GROUP_MEMBERS + 4
export const LIVE_GROUP_SIZE = LIVE_GROUP_MEMBER_COUNT + 4
export const PAIR_BYTE = 0
export const PAIR_MASK = PAIR_BYTE + 8
export const PAIR_SIZE = PAIR_MASK + 8

// A set: its groups.
export const LIVE_SET_GROUPS = 0
export const LIVE_SET_COUNT = LIVE_SET_GROUPS + 4
export const LIVE_SET_SIZE = LIVE_SET_COUNT + 4

// An action. The row has a bit for each statement whose Action element takes it in.
export const LIVE_ACTION_TEXT = 0
export const LIVE_ACTION_LENGTH = LIVE_ACTION_TEXT + 4
export const LIVE_ACTION_FLAGS = LIVE_ACTION_LENGTH + 4
export const LIVE_ACTION_ALWAYS = LIVE_ACTION_FLAGS + 4
export const LIVE_ACTION_NEVER = LIVE_ACTION_ALWAYS + 4
export const LIVE_ACTION_ROW = LIVE_ACTION_NEVER + 4
export const LIVE_ACTION_SIZE = LIVE_ACTION_ROW + 4

// A principal. Texts are address and length; `class`: see `alike.ts`.
export const LIVE_PRINCIPAL_KIND = 0
export const LIVE_PRINCIPAL_FLAGS = LIVE_PRINCIPAL_KIND + 4
export const LIVE_PRINCIPAL_NAME = LIVE_PRINCIPAL_FLAGS + 4
export const LIVE_PRINCIPAL_BASE = LIVE_PRINCIPAL_NAME + 8
export const LIVE_PRINCIPAL_ACCOUNT = LIVE_PRINCIPAL_BASE + 8
export const LIVE_PRINCIPAL_PARTITION = LIVE_PRINCIPAL_ACCOUNT + 8
export const LIVE_PRINCIPAL_KEYS = LIVE_PRINCIPAL_PARTITION + 8
export const LIVE_PRINCIPAL_KEY_COUNT = LIVE_PRINCIPAL_KEYS + 4
export const LIVE_PRINCIPAL_GROUPS = LIVE_PRINCIPAL_KEY_COUNT + 4
export const LIVE_PRINCIPAL_GROUP_COUNT = LIVE_PRINCIPAL_GROUPS + 4
export const LIVE_PRINCIPAL_CLASS = LIVE_PRINCIPAL_GROUP_COUNT + 4
export const LIVE_PRINCIPAL_SIZE = LIVE_PRINCIPAL_CLASS + 4

// A holder: a principal that is asked about when everybody is, and whose identity a policy is part of. Each policy has a
// list of them, the last one first: see `holders.ts`.
//   ┌───────────┬──────┐
//   │ principal │ next │   a number; the address of the one before, or 0
//   └───────────┴──────┘
export const HOLDER_PRINCIPAL = 0
export const HOLDER_NEXT = HOLDER_PRINCIPAL + 4
export const HOLDER_SIZE = HOLDER_NEXT + 4

// What belongs to a resource.
export const LIVE_FACTS_KEYS = 0
export const LIVE_FACTS_KEY_COUNT = LIVE_FACTS_KEYS + 4
export const LIVE_FACTS_GROUPS = LIVE_FACTS_KEY_COUNT + 4
export const LIVE_FACTS_GROUP_COUNT = LIVE_FACTS_GROUPS + 4
export const LIVE_FACTS_SIZE = LIVE_FACTS_GROUP_COUNT + 4

// A context.
export const LIVE_CONTEXT_KEYS = 0
export const LIVE_CONTEXT_KEY_COUNT = LIVE_CONTEXT_KEYS + 4
export const LIVE_CONTEXT_SIZE = LIVE_CONTEXT_KEY_COUNT + 4

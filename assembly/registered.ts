// What is registered, as it is used: the same as in the wire format, with addresses in place of offsets and numbers. The
// bytes of a registered block stay where they are, and these records stand behind them.

// A context key: its number, the first of its values (GIVEN_…), how many.
export const HAVING_KEY = 0
export const HAVING_VALUES = HAVING_KEY + 4
export const HAVING_COUNT = HAVING_VALUES + 4
export const HAVING_SIZE = HAVING_COUNT + 4

// A group: its layer; which of the program's statements it holds, as pairs; its policies' numbers in order.
//   ┌───────┬───────┬────────────┬─────────┬─────────────┐      ┌──────┬──────┐
//   │ layer │ pairs │ pair count │ members │ member count│      │ byte │ mask │ × pair count
//   └───────┴───────┴────────────┴─────────┴─────────────┘      └──────┴──────┘
// A pair: where a word of a row begins, and which of its 64 bits are the group's. Words without any are left out.
export const BODY_LAYER = 0
export const BODY_PAIRS = BODY_LAYER + 4
export const BODY_PAIR_COUNT = BODY_PAIRS + 4
export const BODY_MEMBERS = BODY_PAIR_COUNT + 4
export const BODY_MEMBER_COUNT = BODY_MEMBERS + 4
export const BODY_SIZE = BODY_MEMBER_COUNT + 4
export const PAIR_BYTE = 0
export const PAIR_MASK = PAIR_BYTE + 8
export const PAIR_SIZE = PAIR_MASK + 8

// A set: its groups.
export const HELD_GROUPS = 0
export const HELD_COUNT = HELD_GROUPS + 4
export const HELD_SIZE = HELD_COUNT + 4

// An action. The row has a bit for each statement whose Action element takes it in.
export const DEED_TEXT = 0
export const DEED_LENGTH = DEED_TEXT + 4
export const DEED_FLAGS = DEED_LENGTH + 4
export const DEED_ALWAYS = DEED_FLAGS + 4
export const DEED_NEVER = DEED_ALWAYS + 4
export const DEED_ROW = DEED_NEVER + 4
export const DEED_SIZE = DEED_ROW + 4

// A principal. Texts are address and length.
export const WHO_KIND = 0
export const WHO_FLAGS = WHO_KIND + 4
export const WHO_PRINCIPAL = WHO_FLAGS + 4
export const WHO_BASE = WHO_PRINCIPAL + 8
export const WHO_ACCOUNT = WHO_BASE + 8
export const WHO_PARTITION = WHO_ACCOUNT + 8
export const WHO_KEYS = WHO_PARTITION + 8
export const WHO_KEY_COUNT = WHO_KEYS + 4
export const WHO_GROUPS = WHO_KEY_COUNT + 4
export const WHO_GROUP_COUNT = WHO_GROUPS + 4
export const WHO_SIZE = WHO_GROUP_COUNT + 4

// A holder: a principal that is asked about when everybody is, and whose identity a policy is part of. Each policy has a
// list of them, the last one first, in `holders`.
//   ┌───────────┬──────┐
//   │ principal │ next │   a number; the address of the one before, or 0
//   └───────────┴──────┘
export const HOLDER_ASKER = 0
export const HOLDER_NEXT = HOLDER_ASKER + 4
export const HOLDER_SIZE = HOLDER_NEXT + 4

// What belongs to a resource.
export const WHAT_KEYS = 0
export const WHAT_KEY_COUNT = WHAT_KEYS + 4
export const WHAT_GROUPS = WHAT_KEY_COUNT + 4
export const WHAT_GROUP_COUNT = WHAT_GROUPS + 4
export const WHAT_SIZE = WHAT_GROUP_COUNT + 4

// A context.
export const WHERE_KEYS = 0
export const WHERE_KEY_COUNT = WHERE_KEYS + 4
export const WHERE_SIZE = WHERE_KEY_COUNT + 4

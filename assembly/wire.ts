// The wire format between the host and the evaluator: what both sides import. Unannotated, since `number` is f64 in
// AssemblyScript. Everything is a little-endian u32 unless it says otherwise; a range is a first index and a count.
// A change of meaning raises WIRE_VERSION, which the host asserts when it instantiates the module.

export const WIRE_VERSION = 3

/** Stands for "there is none" in a field that otherwise holds an offset. */
export const NONE = 0x7fffffff

/** The size of a table's entry in a header: where it begins, and how many records it has. */
export const TABLE_SIZE = 8
export const TABLE_COUNT = 4

// ── Codes that functions of the module answer with ───────────────────────────────────────────────────────────────

export const OK = 0
/** The bytes are not what this format says. Nothing was decided. */
export const MALFORMED = -1
export const OUT_OF_MEMORY = -2

// ── The program: policies, compiled once, asked many times ───────────────────────────────────────────────────────
//
//   ┌───────┬─────────┬──────┬──────┬──────────┬───────┬────────┬──────────┬────────────┬──────┬──────────┬────────┬─ ─
//   │ magic │ version │ size │ keys │ services │ owner │ caller │ policies │ statements │ refs │ patterns │ pieces │
//   └───────┴─────────┴──────┴──────┴──────────┴───────┴────────┴──────────┴────────────┴──────┴──────────┴────────┴─ ─
//   ─ ─┬────────────┬────────┬────────────┬─────────┬──────────────────────────────────────
//      │ conditions │ values │ principals │ strings │  the tables, each where its entry says …
//   ─ ─┴────────────┴────────┴────────────┴─────────┴──────────────────────────────────────
//
// Offsets of tables count from the program's first byte; offsets of texts from the strings table. `size` is the whole.
// `keys` is how many context keys the policies name; the host numbers them, and the module knows them by number only.
// So with `services`, the prefixes of action patterns, numbered from 1. `owner` and `caller` are the
// numbers of the keys `aws:ResourceAccount` and `kms:CallerAccount`, which the module itself derives, or NONE.

/** "IAMP" */
export const PROGRAM_MAGIC = 0x504d4149
export const PROGRAM_MAGIC_AT = 0
export const PROGRAM_VERSION_AT = PROGRAM_MAGIC_AT + 4
export const PROGRAM_SIZE_AT = PROGRAM_VERSION_AT + 4
export const PROGRAM_KEYS_AT = PROGRAM_SIZE_AT + 4
export const PROGRAM_SERVICES_AT = PROGRAM_KEYS_AT + 4
export const PROGRAM_OWNER_KEY_AT = PROGRAM_SERVICES_AT + 4
export const PROGRAM_CALLER_KEY_AT = PROGRAM_OWNER_KEY_AT + 4
export const PROGRAM_POLICIES = PROGRAM_CALLER_KEY_AT + 4
export const PROGRAM_STATEMENTS = PROGRAM_POLICIES + TABLE_SIZE
export const PROGRAM_REFS = PROGRAM_STATEMENTS + TABLE_SIZE
export const PROGRAM_PATTERNS = PROGRAM_REFS + TABLE_SIZE
export const PROGRAM_PIECES = PROGRAM_PATTERNS + TABLE_SIZE
export const PROGRAM_CONDITIONS = PROGRAM_PIECES + TABLE_SIZE
export const PROGRAM_VALUES = PROGRAM_CONDITIONS + TABLE_SIZE
export const PROGRAM_PRINCIPALS = PROGRAM_VALUES + TABLE_SIZE
export const PROGRAM_STRINGS = PROGRAM_PRINCIPALS + TABLE_SIZE
export const PROGRAM_HEADER_SIZE = PROGRAM_STRINGS + TABLE_SIZE

/** One element of `refs`: the number of a statement, pattern, value, condition or principal. */
export const REF_SIZE = 4

/** The keys that all policies of one program may name, and the services, at most. */
export const MAX_KEYS = 1048576
/** The entries that all lists of one program may have together, at most; shared lists count each time. */
export const MAX_LISTED = 67108864

// A policy: its statements, in order, through refs. Equal statements of different policies are one.
//   ┌───────┬───────┐
//   │ first │ count │
//   └───────┴───────┘
export const POLICY_STATEMENTS = 0
export const POLICY_SIZE = POLICY_STATEMENTS + 8

// A statement. Each list is a range of refs.
//   ┌───────┬─────────┬───────────┬────────────┬────────────┐
//   │ flags │ actions │ resources │ principals │ conditions │
//   └───────┴─────────┴───────────┴────────────┴────────────┘
export const STATEMENT_FLAGS = 0
export const STATEMENT_ACTIONS = STATEMENT_FLAGS + 4
export const STATEMENT_RESOURCES = STATEMENT_ACTIONS + 8
export const STATEMENT_PRINCIPALS = STATEMENT_RESOURCES + 8
export const STATEMENT_CONDITIONS = STATEMENT_PRINCIPALS + 8
export const STATEMENT_SIZE = STATEMENT_CONDITIONS + 8

export const STATEMENT_DENIES = 1
export const STATEMENT_NOT_ACTION = 2
export const STATEMENT_NOT_RESOURCE = 4
/** There is no Resource element: the statement is about whatever its policy is attached to. */
export const STATEMENT_ANY_RESOURCE = 8
export const STATEMENT_NOT_PRINCIPAL = 16
/** There is no Principal element. */
export const STATEMENT_NO_PRINCIPAL = 32

// A pattern of an action, a resource, or a string or ARN condition value.
//   ┌──────┬───────┬───────┬───────┬────────────┬─────────┐   range of pieces; the shortest text that can match, in
//   │ kind │ flags │ first │ count │ min length │ service │   bytes; of an action pattern the number of its service,
//   └──────┴───────┴───────┴───────┴────────────┴─────────┘   or 0: it is no action pattern, or one for any service
export const PATTERN_KIND = 0
export const PATTERN_FLAGS = PATTERN_KIND + 4
export const PATTERN_PIECES = PATTERN_FLAGS + 4
export const PATTERN_MIN_LENGTH = PATTERN_PIECES + 8
export const PATTERN_SERVICE = PATTERN_MIN_LENGTH + 4
export const PATTERN_SIZE = PATTERN_SERVICE + 4

export const PATTERN_NEVER = 0
/** Nothing but stars: the only kind that matches the resource `*`. */
export const PATTERN_ANY = 1
/** One literal piece, equal to the whole text. */
export const PATTERN_EXACT = 2
/** One literal piece that the text begins with. */
export const PATTERN_PREFIX = 3
export const PATTERN_GLOB = 4
export const PATTERN_KINDS = 5

/** Compares with the text's folded form, ignoring the case of ASCII letters; the host folds all others. */
export const PATTERN_FOLDS = 1
/** Has variable pieces: it is put together for each request. */
export const PATTERN_TEMPLATE = 2
/** An ARN condition: in a template, wildcards before the fifth colon of the result stay inside their segment. */
export const PATTERN_ARN = 4

// A piece of a pattern.
//   ┌──────┬─────────────┬──────────────────┬────────────────┐
//   │ kind │ text or key │ length of text   │                │   literal: offset and length of its text
//   │      │             │ or default's at  │ default length │   variable: key, default text (NONE: no default)
//   └──────┴─────────────┴──────────────────┴────────────────┘
export const PIECE_KIND = 0
export const PIECE_TEXT = PIECE_KIND + 4
export const PIECE_LENGTH = PIECE_TEXT + 4
export const PIECE_SIZE = PIECE_LENGTH + 8
export const PIECE_KEY = PIECE_TEXT
export const PIECE_DEFAULT = PIECE_KEY + 4
export const PIECE_DEFAULT_LENGTH = PIECE_DEFAULT + 4

export const PIECE_LITERAL = 0
/** Any bytes. */
export const PIECE_STAR = 1
/** Any bytes but a colon: a star inside one of an ARN's first five segments. */
export const PIECE_STAR_IN_SEGMENT = 2
/** One character (one code point). */
export const PIECE_ONE = 3
/** One character that is not a colon. */
export const PIECE_ONE_IN_SEGMENT = 4
export const PIECE_VARIABLE = 5
export const PIECE_KINDS = 6

// A condition: one operator, one key. Values are refs to patterns (string and ARN operators) or to values (the others).
//   ┌──────────┬───────┬─────┬───────┬───────┐
//   │ operator │ flags │ key │ first │ count │
//   └──────────┴───────┴─────┴───────┴───────┘
export const CONDITION_OPERATOR = 0
export const CONDITION_FLAGS = CONDITION_OPERATOR + 4
export const CONDITION_KEY = CONDITION_FLAGS + 4
export const CONDITION_VALUES = CONDITION_KEY + 4
export const CONDITION_SIZE = CONDITION_VALUES + 8

export const CONDITION_NEGATED = 1
export const CONDITION_IF_EXISTS = 2
export const CONDITION_FOR_ALL = 4
export const CONDITION_FOR_ANY = 8

// Of 32 at most. The string operators differ in their patterns only, the negated ones in their flag. What the module does by
// each stands in `operators.ts`: a number that has its place here alone is malformed.
export const OPERATOR_STRING = 0
export const OPERATOR_ARN = 1
export const OPERATOR_NUMBER_EQUALS = 2
export const OPERATOR_NUMBER_LESS = 3
export const OPERATOR_NUMBER_LESS_EQUALS = 4
export const OPERATOR_NUMBER_GREATER = 5
export const OPERATOR_NUMBER_GREATER_EQUALS = 6
export const OPERATOR_DATE_EQUALS = 7
export const OPERATOR_DATE_LESS = 8
export const OPERATOR_DATE_LESS_EQUALS = 9
export const OPERATOR_DATE_GREATER = 10
export const OPERATOR_DATE_GREATER_EQUALS = 11
export const OPERATOR_BOOL = 12
export const OPERATOR_BINARY = 13
export const OPERATOR_ADDRESS = 14
export const OPERATOR_NULL = 15

// A text of a program (typed condition values). The module parses each once, when the program is loaded.
//   ┌──────┬────────┐
//   │ text │ length │
//   └──────┴────────┘
export const VALUE_TEXT = 0
export const VALUE_LENGTH = VALUE_TEXT + 4
export const VALUE_SIZE = VALUE_LENGTH + 4

// Whom a statement names: an entry of Principal or NotPrincipal.
//   ┌──────┬──────┬────────┐
//   │ kind │ text │ length │   an account's root ARN: its id, then its partition
//   └──────┴──────┴────────┘
export const NAMED_KIND = 0
export const NAMED_TEXT = NAMED_KIND + 4
export const NAMED_LENGTH = NAMED_TEXT + 4
export const NAMED_SIZE = NAMED_LENGTH + 4

export const NAMED_EVERYONE = 0
export const NAMED_ACCOUNT = 1
export const NAMED_ARN = 2
export const NAMED_SERVICE = 3
export const NAMED_FEDERATED = 4
export const NAMED_CANONICAL_USER = 5
export const NAMED_UNIQUE_ID = 6
export const NAMED_ROOT = 7
export const NAMED_KINDS = 8

// ── The block: whom requests are about, and the requests, written to the arena in one go ─────────────────────────
//
//   ┌───────┬──────┬─────────┬──────┬────────┬─────────┬────────────┬───────────┬──────────┬──────┬────────┬─ ─
//   │ magic │ size │ actions │ sets │ groups │ members │ principals │ resources │ contexts │ keys │ values │
//   └───────┴──────┴─────────┴──────┴────────┴─────────┴────────────┴───────────┴──────────┴──────┴────────┴─ ─
//   ─ ─┬──────────┬─────────┬───────────────
//      │ requests │ strings │  the tables …
//   ─ ─┴──────────┴─────────┴───────────────
//
// Offsets of tables count from the block's first byte, offsets of texts from its strings. A block is either registered
// or opened. What is registered (actions, sets, principals, resources, contexts) stays until the program goes, and is
// numbered from 0 in the order of its coming. An opened block brings requests and, if need be, contexts of their own,
// whose numbers go on where those of the registered ones end.

/** "IAMB" */
export const BLOCK_MAGIC = 0x424d4149
export const BLOCK_MAGIC_AT = 0
export const BLOCK_SIZE_AT = BLOCK_MAGIC_AT + 4
export const BLOCK_ACTIONS = BLOCK_SIZE_AT + 4
export const BLOCK_SETS = BLOCK_ACTIONS + TABLE_SIZE
export const BLOCK_GROUPS = BLOCK_SETS + TABLE_SIZE
export const BLOCK_MEMBERS = BLOCK_GROUPS + TABLE_SIZE
export const BLOCK_PRINCIPALS = BLOCK_MEMBERS + TABLE_SIZE
export const BLOCK_RESOURCES = BLOCK_PRINCIPALS + TABLE_SIZE
export const BLOCK_CONTEXTS = BLOCK_RESOURCES + TABLE_SIZE
export const BLOCK_KEYS = BLOCK_CONTEXTS + TABLE_SIZE
export const BLOCK_VALUES = BLOCK_KEYS + TABLE_SIZE
export const BLOCK_REQUESTS = BLOCK_VALUES + TABLE_SIZE
export const BLOCK_STRINGS = BLOCK_REQUESTS + TABLE_SIZE
export const BLOCK_HEADER_SIZE = BLOCK_STRINGS + TABLE_SIZE

// An action: its text in lower case, the number of its service (0: no policy names it), and what is special about it.
//   ┌──────┬────────┬─────────┬───────┬────────┬───────┐
//   │ text │ length │ service │ flags │ always │ never │
//   └──────┴────────┴─────────┴───────┴────────┴───────┘
// `always` and `never`: bits of the kinds of principal for which it needs no policy, or that can't call it.
export const ACTION_TEXT = 0
export const ACTION_SERVICE = ACTION_TEXT + 8
export const ACTION_FLAGS = ACTION_SERVICE + 4
export const ACTION_ALWAYS = ACTION_FLAGS + 4
export const ACTION_NEVER = ACTION_ALWAYS + 4
export const ACTION_SIZE = ACTION_NEVER + 4

/** On a role, its trust policy decides. */
export const ACTION_ASSUMES = 1
/** On a key, its key policy decides. */
export const ACTION_USES_KEYS = 2
/** On the resource `*`, a pattern that covers all buckets suffices. */
export const ACTION_LISTS_BUCKETS = 4
/** No resource policy opens it to other accounts. */
export const ACTION_STAYS = 8
/** What AWS owns can't be changed by it. */
export const ACTION_CHANGES = 16
/** Whatever it is about, what stands for the organization's say decides. */
export const ACTION_ASSUMES_ROOT = 32

// A set of policies: the groups of a principal, or of a resource.
//   ┌───────┬───────┐
//   │ first │ count │   range of groups
//   └───────┴───────┘
export const SET_GROUPS = 0
export const SET_SIZE = SET_GROUPS + 8

// A principal. Texts are offset and length: its ARN, service name or provider; the ARN of a session's role or of a
// federated user's parent; its account and its partition (empty: it has none). Then a range of the context keys that
// follow from who it is, and the number of its set.
//   ┌──────┬───────┬──────┬──────┬─────────┬───────────┬──────┬─────┐
//   │ kind │ flags │ name │ base │ account │ partition │ keys │ set │
//   └──────┴───────┴──────┴──────┴─────────┴───────────┴──────┴─────┘
export const PRINCIPAL_KIND = 0
export const PRINCIPAL_FLAGS = PRINCIPAL_KIND + 4
export const PRINCIPAL_NAME = PRINCIPAL_FLAGS + 4
export const PRINCIPAL_BASE = PRINCIPAL_NAME + 8
export const PRINCIPAL_ACCOUNT = PRINCIPAL_BASE + 8
export const PRINCIPAL_PARTITION = PRINCIPAL_ACCOUNT + 8
export const PRINCIPAL_KEYS = PRINCIPAL_PARTITION + 8
export const PRINCIPAL_SET = PRINCIPAL_KEYS + 8
export const PRINCIPAL_SIZE = PRINCIPAL_SET + 4

/** The principal is a service-linked role: no SCP and no RCP binds it. */
export const PRINCIPAL_SERVICE_LINKED = 1
/** A question about everybody is about this principal too. */
export const PRINCIPAL_LISTED = 2
/** The principal is a session, and its base a guess: any role of that name in that account is its role. */
export const PRINCIPAL_BASE_BY_NAME = 4
/** Partitions are short. */
export const MAX_PARTITION = 32

// What belongs to a resource: the number of its set, and a range of the context keys that follow from which it is.
//   ┌─────┬──────┐
//   │ set │ keys │
//   └─────┴──────┘
export const FACTS_SET = 0
export const FACTS_KEYS = FACTS_SET + 4
export const FACTS_SIZE = FACTS_KEYS + 8

// A context: a range of keys.
export const CONTEXT_KEYS = 0
export const CONTEXT_SIZE = CONTEXT_KEYS + 8

// A request: numbers of a principal, of a resource's facts (NONE: it has none), of an action; the resource's ARN or
// `*`; the number of a context, NONE, or PENDING; and the account that owns the resource, if somebody says so.
//   ┌───────────┬───────┬────────┬──────────┬─────────┬───────┐
//   │ principal │ facts │ action │ resource │ context │ owner │
//   └───────────┴───────┴────────┴──────────┴─────────┴───────┘
export const REQUEST_PRINCIPAL = 0
export const REQUEST_FACTS = REQUEST_PRINCIPAL + 4
export const REQUEST_ACTION = REQUEST_FACTS + 4
export const REQUEST_RESOURCE = REQUEST_ACTION + 4
export const REQUEST_CONTEXT = REQUEST_RESOURCE + 8
export const REQUEST_OWNER = REQUEST_CONTEXT + 4
export const REQUEST_SIZE = REQUEST_OWNER + 8

/** There is a context, but it was not written: the answer may be that it is needed. */
export const PENDING = 0x7ffffffe

/** Kinds of principal. */
export const KIND_USER = 0
/** A role as such, or a session of it (then the principal is the session, the base the role). */
export const KIND_ROLE = 1
export const KIND_FEDERATED_USER = 2
export const KIND_ROOT = 3
export const KIND_SERVICE = 4
export const KIND_ANONYMOUS = 5
/** A SAML or OpenID Connect provider, whose word alone a trust policy takes. */
export const KIND_PROVIDER = 6
/** The rest have no identity policies that could be known: an account or one of CloudFront's own identities. */
export const KIND_CANONICAL_USER = 7
/** A user or role of which nothing but its unique id is known. */
export const KIND_UNIQUE_ID = 8
export const KINDS = 9

// A group: the policies of one layer, or of one level of an organization's tree. Its policies are united.
//   ┌───────┬───────┬───────┐
//   │ layer │ first │ count │   range of members, each the number of a policy
//   └───────┴───────┴───────┘
export const GROUP_LAYER = 0
export const GROUP_MEMBERS = GROUP_LAYER + 4
export const GROUP_SIZE = GROUP_MEMBERS + 8
export const MEMBER_SIZE = 4

export const LAYER_IDENTITY = 0
export const LAYER_BOUNDARY = 1
export const LAYER_SESSION = 2
export const LAYER_SCP = 3
export const LAYER_RCP = 4
export const LAYER_RESOURCE = 5
/** The policies of the VPC endpoint that a request comes through: of an interface endpoint, of a gateway endpoint. */
export const LAYER_ENDPOINT = 6
export const LAYER_GATEWAY_ENDPOINT = 7
export const LAYERS = 8

// A context key of a request that has it; an empty list has a count of 0.
//   ┌─────┬───────┬───────┐
//   │ key │ first │ count │   range of values
//   └─────┴───────┴───────┘
export const KEY_NUMBER = 0
export const KEY_VALUES = KEY_NUMBER + 4
export const KEY_SIZE = KEY_VALUES + 8

// A value of a context key, and the same with its letters beyond ASCII folded (the same offset, if it has none).
//   ┌──────┬────────┬────────┬───────────────┐
//   │ text │ length │ folded │ folded length │
//   └──────┴────────┴────────┴───────────────┘
export const GIVEN_TEXT = 0
export const GIVEN_LENGTH = GIVEN_TEXT + 4
export const GIVEN_FOLDED = GIVEN_LENGTH + 4
export const GIVEN_FOLDED_LENGTH = GIVEN_FOLDED + 4
export const GIVEN_SIZE = GIVEN_FOLDED_LENGTH + 4

// ── Names: texts of lines, and the numbers that they stand for ───────────────────────────────────────────────────
//
//   ┌──────┬────────┬─────────────┬───────┬────────┬──────┬──────┬─────────┐
//   │ kind │ length │ more length │ first │ second │ text │ more │ padding │ …  one behind the other, each from a word on
//   └──────┴────────┴─────────────┴───────┴────────┴──────┴──────┴─────────┘
// Texts stand as they do in JSON between quotes, without escapes. What is named stays as long as what is registered.
export const NAME_KIND = 0
export const NAME_LENGTH = NAME_KIND + 4
export const NAME_MORE_LENGTH = NAME_LENGTH + 4
export const NAME_FIRST = NAME_MORE_LENGTH + 4
export const NAME_SECOND = NAME_FIRST + 4
export const NAME_TEXT = NAME_SECOND + 4

/** A principal, then a set of policies: the numbers of both as a principal, and of the facts of what it asks about or NONE. */
export const NAME_ASKER = 0
/** An action: its number, and which requests for it may be decided as they stand (NAMED_ACTION_…). */
export const NAME_ACTION = 1
/** A context key: the number of its spellings, which differ in case only, and its number in the program or NONE. */
export const NAME_KEY = 2
export const NAME_KINDS = 3
export const NAMED_ACTION_ALWAYS = 0
/** It is another action by credentials of which the context says when they were issued. */
export const NAMED_ACTION_WITHOUT_TOKEN = 1
/** They are left to the host. */
export const NAMED_ACTION_LEFT = 2
/** The spellings of `aws:TokenIssueTime`. */
export const SPELLING_TOKEN = 0
/** Context keys that may be told apart. */
export const MAX_SPELLINGS = 4096

// ── Lines: JSON texts as `evaluate --batch` takes them, decided in place ─────────────────────────────────────────
//
// What comes of them, at the answers' address: how many bytes were read and how many lines that is; where the answers
// stand, a JSON line for each line that was decided, and their size; where the lines stand that are left, and how many.
//   ┌──────┬───────┬─────────┬──────────────┬──────┬────────────┐
//   │ read │ lines │ answers │ answers size │ left │ left count │
//   └──────┴───────┴─────────┴──────────────┴──────┴────────────┘
export const LINES_READ = 0
export const LINES_COUNT = LINES_READ + 4
export const LINES_ANSWERS = LINES_COUNT + 4
export const LINES_ANSWERS_SIZE = LINES_ANSWERS + 4
export const LINES_LEFT = LINES_ANSWERS_SIZE + 4
export const LINES_LEFT_COUNT = LINES_LEFT + 4
export const LINES_HEADER_SIZE = LINES_LEFT_COUNT + 4

// A line that is left to the host, who knows all that a line may be: its first byte and its end, its number from 0, how
// many bytes of answers stand before its own, and whether it is left for names that aren't known (1), or for what it is.
//   ┌───────┬─────┬────────┬────────┬───────────┐
//   │ start │ end │ number │ before │ for names │
//   └───────┴─────┴────────┴────────┴───────────┘
export const LEFT_START = 0
export const LEFT_END = LEFT_START + 4
export const LEFT_NUMBER = LEFT_END + 4
export const LEFT_BEFORE = LEFT_NUMBER + 4
export const LEFT_FOR_NAMES = LEFT_BEFORE + 4
export const LEFT_SIZE = LEFT_FOR_NAMES + 4
/** Once so many are left, no more lines are read. */
export const MAX_LEFT = 2048

// ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────────────

export const DECISION_ALLOW = 0
export const DECISION_EXPLICIT_DENY = 1
export const DECISION_IMPLICIT_DENY = 2
/** Not decided: the context that was not written could change the decision. */
export const CONTEXT_NEEDED = 3
/** Not decided: the resource is neither an ARN nor `*`. */
export const RESOURCE_INVALID = 4
/** In the answers to a question about everybody: nobody was asked for. */
export const NOT_LISTED = 5

// An explanation: what each group said, and which statements made it say so.
//   ┌──────────┬───────┬─────────┬──────────────────┬──────────────────────────────────────────────────
//   │ decision │ flags │ matches │ outcome × groups │ (group, member, statement, outcome, detail) × matches
//   └──────────┴───────┴─────────┴──────────────────┴──────────────────────────────────────────────────
// Groups are those of the principal's set, then those of the resource's. `member` is the policy's place in its group,
// `statement` the statement's place in its policy, `detail` the place of the condition that fails.
export const EXPLANATION_DECISION = 0
export const EXPLANATION_FLAGS = EXPLANATION_DECISION + 4
export const EXPLANATION_MATCHES = EXPLANATION_FLAGS + 4
export const EXPLANATION_GROUPS = EXPLANATION_MATCHES + 4
export const OUTCOME_SIZE = 4
export const MATCH_GROUP = 0
export const MATCH_MEMBER = MATCH_GROUP + 4
export const MATCH_STATEMENT = MATCH_MEMBER + 4
export const MATCH_OUTCOME = MATCH_STATEMENT + 4
export const MATCH_DETAIL = MATCH_OUTCOME + 4
export const MATCH_SIZE = MATCH_DETAIL + 4

/** Nothing is allowed without the resource's own policy. */
export const EXPLANATION_NEEDS_RESOURCE = 1

/** What to list: the statements that speak of the request, or all, with what failed first. */
export const EXPLAIN_SPEAKERS = 0
export const EXPLAIN_ALL = 1

/** Outcome of a group (bits). */
export const GROUP_BINDS = 1
export const GROUP_ALLOWS = 2
export const GROUP_DENIES = 4
/** Some statement is about the action, resource and principal, whether its conditions hold or not. */
export const GROUP_SPEAKS = 8

/** Outcome of a statement in an explanation; the last three in full ones only. */
export const OUTCOME_ALLOWS = 1
export const OUTCOME_DENIES = 2
/** All but its conditions match. */
export const OUTCOME_CONDITIONS_FAIL = 3
export const OUTCOME_ACTION_FAILS = 4
export const OUTCOME_RESOURCE_FAILS = 5
export const OUTCOME_PRINCIPAL_FAILS = 6

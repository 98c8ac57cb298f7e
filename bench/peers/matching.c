// Decisions in C, as the limit of what the machine can do: the same tables as the evaluator's, walked in the same way,
// without the values of a context, conditions or variables. `bare` is the matching loop alone; `whole` also does for a
// request what the module does: all segments of the ARN, the partition, who owns the resource, what is special about the
// action, which layers there are and bind, and how they unite. `bench/evaluator/native.mjs` writes the tables, and tells
// what is compared.
//
//   matching TABLES DECISIONS RUNS bare|whole
//
// TABLES is little-endian, every section beginning at a multiple of 8 bytes:
//   ┌────────┬───────┬────────┬─────────┬────────────┬──────────┬───────┬────────────┬────────┬───────┬──────────┬───────┐
//   │ counts │ rows  │ denies │ actions │ statements │ patterns │ parts │ principals │ groups │ pairs │ requests │ texts │
//   │        │       │ plain  │         │            │          │       │            │        │       │          │       │
//   └────────┴───────┴────────┴─────────┴────────────┴──────────┴───────┴────────────┴────────┴───────┴──────────┴───────┘
// Writes one byte for each request to DECISIONS (0 allow, 1 explicit deny, 2 implicit deny), and to stdout a line for each
// run: nanoseconds for all requests.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { ALLOW, EXPLICIT_DENY, IMPLICIT_DENY, INVALID };
enum { ANY, EXACT, PREFIX, GLOB };
enum { TEXT, STAR, ONE };
enum { NOT_RESOURCE = 1 };
// As in `assembly/wire.ts`.
enum { ASSUMES = 1, USES_KEYS = 2, LISTS_BUCKETS = 4, STAYS = 8, CHANGES = 16, ASSUMES_ROOT = 32 };
enum { USER, ROLE, FEDERATED_USER, ROOT };
enum { IDENTITY, BOUNDARY, SESSION, SCP };
enum { SERVICE_LINKED = 1 };
static const uint32_t NONE = 0x7fffffff;

typedef struct { uint32_t rowWords, actions, statements, patterns, parts, principals, groups, pairs, requests, texts; } Counts;
typedef struct { uint32_t flags, firstPattern, patternCount, conditionCount; } Statement;
typedef struct { uint32_t kind, firstPart, partCount, minLength; } Pattern;
typedef struct { uint32_t kind, text, length, unused; } Part;
typedef struct { uint32_t flags, always, never, unused; } Action;
typedef struct { uint32_t account, firstGroup, groupCount, kind, partition, partitionLength, flags, unused; } Principal;
typedef struct { uint32_t firstPair, pairCount, layer, unused; } Group;
typedef struct { uint64_t word, mask; } Pair;
typedef struct { uint32_t principal, action, text, length, facts, context, owner, ownerLength; } Request;

static const Counts *counts;
static const uint64_t *rows, *denyRow, *plainRow;
static const Action *actions;
static const Statement *statements;
static const Pattern *patterns;
static const Part *parts;
static const Principal *principals;
static const Group *groups;
static const Pair *pairs;
static const Request *requests;
static const char *texts;

/** Goes back to the last star only: what stood before it was matched as early as possible. */
static bool matchParts(const Part *part, const Part *end, const char *text, const char *textEnd) {
  const Part *star = NULL;
  const char *starText = NULL;
  for (;;) {
    bool advances = false;
    if (part < end) {
      if (part->kind == TEXT) {
        advances = part->length <= (size_t)(textEnd - text) && memcmp(texts + part->text, text, part->length) == 0;
        if (advances) text += part->length;
      } else if (part->kind == ONE) {
        advances = text < textEnd;
        if (advances) text++;
      } else {
        star = part + 1;
        if (star == end) return true;
        if (star + 1 == end && star->kind == TEXT)
          return star->length <= (size_t)(textEnd - text) &&
                 memcmp(texts + star->text, textEnd - star->length, star->length) == 0;
        starText = text;
        advances = true;
      }
      if (advances) {
        part++;
        continue;
      }
    } else if (text == textEnd) {
      return true;
    }
    if (star == NULL || starText >= textEnd) return false;
    part = star;
    starText++;
    if (star->kind == TEXT) {
      starText = memchr(starText, texts[star->text], (size_t)(textEnd - starText));
      if (starText == NULL) return false;
    }
    text = starText;
  }
}

static bool matches(const Pattern *pattern, const char *text, uint32_t length) {
  if (pattern->kind == ANY) return true;
  if (length < pattern->minLength) return false;
  const Part *first = parts + pattern->firstPart;
  if (pattern->kind == EXACT) return first->length == length && memcmp(texts + first->text, text, length) == 0;
  if (pattern->kind == PREFIX) return memcmp(texts + first->text, text, first->length) == 0;
  return matchParts(first, first + pattern->partCount, text, text + length);
}

static bool resourceMatches(const Statement *statement, const char *text, uint32_t length, bool isAny) {
  bool negated = (statement->flags & NOT_RESOURCE) != 0;
  const Pattern *pattern = patterns + statement->firstPattern;
  for (const Pattern *end = pattern + statement->patternCount; pattern < end; pattern++)
    if (isAny ? pattern->kind == ANY : matches(pattern, text, length)) return !negated;
  return negated;
}

/** Where the fourth and the fifth colon of an ARN are: between them stands the account. */
static void findAccount(const char *text, const char *end, const char **from, const char **to) {
  int colons = 0;
#ifdef __SSE2__
  for (; text + 16 <= end; text += 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)text);
    uint32_t mask = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(':')));
    for (; mask != 0; mask &= mask - 1) {
      colons++;
      if (colons == 4) *from = text + __builtin_ctz(mask) + 1;
      if (colons == 5) {
        *to = text + __builtin_ctz(mask);
        return;
      }
    }
  }
#endif
  for (; text < end; text++) {
    if (*text != ':') continue;
    colons++;
    if (colons == 4) *from = text + 1;
    if (colons == 5) {
      *to = text;
      return;
    }
  }
}

static bool speaks(const Statement *statement, const char *text, uint32_t length, bool isAny) {
  if (!resourceMatches(statement, text, length, isAny)) return false;
  // No statement of these tables has any.
  if (statement->conditionCount != 0) abort();
  return true;
}

static bool allows(const Group *group, const uint64_t *row, const char *text, uint32_t length, bool isAny, bool *denied) {
  bool allowed = false;
  const Pair *pair = pairs + group->firstPair;
  for (const Pair *end = pair + group->pairCount; pair < end; pair++) {
    uint64_t candidates = row[pair->word] & pair->mask;
    if (candidates == 0) continue;
    const Statement *first = statements + pair->word * 64;
    uint64_t denies = candidates & denyRow[pair->word];
    uint64_t rest = candidates ^ denies;
    for (; denies != 0; denies &= denies - 1) {
      if (speaks(first + __builtin_ctzll(denies), text, length, isAny)) {
        *denied = true;
        return false;
      }
    }
    if (allowed) continue;
    if ((rest & plainRow[pair->word]) != 0) {
      allowed = true;
      continue;
    }
    for (; rest != 0 && !allowed; rest &= rest - 1)
      allowed = speaks(first + __builtin_ctzll(rest), text, length, isAny);
  }
  return allowed;
}

static uint8_t decideBare(const Request *request) {
  const Principal *principal = principals + request->principal;
  const uint64_t *row = rows + (size_t)request->action * counts->rowWords;
  const char *text = texts + request->text;
  bool isAny = request->length == 1 && *text == '*';
  bool isOwn = true;
  if (!isAny) {
    const char *from = text, *to = text;
    findAccount(text, text + request->length, &from, &to);
    isOwn = to - from != 12 || memcmp(from, texts + principal->account, 12) == 0;
  }
  bool denied = false;
  bool allowed = isOwn;
  const Group *group = groups + principal->firstGroup;
  for (const Group *end = group + principal->groupCount; group < end; group++) {
    if (!allows(group, row, text, request->length, isAny, &denied)) allowed = false;
    if (denied) return EXPLICIT_DENY;
  }
  return allowed ? ALLOW : IMPLICIT_DENY;
}

/** Where the segments of a resource's ARN end. */
typedef struct { const char *partition, *service, *region, *account; } Segments;

static bool findSegments(const char *text, const char *end, Segments *segments) {
  if (end - text < 8 || memcmp(text, "arn:", 4) != 0) return false;
  const char *found[4];
  int colons = 0;
  text += 4;
#ifdef __SSE2__
  for (; text + 16 <= end; text += 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)text);
    uint32_t mask = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(':')));
    for (; mask != 0; mask &= mask - 1) {
      found[colons++] = text + __builtin_ctz(mask);
      if (colons == 4) goto done;
    }
  }
#endif
  for (; text < end; text++) {
    if (*text != ':') continue;
    found[colons++] = text;
    if (colons == 4) goto done;
  }
  return false;
done:
  *segments = (Segments){found[0], found[1], found[2], found[3]};
  return true;
}

static bool isAccount(const char *from, const char *to) {
  if (to - from != 12) return false;
  for (; from < to; from++)
    if ((unsigned)(*from - '0') > 9) return false;
  return true;
}

static bool startsWith(const char *text, const char *end, const char *start) {
  size_t length = strlen(start);
  return (size_t)(end - text) >= length && memcmp(text, start, length) == 0;
}

static bool decidesItself(uint32_t flags, const Segments *at, const char *end) {
  const char *service = at->partition + 1;
  if (at->service - service != 3) return false;
  if ((flags & ASSUMES) != 0 && memcmp(service, "iam", 3) == 0 && at->region - at->service == 1)
    return startsWith(at->account + 1, end, "role/");
  return (flags & USES_KEYS) != 0 && memcmp(service, "kms", 3) == 0 && startsWith(at->account + 1, end, "key/");
}

static bool belongsToAws(const Segments *at, const char *end) {
  const char *service = at->partition + 1;
  if (at->service - service != 3) return false;
  if (memcmp(service, "iam", 3) == 0) return at->account - at->region == 4 && memcmp(at->region + 1, "aws", 3) == 0;
  return memcmp(service, "kms", 3) == 0 && startsWith(at->account + 1, end, "alias/aws/");
}

static bool binds(const Principal *principal, uint32_t layer) {
  switch (layer) {
    case SCP: return principal->kind <= ROOT && (principal->flags & SERVICE_LINKED) == 0;
    case BOUNDARY:
    case IDENTITY: return principal->kind < ROOT;
    default: return true;
  }
}

static uint8_t decideWhole(const Request *request) {
  const Principal *principal = principals + request->principal;
  const Action *action = actions + request->action;
  const uint64_t *row = rows + (size_t)request->action * counts->rowWords;
  const char *text = texts + request->text, *end = text + request->length;
  // These tables have neither policies of resources nor contexts, nor is anybody asked about all buckets.
  if (request->facts != NONE || request->context != NONE || (action->flags & LISTS_BUCKETS) != 0) abort();
  bool isAny = request->length == 1 && *text == '*';
  const char *account = texts + principal->account;
  const char *owner = request->ownerLength == 0 ? account : texts + request->owner;
  bool policyDecides = (action->flags & ASSUMES_ROOT) != 0, isOfAws = false, otherPartition = false;
  if (!isAny) {
    Segments at;
    if (!findSegments(text, end, &at)) return INVALID;
    if (request->ownerLength == 0 && isAccount(at.region + 1, at.account)) owner = at.region + 1;
    if ((action->flags & (ASSUMES | USES_KEYS)) != 0) policyDecides |= decidesItself(action->flags, &at, end);
    if ((action->flags & (STAYS | CHANGES)) != 0) isOfAws = belongsToAws(&at, end);
    uint32_t length = (uint32_t)(at.partition - text - 4);
    otherPartition = length != 0 && (length != principal->partitionLength ||
                                     memcmp(text + 4, texts + principal->partition, length) != 0);
  }
  bool sameAccount = isOfAws || memcmp(owner, account, 12) == 0;
  bool outOfReach = (isOfAws && (action->flags & CHANGES) != 0) || ((action->flags & STAYS) != 0 && !sameAccount);
  const Group *first = groups + principal->firstGroup, *last = first + principal->groupCount;
  bool hasBoundary = false, hasSession = false;
  for (const Group *group = first; group < last; group++) {
    if (group->layer == BOUNDARY) hasBoundary = binds(principal, BOUNDARY);
    if (group->layer == SESSION) hasSession = true;
  }
  if (((action->always >> principal->kind) & 1) != 0) return ALLOW;
  bool identity = false, boundary = false, session = false, organization = true, denied = false;
  for (const Group *group = first; group < last; group++) {
    if (!binds(principal, group->layer)) continue;
    bool allowed = allows(group, row, text, request->length, isAny, &denied);
    if (denied) return EXPLICIT_DENY;
    switch (group->layer) {
      case IDENTITY: identity |= allowed; break;
      case BOUNDARY: boundary |= allowed; break;
      case SESSION: session |= allowed; break;
      default: organization &= allowed;
    }
  }
  if (((action->never >> principal->kind) & 1) != 0 || otherPartition || outOfReach || !organization || !sameAccount)
    return IMPLICIT_DENY;
  bool withinLimits = (!hasBoundary || boundary) && (!hasSession || session);
  bool inherits = principal->kind != FEDERATED_USER || hasSession;
  return identity && withinLimits && inherits && !policyDecides ? ALLOW : IMPLICIT_DENY;
}

static const char *readFile(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) return NULL;
  long size = ftell(file);
  rewind(file);
  char *bytes = aligned_alloc(64, ((size_t)size + 127) / 64 * 64);
  if (bytes == NULL || fread(bytes, 1, (size_t)size, file) != (size_t)size) return NULL;
  fclose(file);
  return bytes;
}

static const void *section(const char **at, size_t bytes) {
  const void *start = *at;
  *at += (bytes + 7) / 8 * 8;
  return start;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

int main(int argc, char **argv) {
  const char *at = argc == 5 ? readFile(argv[1]) : NULL;
  if (at == NULL) {
    fprintf(stderr, "usage: matching TABLES DECISIONS RUNS bare|whole\n");
    return 2;
  }
  bool isWhole = strcmp(argv[4], "whole") == 0;
  counts = section(&at, sizeof(Counts));
  size_t rowSize = counts->rowWords * sizeof(uint64_t);
  rows = section(&at, counts->actions * rowSize);
  denyRow = section(&at, rowSize);
  plainRow = section(&at, rowSize);
  actions = section(&at, counts->actions * sizeof(Action));
  statements = section(&at, counts->statements * sizeof(Statement));
  patterns = section(&at, counts->patterns * sizeof(Pattern));
  parts = section(&at, counts->parts * sizeof(Part));
  principals = section(&at, counts->principals * sizeof(Principal));
  groups = section(&at, counts->groups * sizeof(Group));
  pairs = section(&at, counts->pairs * sizeof(Pair));
  requests = section(&at, counts->requests * sizeof(Request));
  texts = section(&at, counts->texts);
  uint8_t *decisions = malloc(counts->requests);
  if (decisions == NULL) return 1;
  // The first run warms up.
  for (int run = 0; run <= atoi(argv[3]); run++) {
    double start = now();
    if (isWhole)
      for (uint32_t number = 0; number < counts->requests; number++) decisions[number] = decideWhole(requests + number);
    else
      for (uint32_t number = 0; number < counts->requests; number++) decisions[number] = decideBare(requests + number);
    double end = now();
    if (run > 0) printf("%.0f\n", end - start);
  }
  FILE *file = fopen(argv[2], "wb");
  bool isWritten = file != NULL && fwrite(decisions, 1, counts->requests, file) == counts->requests;
  return isWritten && fclose(file) == 0 ? 0 : 1;
}

import type { CommandSpec } from './command-spec.ts'
import { ACCOUNT, COMMON, type FlagSpec } from './flag-specs.ts'

/** Which records of the log are asked for. */
const FILTERS: readonly FlagSpec[] = [
  {
    flags: '--event-name <operation>',
    description: 'only calls of this operation: `CreateUser` (repeatable: any of them)',
    repeatable: true,
  },
  {
    flags: '--user <who>',
    description: 'only calls by this user or role: a name, an ARN, a unique id, or the id of an access key',
  },
  {
    flags: '--since <time>',
    description: 'only calls from this time on: ISO 8601, or how long ago (`30m`, `24h`)',
  },
  { flags: '--until <time>', description: 'only calls up to this time, likewise' },
  { flags: '--errors', description: 'only calls that were refused, or failed' },
]

/** What calls to `serve` were written down. */
export const AUDIT_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'audit list',
    results: ['audit list'],
    emptyBody: { records: [] },
    summary: 'who called `serve`, when, for what, and what came of it',
    description:
      'Lists records of the audit log that `iam-sync serve` keeps beside the database of an account, the newest first.',
    positional: 'folder',
    flags: [
      ACCOUNT,
      ...FILTERS,
      { flags: '--limit <count>', description: 'how many at most', default: '100' },
      ...COMMON,
    ],
    examples: [
      ['iam-sync audit list --since 24h --errors', 'what was refused since yesterday'],
      ['iam-sync audit list --user alice --event-name CreateAccessKey --json', 'for a program'],
    ],
  },
  {
    name: 'audit verify',
    results: ['audit verify'],
    emptyBody: { audit: null },
    summary: 'whether the audit log is as it was written',
    description:
      'Holds each record to the hash in the next one, and the last to its seal, and names the first that was changed, removed, inserted or moved. Exit code: 0 all is as it was written, 4 it is not, 1 error.',
    positional: 'folder',
    flags: [
      ACCOUNT,
      {
        flags: '--expect <end>',
        description: 'NUMBER:HASH, as an earlier run printed the end: that record has to be there',
      },
      ...COMMON,
    ],
    examples: [
      ['iam-sync audit verify', 'the only account of the project'],
      [`iam-sync audit verify --expect "$(cat last-end)"`, 'and nothing of what was there before is gone'],
    ],
  },
  {
    name: 'audit export',
    results: [],
    emptyBody: {},
    summary: 'the audit log as CloudTrail has its files',
    description:
      'Prints `{"Records":[…]}`, the oldest first, for whatever reads files of CloudTrail. Each record has its place in the chain beside it, as `chain`.',
    positional: 'folder',
    flags: [ACCOUNT, ...FILTERS, ...COMMON],
    examples: [
      ['iam-sync audit export > records.json', 'all of it'],
      ['iam-sync audit export --since 2026-11-01 --until 2026-11-30', 'a month'],
    ],
  },
]

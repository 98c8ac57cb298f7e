// What random policies are made of, and the values that requests may have: few, but enough to tell policies apart.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { LISTED_ACTIONS } from './toy-catalog.ts'

/** Actions of requests: those of the catalogue, one that only policies name, and two that nobody knows. */
export const ASKED_ACTIONS: readonly string[] = [...LISTED_ACTIONS, 'x:q', 'x:zz', 'z:z', 'iam:z', 'sts:z']

export const ACTION_PATTERNS: readonly string[] = [
  ...LISTED_ACTIONS,
  'X:Q',
  'x:*',
  'x:*',
  'x:a*',
  'x:?',
  'y:*',
  's3:*',
  's3:list*',
  'iam:*',
  'sts:*',
  '*',
  '*',
  '*:*',
]

export const ASKED_RESOURCES: readonly string[] = [
  '*',
  'arn:aws:s::1:a',
  'arn:aws:s::1:ab',
  'arn:aws:s::1:b',
  'arn:aws:s::1:a:b',
  'arn:aws:s:r:1:a',
  'arn:aws:s:r:2:x',
  'arn:aws:t::1:al',
  'arn:aws:t:r::a',
  'arn:aws:s::1:al/a',
  'arn:aws:s::1:A',
  'arn:aws:s3:::a',
  'arn:aws:s3:::z',
  'arn:aws:s3:::a/a',
  'arn:aws:sqs:us-east-1:111122223333:a',
  'arn:aws:sqs:us-east-1:111122223333:a/a',
]

export const RESOURCE_PATTERNS: readonly string[] = [
  ...ASKED_RESOURCES,
  '*',
  '*',
  'arn:aws:s::1:*',
  'arn:aws:s:*:1:a',
  'arn:aws:s::1:a*',
  'arn:aws:s::1:?',
  'arn:aws:s::1:??*',
  'arn:aws:s::1:*b',
  'arn:aws:*:*:*:*',
  'arn:*:s:*:*:*/*',
  'arn:aws:s*',
  'arn:aws:*:a',
  'arn:aws:s3:::*',
  'arn:aws:s3:::?*',
  'arn:aws:s3:::a/*',
  'arn:aws:sqs:*:*:a*',
  'arn:aws:sqs:*-?:1111*:a',
  'arn:aws:s:r*:*:a*',
  'arn:aws:?::1:a*l*',
  'arn:aws:?::1:${aws:username}*',
  'arn:aws:s::1:${aws:username}/a',
  "arn:aws:s::1:${aws:PrincipalTag/none, 'a'}",
  'arn:aws:s::1:${aws:PrincipalTag/none}',
  'arn:aws:s::1:${*}',
]

/** With variables that requests may set. */
export const OPEN_RESOURCE_PATTERNS: readonly string[] = [
  'arn:aws:s::1:${x:s}*',
  'arn:aws:s::1:${x:s}',
  'arn:aws:s::1:${x:s}:${x:t}',
  "arn:aws:s::1:${x:t, 'b'}",
  'arn:aws:s:${x:s}:1:a',
  'arn:aws:s::1:*${x:t}',
  'arn:aws:s:${aws:RequestedRegion}:1:a',
  'arn:aws:s:*:${aws:ResourceAccount}:a*',
  'arn:aws:s::1:${aws:RequestTag/k}',
]

export interface KeySpace {
  readonly operators: readonly string[]
  readonly wanted: readonly string[]
  /** Of wanted values those with variables that requests may set. */
  readonly open?: readonly string[]
  /** Values that requests have. */
  readonly given: readonly string[]
  /** Whether requests may have several of them. */
  readonly single?: true
}

const withNegated = (...names: readonly string[]): readonly string[] => [
  ...names,
  ...names.map((name) =>
    name.startsWith('String')
      ? name.replace('String', 'StringNot')
      : name.startsWith('Arn')
        ? name.replace('Arn', 'ArnNot')
        : `Not${name}`,
  ),
]
const STRINGS = withNegated('StringEquals', 'StringEqualsIgnoreCase', 'StringLike')
const ordered = (type: string): readonly string[] =>
  ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
    (name) => `${type}${name}`,
  )
const ADDRESSES = withNegated('IpAddress')

const TEXTS = {
  operators: STRINGS,
  wanted: ['a', 'b', 'A', 'a*', '*', '?', 'ab', '*b', 'a?', '${aws:username}', '${*}', 'k'],
  given: ['a', 'b', 'A', 'ab', 'AB', 'al', '*', 'zzz', 'z', 'K', '\u212a'],
} as const
const NUMBERS = { operators: ordered('Numeric'), wanted: ['1', '2', '2.0', '-1', '1e1'] } as const
const DATES = {
  operators: ordered('Date'),
  wanted: ['2020-01-01', '2021-01-01T00:00:00Z', '1577836800', '2021-01-01T01:00:00+01:00', '2020'],
} as const
const RANGES = ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '10.1.2.2/31', '2001:db8::/32', '0.0.0.0/0'] as const
const GIVEN_ADDRESSES = ['10.0.0.1', '10.1.0.1', '10.1.2.3', '10.1.2.2', '11.0.0.1', '2001:db8::1', '::1']
const GIVEN_DATES = ['2019-01-01', '2020-01-01', '2020-06-01', '2021-01-01', '2022-01-01', '1577836800']
const GIVEN_NUMBERS = ['-2', '-1', '0', '1', '1.0', '1.5', '2', '3', '10', '11']

export const KEYS: Readonly<Record<string, KeySpace>> = {
  'x:s': { ...TEXTS, open: ['${x:t}', 'a${x:t}', "${x:t, 'b'}"] },
  'x:t': { ...TEXTS, open: ['${x:s}', '${x:s}*', "${x:s, 'a'}"] },
  'x:one': { ...TEXTS, wanted: [...TEXTS.wanted, ''], given: [...TEXTS.given, ''], single: true },
  'x:n': { ...NUMBERS, wanted: [...NUMBERS.wanted, 'q'], given: [...GIVEN_NUMBERS, 'q', 'p'] },
  'x:number': { ...NUMBERS, given: GIVEN_NUMBERS, single: true },
  'x:d': { ...DATES, wanted: [...DATES.wanted, 'q'], given: [...GIVEN_DATES, 'q', 'p'] },
  'x:date': { ...DATES, given: GIVEN_DATES, single: true },
  'x:i': { operators: ADDRESSES, wanted: [...RANGES, 'q'], given: [...GIVEN_ADDRESSES, 'q', 'p'] },
  'x:addresses': { operators: ADDRESSES, wanted: RANGES, given: GIVEN_ADDRESSES },
  'x:address': { operators: ADDRESSES, wanted: RANGES, given: GIVEN_ADDRESSES, single: true },
  'x:r': {
    operators: withNegated('ArnEquals', 'ArnLike'),
    wanted: [
      'arn:aws:s::1:a',
      'arn:aws:s:*:1:*',
      'arn:*:s::1:a',
      '*',
      'arn:aws:s::1:?',
      '*:aws:s::1:a',
      'arn:aws:s*:1:a',
      'arn:aws:s::1:${aws:username}',
    ],
    open: ['arn:aws:s::1:${x:s}', 'arn:aws:s:${x:s}:a', '${x:s}'],
    given: [
      'arn:aws:s::1:a',
      'arn:aws:s:r:1:b',
      'arn:aws:t::1:a',
      'a',
      'arn:aws:s::1:a:b',
      'arn:aws:s::1:al',
    ],
  },
  'x:b': {
    operators: ['Bool'],
    wanted: ['true', 'false', 'True', 'q'],
    given: ['true', 'false', 'TRUE', 'q'],
  },
  'x:bool': { operators: ['Bool'], wanted: ['true', 'false'], given: ['true', 'false'], single: true },
  'x:y': {
    operators: ['BinaryEquals'],
    wanted: ['YQ==', 'Yg==', 'q'],
    given: ['YQ==', 'Yg==', 'Yw==', 'ZA==', 'q'],
  },
  'aws:TagKeys': {
    operators: STRINGS,
    wanted: ['k', 'K', 'a', '*', 'a*'],
    given: ['k', 'K', 'a', 'b'],
  },
  'aws:RequestTag/k': {
    operators: STRINGS,
    wanted: ['a', 'b', '*', 'a*', '', '?*'],
    given: ['a', 'b', 'ab', ''],
    single: true,
  },
  'aws:RequestedRegion': {
    operators: STRINGS,
    wanted: ['r', 'r*', '*', 'q', 'R', 'us-east-1', 'us-*', '*-2'],
    given: ['r', 'q', 'rr', 'us-east-1', 'eu-north-2'],
    single: true,
  },
  'aws:ResourceAccount': {
    operators: STRINGS,
    wanted: ['1', '2', '*', '?', '2222*', '${aws:PrincipalAccount}'],
    given: ['1', '2', '111122223333', '222222222222'],
    single: true,
  },
  'aws:TokenIssueTime': { ...DATES, given: GIVEN_DATES, single: true },
  'aws:MultiFactorAuthPresent': {
    operators: ['Bool'],
    wanted: ['true', 'false'],
    given: ['true', 'false'],
    single: true,
  },
  'aws:username': {
    operators: STRINGS,
    wanted: ['al', 'a*', 'b', '*'],
    open: ['${x:s}', 'a${x:t}'],
    given: [],
  },
  'aws:PrincipalTag/team': {
    operators: STRINGS,
    wanted: ['a', 'b', 'a*'],
    open: ['${x:s}', "${x:s, 'a'}", "a${x:s, ''}", '${x:s}a', '${x:t}*'],
    given: [],
  },
}

/** Values of one key by several kinds of operators: not decided exactly, but never wrong. */
export const MIXED: KeySpace = {
  operators: [...STRINGS, ...NUMBERS.operators, ...ADDRESSES, 'Bool'],
  wanted: ['1', '2', 'true', '10.0.0.0/8', '10.*', '*'],
  given: ['1', '2', '1.0', 'true', 'false', '10.0.0.1', '11.0.0.1', 'q'],
}

/** Keys that have to do with each other. */
export const RELATED_KEYS: readonly (readonly string[])[] = [
  ['aws:TagKeys', 'aws:RequestTag/k'],
  ['aws:RequestedRegion', 'aws:ResourceAccount'],
  ['aws:TokenIssueTime', 'aws:MultiFactorAuthPresent'],
  ['x:s', 'x:t'],
  ['aws:PrincipalTag/team', 'x:s'],
  ['aws:username', 'x:t'],
]

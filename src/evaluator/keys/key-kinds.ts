import { isBoolean, isDecimal, parseDate, parseIpRange } from '../../policy/condition-values.ts'

/** What the values of a key are, where they are no text. */
interface KeyKind {
  is(value: string): boolean
  /** Values that it may have whatever policies say. */
  readonly examples: readonly string[]
  /** What a wildcard of a pattern may stand for in one of them. */
  readonly fillings: readonly string[]
  /** Whether `examples` are all that there are. */
  readonly areAll: boolean
}

const BOOLEAN: KeyKind = { is: isBoolean, examples: ['true', 'false'], fillings: [], areAll: true }
const SECONDS: KeyKind = {
  is: (value) => isDecimal(value) && /^\d+$/.test(value),
  examples: ['60'],
  fillings: ['0', '1'],
  areAll: false,
}
const DATE: KeyKind = {
  is: (value) => parseDate(value) !== null,
  examples: ['2020-01-01T00:00:00Z'],
  fillings: ['01-01T00:00:00Z', '01T00:00:00Z', 'T00:00:00Z', '00:00:00Z', '00Z', 'Z'],
  areAll: false,
}
const ADDRESS: KeyKind = {
  is: (value) => !value.includes('/') && parseIpRange(value) !== null,
  examples: ['203.0.113.77', '10.255.255.254', '2001:db8:ffff::1'],
  fillings: ['1', '1.1', '1.1.1', '1.1.1.1', ':1'],
  areAll: false,
}

/**
 * Keys, in lower case, whose values are no text.
 * @see IAM User Guide, "AWS global condition context keys"
 */
export const KEY_KINDS: ReadonlyMap<string, KeyKind> = new Map([
  ['aws:assumedroot', BOOLEAN],
  ['aws:ec2instancesourceprivateipv4', ADDRESS],
  ['aws:multifactorauthage', SECONDS],
  ['aws:multifactorauthpresent', BOOLEAN],
  ['aws:securetransport', BOOLEAN],
  ['aws:sourceip', ADDRESS],
  ['aws:tokenissuetime', DATE],
  ['aws:vpcsourceip', ADDRESS],
])

/** Every request has them, whoever makes it. @see IAM User Guide, "AWS global condition context keys" */
const ALWAYS: ReadonlySet<string> = new Set([
  'aws:currenttime',
  'aws:epochtime',
  'aws:requestedregion',
  'aws:resourceaccount',
  'aws:securetransport',
  'aws:viaawsservice',
])

/** Whether every request has a key. @param key in lower case */
export const isAlwaysThere = (key: string): boolean => ALWAYS.has(key)

import { parseIpRange } from '../../policy/condition-values.ts'
import { OPERATORS } from '../../policy/operators.ts'
import type { ParsedCondition, ParsedPolicy } from '../../policy/parsed.ts'
import { splitVariables } from '../../policy/variables.ts'
import { isWide } from './address-range.ts'

/** What S3 judges the policies of. */
export type S3Kind = 'bucket' | 'accessPoint'

export interface PolicyPlace {
  readonly kind: S3Kind
  readonly version: ParsedPolicy['version']
}

/**
 * Keys by which S3 lets a policy narrow everybody to somebody, in lower case. Those of principals stand for "an AWS
 * principal, user, role, or service principal".
 * @see Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage": The meaning of "public"
 */
export const S3_KEYS: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
])

/** How an operator reads its values: as text, as a pattern, or as address ranges; null: as something that fixes nobody. */
export function s3ReadingOf({
  operator,
}: Pick<ParsedCondition, 'operator'>): 'text' | 'pattern' | 'address' | null {
  const meaning = OPERATORS[operator]
  switch (meaning.family) {
    case 'string':
      return meaning.form === 'glob' ? 'pattern' : 'text'
    case 'arn':
      return 'pattern'
    case 'address':
      return 'address'
    case 'number':
    case 'date':
    case 'boolean':
    case 'binary':
    case 'presence':
      return null
  }
}

/** Why a value doesn't fix who is meant. */
export type Unfixed = 'wildcard' | 'variable' | 'wide-range'

/**
 * What keeps a value of a listed key from being a fixed one.
 * @param key in lower case
 * @returns null: it is fixed
 */
export function unfixedBy(
  value: string,
  key: string,
  reading: NonNullable<ReturnType<typeof s3ReadingOf>>,
  { kind, version }: PolicyPlace,
): Unfixed | null {
  if (reading === 'address') {
    const range = parseIpRange(value)
    // What is no range is never met.
    return range !== null && isWide(range) ? 'wide-range' : null
  }
  const parts =
    version === '2012-10-17' ? (splitVariables(value).parts ?? []) : [{ kind: 'text', text: value } as const]
  if (parts.some((part) => part.kind === 'variable')) return 'variable'
  if (reading === 'text') return null
  // `${*}` is the character, never a wildcard.
  const pattern = parts.map((part) => (part.kind === 'text' ? part.text : 'x')).join('')
  return /[*?]/.test(freeOf(pattern, key, kind)) ? 'wildcard' : null
}

/** What has to be free of wildcards in a pattern. */
function freeOf(pattern: string, key: string, kind: S3Kind): string {
  if (key === 'aws:principalorgpaths') {
    // Units below an organization are the organization's.
    const [organization = '', ...below] = pattern.split('/')
    return below.length === 0 ? pattern : organization
  }
  if (key === 's3:dataaccesspointarn' && kind === 'bucket')
    return pattern.replace(/^(arn:[^:]+:s3:[^:]+:\d{12}:accesspoint\/).+$/, '$1')
  return pattern
}

import type { KnownNames } from '../../../catalog/known-names.ts'
import { nearest } from '../../../diagnostics/index.ts'
import { ownValue } from '../../../model/index.ts'
import { isBoolean, isDecimal, parseDate, parseIpRange } from '../../../policy/condition-values.ts'
import { operatorText, parseOperator } from '../../../policy/operator-spelling.ts'
import { OPERATORS, type OperatorMeaning } from '../../../policy/operators.ts'
import { meant, type NameProblem } from '../name-problem.ts'
import { audienceProblem, isAudience } from '../principals/provider-names.ts'
import { servicePrincipalProblem } from '../principals/service-principal-names.ts'
import { regionProblem } from '../region-names.ts'
import { arnValueProblem } from './arn-values.ts'
import { githubSubjectProblem, isGithubSubject } from './github-subjects.ts'
import { organizationPathProblem } from './organization-paths.ts'

type KeyKind = 'text' | 'arn' | 'boolean' | 'number' | 'date' | 'address'

const KIND_OF_TYPE: Readonly<Record<string, KeyKind>> = {
  String: 'text',
  ArrayOfString: 'text',
  ARN: 'arn',
  ArrayOfARN: 'arn',
  Bool: 'boolean',
  ArrayOfBool: 'boolean',
  Numeric: 'number',
  Date: 'date',
  IPAddress: 'address',
}

const FITTING: Readonly<Record<KeyKind, string>> = {
  text: '`StringEquals` or `StringLike`',
  arn: '`ArnLike` or `StringLike`',
  boolean: '`Bool`',
  number: '`NumericEquals`, `NumericLessThan` and the like',
  date: '`DateLessThan` and the like',
  address: '`IpAddress` or `NotIpAddress`',
}

const NAMES: Readonly<Record<KeyKind, string>> = {
  text: 'a text',
  arn: 'an ARN',
  boolean: '`true` or `false`',
  number: 'a number',
  date: 'a date',
  address: 'an IP address',
}

/**
 * Whether an operator can compare what a key holds: an address is no number. Texts and ARNs are compared with either.
 * @see IAM User Guide, "Access Analyzer policy check reference": type mismatch
 */
export function operatorProblem(operator: string, key: string, known: KnownNames): NameProblem | null {
  const spelling = parseOperator(operator)
  if (spelling === null) return null
  const { family } = OPERATORS[spelling.operator]
  const type = known.facts.conditionKeyTypeOf(key)
  const holds = type === null ? undefined : KIND_OF_TYPE[type]
  if (holds === undefined || compares(family, holds, key.toLowerCase())) return null
  return {
    code: 'names.kind-of-value',
    message: `\`${key}\` is ${NAMES[holds]}, which \`${operator}\` can't compare`,
    help: `write ${FITTING[holds]}`,
  }
}

function compares(family: OperatorMeaning['family'], holds: KeyKind, key: string): boolean {
  switch (family) {
    case 'string':
      return true
    case 'arn':
      return holds === 'arn' || holds === 'text'
    case 'number':
      return holds === 'number' || holds === 'date'
    case 'date':
      return holds === 'date' || key === 'aws:epochtime'
    case 'boolean':
      return holds === 'boolean'
    case 'address':
      return holds === 'address'
    case 'binary':
    case 'presence':
      return true
  }
}

interface Form {
  readonly pattern: RegExp
  readonly name: string
  readonly help: string
}

const form = (pattern: RegExp, name: string, help: string): Form => ({ pattern, name, help })
const oneOf = (...values: readonly string[]): Form =>
  form(
    new RegExp(`^(?:${values.join('|')})$`),
    `one of ${values.map((value) => `\`${value}\``).join(', ')}`,
    `write one of ${values.map((value) => `\`${value}\``).join(', ')}`,
  )
const ACCOUNT = form(/^\d{12}$/, 'an account id', 'an account id has twelve digits')
const ORGANIZATION = form(
  /^o-[a-z0-9]{10,32}$/,
  'the id of an organization',
  '`o-`, then 10 to 32 lower-case letters and digits',
)
const ORGANIZATION_PATH = form(
  /^o-[a-z0-9*]+(?:\/.*)?$/,
  'a path in an organization',
  'write it as `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*`',
)
const ARN = form(/^arn:/, 'an ARN', 'write it whole: `arn:partition:service:region:account:resource`')
const BOOLEAN = form(/^(?:true|false)$/i, '`true` or `false`', 'write `true` or `false`')
const ADDRESS_WITHOUT_MASK = form(/^[^/*?]*$/, 'an address', 'ranges are compared with `IpAddress`')

/**
 * What values of keys look like, in lower case.
 * @see IAM User Guide, "AWS global condition context keys"; Amazon S3 User Guide, "Bucket policy examples using condition keys"
 */
const FORMS: Readonly<Record<string, Form>> = {
  'aws:principalaccount': form(/^(?:\d{12}|anonymous)$/, 'an account id', 'an account id has twelve digits'),
  'aws:principalarn': ARN,
  'aws:principalisawsservice': BOOLEAN,
  'aws:principalorgid': ORGANIZATION,
  'aws:principalorgpaths': ORGANIZATION_PATH,
  'aws:principaltype': oneOf('Account', 'User', 'AssumedRole', 'FederatedUser', 'Anonymous'),
  'aws:resourceaccount': ACCOUNT,
  'aws:resourceorgid': ORGANIZATION,
  'aws:resourceorgpaths': ORGANIZATION_PATH,
  'aws:securetransport': BOOLEAN,
  'aws:multifactorauthpresent': BOOLEAN,
  'aws:sourceaccount': ACCOUNT,
  'aws:sourcearn': ARN,
  'aws:sourceip': ADDRESS_WITHOUT_MASK,
  'aws:sourceorgid': ORGANIZATION,
  'aws:sourceorgpaths': ORGANIZATION_PATH,
  'aws:sourceowner': ACCOUNT,
  'aws:sourcevpc': form(/^vpc-/, 'the id of a VPC', 'write it as `vpc-0a1b2c3d4e5f67890`'),
  'aws:sourcevpce': form(/^vpce-/, 'the id of a VPC endpoint', 'write it as `vpce-0a1b2c3d4e5f67890`'),
  'aws:viaawsservice': BOOLEAN,
  'aws:vpceaccount': ACCOUNT,
  'aws:vpceorgid': ORGANIZATION,
  'iam:associatedresourcearn': ARN,
  'iam:permissionsboundary': ARN,
  'iam:policyarn': ARN,
  'kms:calleraccount': ACCOUNT,
  's3:resourceaccount': ACCOUNT,
  's3:x-amz-acl': oneOf(
    'private',
    'public-read',
    'public-read-write',
    'aws-exec-read',
    'authenticated-read',
    'bucket-owner-read',
    'bucket-owner-full-control',
    'log-delivery-write',
  ),
  's3:x-amz-server-side-encryption': oneOf('AES256', 'aws:kms', 'aws:kms:dsse', 'aws:fsx'),
}

/** Keys whose values are service principals. */
const SERVICES: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'iam:awsservicename',
  'iam:passedtoservice',
  'kms:viaservice',
])

/** Whether a value can be what a key holds. Only of whole values: what has a wildcard or a variable may become anything. */
export function valueProblem(
  operator: string,
  key: string,
  value: string,
  known: KnownNames,
): NameProblem | null {
  const spelling = parseOperator(operator)
  if (spelling === null) return null
  const meaning = OPERATORS[spelling.operator]
  if (!('form' in meaning)) return null
  const isPattern = (meaning.form === 'glob' || meaning.form === 'arn') && /[*?]/.test(value)
  const ofArn = isOfArn(key, known) ? arnValueProblem(key, value, known) : null
  if (ofArn !== null) return ofArn
  if (isPattern || value.includes('${'))
    return isGithubSubject(key) ? githubSubjectProblem(value) : organizationPathProblem(key, value)
  const like = meaning.negated ? 'StringNotLike' : 'StringLike'
  const mindsCase = meaning.family === 'string' && meaning.form !== 'folded'
  return (
    literalWildcardProblem(key, value, operatorText({ ...spelling, operator: like })) ??
    (mindsCase ? capitalsProblem(key, value) : null) ??
    wholeValueProblem(key, value, known)
  )
}

/** Keys whose values are put together of what has no wildcards. */
const NEVER_WILD: ReadonlySet<string> = new Set(['aws:principalarn', 'aws:principalorgpaths'])

/** A wildcard that is none where a text is compared as a whole: no such value has a `*`. */
function literalWildcardProblem(key: string, value: string, like: string | null): NameProblem | null {
  if (!/[*?]/.test(value) || !(NEVER_WILD.has(key.toLowerCase()) || isGithubSubject(key))) return null
  return {
    code: 'names.kind-of-value',
    message: `\`${key}\` is never \`${value}\`: it holds no wildcard, and this is compared as it stands`,
    help: like === null ? 'write the value of one request' : `write \`${like}\`, whose values are patterns`,
  }
}

/** Of what is \`true\` or \`false\`, compared as a text. */
const capitalsProblem = (key: string, value: string): NameProblem | null =>
  ownValue(FORMS, key.toLowerCase()) === BOOLEAN &&
  BOOLEAN.pattern.test(value) &&
  value !== value.toLowerCase()
    ? {
        code: 'names.kind-of-value',
        message: `\`${key}\` is never \`${value}\`: it is in lower case, and texts are compared with their case`,
        help: meant(value.toLowerCase()),
      }
    : null

/** The same of a value that a request has, whose kind is the key's: no operator says how it is read. */
export function requestValueProblem(key: string, value: string, known: KnownNames): NameProblem | null {
  const problem =
    literalWildcardProblem(key, value, null) ??
    capitalsProblem(key, value) ??
    wholeValueProblem(key, value, known) ??
    (isOfArn(key, known) ? arnValueProblem(key, value, known) : null)
  if (problem !== null) return problem
  const type = known.facts.conditionKeyTypeOf(key)
  const holds = type === null ? undefined : KIND_OF_TYPE[type]
  if (holds === undefined || READS[holds](value)) return null
  return {
    code: 'names.kind-of-value',
    message: `\`${key}\` is never \`${value}\`: it is ${NAMES[holds]}`,
    help: `write ${EXAMPLES[holds]}`,
  }
}

const READS: Readonly<Record<KeyKind, (value: string) => boolean>> = {
  text: () => true,
  // Some keys that AWS calls ARNs hold names as well.
  arn: () => true,
  boolean: isBoolean,
  number: isDecimal,
  date: (value) => parseDate(value) !== null,
  address: (value) => !value.includes('/') && parseIpRange(value) !== null,
}

const EXAMPLES: Readonly<Record<KeyKind, string>> = {
  text: 'a text',
  arn: 'an ARN',
  boolean: '`true` or `false`',
  number: 'it in digits: `100`',
  date: '`2026-12-31T00:00:00Z`, or seconds since 1970',
  address: 'one address: `203.0.113.9` or `2001:db8::1`',
}

const isOfArn = (key: string, known: KnownNames): boolean => {
  const type = known.facts.conditionKeyTypeOf(key)
  return type !== null && KIND_OF_TYPE[type] === 'arn'
}

/** @see AWS Key Management Service Developer Guide, "kms:ViaService" */
function viaServiceProblem(value: string): NameProblem | null {
  const [, service] = /^([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(value) ?? []
  return service === undefined
    ? null
    : {
        code: 'names.kind-of-value',
        message: `\`kms:ViaService\` is never \`${value}\`: it names the region as well`,
        help: `write it as \`${service}.us-east-1.amazonaws.com\``,
      }
}

/** The same of a value that is whole. */
function wholeValueProblem(key: string, value: string, known: KnownNames): NameProblem | null {
  const lower = key.toLowerCase()
  if (isGithubSubject(lower)) return githubSubjectProblem(value)
  if (isAudience(lower)) return audienceProblem(value)
  if (SERVICES.has(lower))
    return /[*?]/.test(value)
      ? null
      : (servicePrincipalProblem(value, known) ??
          (lower === 'kms:viaservice' ? viaServiceProblem(value) : null))
  if (lower === 'aws:requestedregion' || lower === 'ec2:region') return regionProblem(value)
  const wanted = ownValue(FORMS, lower)
  if (wanted === ORGANIZATION_PATH && wanted.pattern.test(value)) return organizationPathProblem(key, value)
  if (wanted === undefined || value === '' || wanted.pattern.test(value)) return null
  const values = /^one of (.*)$/.exec(wanted.name)?.[1]?.match(/[^`, ]+/g) ?? []
  const near = nearest(value, values)
  return {
    code: 'names.kind-of-value',
    message: `\`${key}\` is never \`${value}\`: it is ${wanted.name}`,
    help: near === null ? wanted.help : meant(near),
  }
}

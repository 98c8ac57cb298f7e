import { isBase64, isBoolean, isDecimal, parseDate, parseIpRange } from './condition-values.ts'
import { isNullIfExists, nearestOperator, type OperatorSpelling, parseOperator } from './operator-spelling.ts'
import { OPERATORS, type ValueKind } from './operators.ts'
import type { ParsedCondition } from './parsed.ts'
import {
  checkCharacters,
  doubtful,
  invalid,
  isObject,
  itemPlace,
  keySpan,
  malformed,
  type Parsing,
  type Place,
  placeAt,
  spanOfPlace,
  typeName,
} from './parsing.ts'
import { segmentCount } from './resource-pattern.ts'
import { checkVariables } from './variable-check.ts'

/** Reads a `Condition` block. @see IAM User Guide, "IAM JSON policy elements: Condition" */
export function readConditions(parsing: Parsing, value: unknown, place: Place): readonly ParsedCondition[] {
  if (!isObject(value)) {
    malformed(parsing, {
      code: 'policy.wrong-type',
      message: `\`Condition\` is ${typeName(value)}, not an object`,
      help: 'write it as `{ StringEquals: { aws:PrincipalTag/team: payments } }`',
      span: spanOfPlace(place),
    })
    return []
  }
  const conditions: ParsedCondition[] = []
  const seen = new Map<string, string>()
  for (const name of Object.keys(value)) {
    const spelling = readOperator(parsing, name, place)
    const earlier = seen.get(name.toLowerCase())
    if (earlier !== undefined)
      invalid(parsing, {
        code: 'policy.duplicate-operator',
        message: `operator \`${name}\` stands twice: operators ignore case`,
        help: `put its keys under \`${earlier}\``,
        span: keySpan(place, name),
        related: relatedKey(place, earlier),
      })
    else seen.set(name.toLowerCase(), name)
    readKeys(parsing, name, spelling, value[name], placeAt(place, name), conditions)
  }
  return conditions
}

function readOperator(parsing: Parsing, name: string, place: Place): OperatorSpelling | null {
  const spelling = parseOperator(name)
  if (spelling !== null) return spelling
  if (isNullIfExists(name))
    malformed(parsing, {
      code: 'policy.null-if-exists',
      message: `\`${name}\`: \`Null\` takes no \`IfExists\``,
      help: 'write `Null: { key: "true" }` for a key that is absent, `"false"` for one that is there',
      span: keySpan(place, name),
    })
  else {
    const meant = nearestOperator(name)
    malformed(parsing, {
      code: 'policy.unknown-operator',
      message: `\`${name}\` is not a condition operator`,
      help:
        meant !== null
          ? `did you mean \`${meant}\`?`
          : name.includes(':')
            ? 'a key stands under an operator, as in `StringEquals: { aws:PrincipalTag/team: payments }`'
            : 'write an operator such as `StringEquals`, `StringLike`, `ArnLike`, `Bool` or `IpAddress`',
      span: keySpan(place, name),
    })
  }
  return null
}

function readKeys(
  parsing: Parsing,
  operator: string,
  spelling: OperatorSpelling | null,
  value: unknown,
  place: Place,
  conditions: ParsedCondition[],
): void {
  if (!isObject(value)) {
    // What is no operator has been refused as such already.
    if (spelling === null) return
    malformed(parsing, {
      code: 'policy.wrong-type',
      message: `\`${operator}\` is ${typeName(value)}, not an object of condition keys`,
      help: `write it as \`${operator}: { KEY: VALUE }\``,
      span: spanOfPlace(place),
    })
    return
  }
  const keys = Object.keys(value)
  const seen = keys.length > 1 ? new Map<string, string>() : null
  for (const key of keys) {
    const lower = key.toLowerCase()
    const earlier = seen?.get(lower)
    if (earlier !== undefined)
      malformed(parsing, {
        code: 'policy.duplicate-condition-key',
        message: `condition key \`${key}\` stands twice under \`${operator}\`: keys ignore case`,
        help: 'put all its values into one list',
        span: keySpan(place, key),
        related: relatedKey(place, earlier),
      })
    else seen?.set(lower, key)
    checkKey(parsing, key, place)
    const values = readValues(parsing, spelling, key, value[key], placeAt(place, key))
    if (spelling === null) continue
    const { operator: name, quantifier, ifExists } = spelling
    conditions.push({ operator: name, quantifier, ifExists, key, values })
  }
}

const relatedKey = (place: Place, key: string) => {
  const span = keySpan(place, key)
  return span === null ? [] : [{ message: `\`${key}\` stands here first`, span }]
}

function checkKey(parsing: Parsing, key: string, place: Place): void {
  const colon = key.indexOf(':')
  if (colon > 0 && colon < key.length - 1) {
    if (key.includes('${'))
      doubtful(parsing, {
        code: 'policy.variable-in-key',
        message: `condition key \`${key}\` holds a variable, which keys don't substitute`,
        help: 'put the variable on the side of the values',
        span: keySpan(place, key),
      })
    return
  }
  invalid(parsing, {
    code: 'policy.condition-key-syntax',
    message:
      key === '' ? 'a condition key is an empty string' : `condition key \`${key}\` has no service prefix`,
    help: 'write it as `aws:SourceIp` or `s3:prefix`',
    span: keySpan(place, key),
  })
}

function readValues(
  parsing: Parsing,
  spelling: OperatorSpelling | null,
  key: string,
  value: unknown,
  place: Place,
): readonly string[] {
  if (!Array.isArray(value)) {
    const text = readValue(parsing, spelling, key, value, place)
    return text === null ? [] : [text]
  }
  if (value.length === 0)
    doubtful(parsing, {
      code: 'policy.empty-list',
      message: `condition key \`${key}\` has an empty list of values`,
      help: 'name the values, or remove the key',
      span: spanOfPlace(place),
    })
  const texts: string[] = []
  for (let index = 0; index < value.length; index++) {
    const text = readValue(parsing, spelling, key, value[index], itemPlace(place, index))
    if (text !== null) texts.push(text)
  }
  return texts
}

function readValue(
  parsing: Parsing,
  spelling: OperatorSpelling | null,
  key: string,
  value: unknown,
  place: Place,
): string | null {
  if (typeof value === 'string') {
    if (spelling !== null) checkValue(parsing, OPERATORS[spelling.operator].reads, value, place)
    return value
  }
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
    const text = String(value)
    if (typeof value === 'number') checkNumber(parsing, key, value, place)
    if (spelling !== null) checkValue(parsing, OPERATORS[spelling.operator].reads, text, place)
    return text
  }
  malformed(parsing, {
    code: 'policy.wrong-type',
    message: `a value of condition key \`${key}\` is ${typeof value === 'number' ? 'not a finite number' : typeName(value)}`,
    help: 'write a string, a number or a boolean, or a list of them',
    span: spanOfPlace(place),
  })
  return null
}

/** Numbers lose what JSON and YAML don't keep: digits past 2^53, and an account id's leading zeros. */
function checkNumber(parsing: Parsing, key: string, value: number, place: Place): void {
  const lost = Number.isInteger(value) && !Number.isSafeInteger(value)
  if (lost || (value < 1e11 && /account$/i.test(key)))
    doubtful(parsing, {
      code: 'policy.inexact-number',
      message: lost
        ? `a number of this size is read as \`${value}\``
        : `this number is read as \`${value}\`, which is no account id`,
      help: 'write it in quotes',
      span: spanOfPlace(place),
    })
}

/** What doesn't parse never equals anything; AWS stores it all the same, so an imported policy must still load. */
function checkValue(parsing: Parsing, kind: ValueKind, text: string, place: Place): void {
  if (kind === 'string' || kind === 'arn') {
    checkCharacters(parsing, text, place)
    checkVariables(parsing, text, place)
  }
  if (parsing.mode !== 'validate' || isGood(kind, text)) return
  doubtful(parsing, {
    code: `policy.value-${kind}`,
    message: `\`${text}\` is not ${KIND_NAMES[kind]}, so it equals nothing`,
    help:
      text.includes('${') && kind !== 'arn'
        ? 'variables stand in string and ARN conditions only'
        : KIND_HELP[kind],
    span: spanOfPlace(place),
  })
}

function isGood(kind: ValueKind, text: string): boolean {
  switch (kind) {
    case 'string':
      return true
    case 'arn':
      return text.startsWith('${') || segmentCount(text) >= 6
    case 'number':
      return isDecimal(text)
    case 'date':
      return parseDate(text) !== null
    case 'boolean':
      return isBoolean(text)
    case 'binary':
      return isBase64(text)
    case 'address':
      return parseIpRange(text) !== null
  }
}

const KIND_NAMES: Readonly<Record<ValueKind, string>> = {
  string: 'a string',
  arn: 'an ARN of six segments',
  number: 'a number',
  date: 'a date',
  boolean: '`true` or `false`',
  binary: 'base64',
  address: 'an IP address or range',
}

const KIND_HELP: Readonly<Record<ValueKind, string>> = {
  string: 'write a string',
  arn: 'write `arn:partition:service:region:account:resource`, or compare it with `StringLike`',
  number: 'write a decimal number, or compare it with `StringEquals`',
  date: 'write `2026-12-31T00:00:00Z`, or seconds since 1970',
  boolean: 'write `true` or `false`',
  binary: 'write the bytes in base64, with its padding',
  address: 'write `203.0.113.0/24` or `2001:db8::/32`',
}

import { type Account, type PolicyDocument, type PolicyStatement, rootArn } from '../model/index.ts'
import { isObject } from './parsing.ts'

/**
 * One text for all spellings of a document: two documents have equal texts if and only if they differ in nothing but
 * scalar or one-element list, order and repetition (of keys, list entries, statements), one statement or a list of one,
 * account id or root ARN, `*` or `{AWS: "*"}`, an empty Sid, the case of actions, operators and condition keys,
 * numbers and booleans or their text, a missing Version or 2008-10-17.
 * Takes whatever a target returns; what the grammar doesn't know is compared as it is.
 * @param account whose partition an account id stands for
 */
export function canonicalPolicy(document: PolicyDocument, account: Account): string {
  const {
    Version = '2008-10-17',
    Id,
    Statement,
    ...others
  } = document as PolicyDocument & Record<string, unknown>
  const statements = new Set(
    statementsOf({ Statement }).map((statement) => canonicalStatement(statement, account)),
  )
  // JSON text holds no line break, so that the parts can't run into each other.
  return [
    canonicalJson(Version),
    Id === undefined ? '' : canonicalJson(Id),
    canonicalJson(others),
    ...[...statements].sort(),
  ].join('\n')
}

/** Whether two documents are spellings of one. */
export const sameDocument = (a: PolicyDocument, b: PolicyDocument, account: Account): boolean =>
  a === b ||
  // Most of the time nothing has changed at all, which is quicker to see.
  JSON.stringify(a) === JSON.stringify(b) ||
  canonicalPolicy(a, account) === canonicalPolicy(b, account)

/** The statements of a document, also when it holds a single one without a list. */
export function statementsOf(document: {
  readonly Statement?: PolicyDocument['Statement']
}): readonly PolicyStatement[] {
  const { Statement } = document
  if (Statement === undefined) return []
  return Array.isArray(Statement) ? (Statement as readonly PolicyStatement[]) : [Statement as PolicyStatement]
}

/** As `canonicalPolicy`, of one statement. One line. */
export function canonicalStatement(statement: PolicyStatement, account: Account): string {
  return JSON.stringify(statementParts(statement, account))
}

/** A piece of a statement: what it is about, and each thing that it says of it in canonical spelling, sorted. */
type StatementPart = readonly [element: string, entries: readonly string[]]

/** The elements of a statement in a fixed order, each a sorted set. */
export function statementParts(statement: PolicyStatement, account: Account): readonly StatementPart[] {
  if (!isObject(statement)) return [['', [canonicalJson(statement)]]]
  const parts: StatementPart[] = []
  for (const element of Object.keys(statement).sort()) {
    const value: unknown = statement[element]
    switch (element) {
      case 'Sid':
        if (value !== '') parts.push([element, [canonicalJson(value)]])
        break
      case 'Principal':
      case 'NotPrincipal':
        parts.push([element, sortedSet(principalEntries(value, account))])
        break
      case 'Action':
      case 'NotAction':
        parts.push([element, sortedSet(listOf(value).map(canonicalAction))])
        break
      case 'Resource':
      case 'NotResource':
        parts.push([element, sortedSet(listOf(value).map(textOf))])
        break
      case 'Condition': {
        const entries = sortedSet(conditionEntries(value))
        if (entries.length > 0) parts.push([element, entries])
        break
      }
      default:
        parts.push([element, [canonicalJson(value)]])
    }
  }
  return parts
}

/** Action names ignore case, and `*:*` is every action of every service. */
function canonicalAction(value: unknown): string {
  if (typeof value !== 'string') return canonicalJson(value)
  return value === '*:*' ? '*' : value.toLowerCase()
}

function principalEntries(value: unknown, account: Account): readonly string[] {
  if (value === '*') return ['*']
  if (!isObject(value)) return [canonicalJson(value)]
  return Object.keys(value).flatMap((kind) =>
    listOf(value[kind]).map((entry) => {
      const text = textOf(entry)
      if (kind !== 'AWS') return JSON.stringify([kind, text])
      if (text === '*') return '*'
      return /^\d{12}$/.test(text) ? rootArn({ id: text, partition: account.partition }) : text
    }),
  )
}

/** One entry for each operator and key. Operators and keys are a conjunction, so a set of entries says it all. */
function conditionEntries(value: unknown): readonly string[] {
  if (!isObject(value)) return [canonicalJson(value)]
  const entries: string[] = []
  for (const operator of Object.keys(value)) {
    const keys = value[operator]
    if (!isObject(keys)) {
      entries.push(JSON.stringify([operator.toLowerCase(), canonicalJson(keys)]))
      continue
    }
    for (const key of Object.keys(keys))
      entries.push(
        JSON.stringify([operator.toLowerCase(), key.toLowerCase(), sortedSet(listOf(keys[key]).map(textOf))]),
      )
  }
  return entries
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

/** Numbers and booleans as the strings that they equal. */
const textOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : isObject(value) || Array.isArray(value)
      ? canonicalJson(value)
      : String(value)

function sortedSet(entries: readonly string[]): readonly string[] {
  if (entries.length < 2) return entries
  const sorted = [...entries].sort()
  return sorted.filter((entry, index) => index === 0 || entry !== sorted[index - 1])
}

/** JSON with the keys of objects in order. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value) ?? 'null'
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(',')}}`
}

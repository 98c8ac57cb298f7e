import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic.ts'
import type { Located } from '../diagnostics/located.ts'
import type { Span } from '../diagnostics/span.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { ParsedPolicy, ParsedStatement, PolicyUse } from './parsed.ts'
import {
  invalid,
  isObject,
  itemPlace,
  keySpan,
  malformed,
  type ParseMode,
  type Parsing,
  type Place,
  placeAt,
  spanOfPlace,
  typeName,
} from './parsing.ts'
import { readStatement } from './statement.ts'

export interface PolicyParse {
  /** null if and only if there are errors that are no refusals. */
  readonly policy: ParsedPolicy | null
  readonly diagnostics: readonly Diagnostic[]
  /** Of the diagnostics, the errors for whoever stores the document: what it means is clear all the same. */
  readonly refusals: ReadonlySet<Diagnostic>
}

const VERSIONS = ['2012-10-17', '2008-10-17'] as const

/**
 * Takes a policy document apart and checks it against AWS's grammar, all problems in one run.
 * @param json the document as plain values, from YAML, JSON or a target
 * @param located the same document as a tree with places, or null when it comes from no file: then spans are null
 * @param use what the document is used for decides which elements it may and must have
 * @param partition of what the policy is about; null: it isn't known
 * @see IAM User Guide, "Grammar of the IAM JSON policy language"
 */
export function parsePolicy(
  json: unknown,
  located: Located | null,
  use: PolicyUse,
  mode: ParseMode,
  partition: string | null = null,
): PolicyParse {
  const diagnostics: Diagnostic[] = []
  const refusals = new Set<Diagnostic>()
  const parsing: Parsing = {
    use,
    mode,
    partition,
    diagnostics,
    refusals,
    substitutes: false,
    saidLiteral: false,
    statement: null,
  }
  const policy = readDocument(parsing, json, located)
  const isUnclear = hasErrors(diagnostics.filter((diagnostic) => !refusals.has(diagnostic)))
  return { policy: isUnclear ? null : policy, diagnostics, refusals }
}

const DOCUMENT_ELEMENTS = ['Version', 'Id', 'Statement']

function readDocument(parsing: Parsing, json: unknown, place: Place): ParsedPolicy | null {
  if (!isObject(json)) {
    malformed(parsing, {
      code: 'policy.not-an-object',
      message: `a policy document is ${typeName(json)}, not an object`,
      help: 'write `{ Version: "2012-10-17", Statement: [ … ] }`',
      span: spanOfPlace(place),
    })
    return null
  }
  for (const key of Object.keys(json))
    if (!DOCUMENT_ELEMENTS.includes(key))
      malformed(parsing, {
        code: 'policy.unknown-element',
        message: `\`${key}\` is not an element of a policy document`,
        help: ['Effect', 'Action', 'Resource', 'Principal', 'Condition', 'Sid'].includes(key)
          ? `\`${key}\` belongs in a statement: put it under \`Statement\``
          : didYouMean(key, DOCUMENT_ELEMENTS, 'a document has `Version`, `Id` and `Statement`'),
        span: keySpan(place, key),
      })
  const version = readVersion(parsing, json.Version, placeAt(place, 'Version'))
  parsing.substitutes = version === '2012-10-17'
  if (json.Id !== undefined) checkId(parsing, json.Id, place)
  return { version, statements: readStatements(parsing, json.Statement, place) }
}

function readVersion(parsing: Parsing, value: unknown, place: Place): ParsedPolicy['version'] {
  if (value === undefined) return '2008-10-17'
  for (const version of VERSIONS) if (value === version) return version
  malformed(parsing, {
    code: 'policy.version',
    message:
      typeof value === 'string'
        ? `\`${value}\` is not a version of the policy language`
        : `\`Version\` is ${typeName(value)}, not a string`,
    help: 'write `Version: "2012-10-17"`',
    span: spanOfPlace(place),
  })
  return '2008-10-17'
}

function checkId(parsing: Parsing, value: unknown, place: Place): void {
  if (typeof value !== 'string')
    malformed(parsing, {
      code: 'policy.wrong-type',
      message: `\`Id\` is ${typeName(value)}, not a string`,
      help: 'write it in quotes, or leave it out',
      span: spanOfPlace(placeAt(place, 'Id')),
    })
  else if (parsing.use !== 'trust' && parsing.use !== 'resource')
    invalid(parsing, {
      code: 'policy.element-not-allowed',
      message: 'only resource-based policies have an `Id`',
      help: 'remove it',
      span: keySpan(place, 'Id'),
    })
}

function readStatements(parsing: Parsing, value: unknown, place: Place): readonly ParsedStatement[] {
  const at = placeAt(place, 'Statement')
  if (value === undefined) {
    malformed(parsing, {
      code: 'policy.missing-element',
      message: 'a policy document has no `Statement`',
      help: 'add `Statement: [ { Effect: Allow, … } ]`',
      span: spanOfPlace(place),
    })
    return []
  }
  if (!isObject(value) && !Array.isArray(value)) {
    malformed(parsing, {
      code: 'policy.wrong-type',
      message: `\`Statement\` is ${typeName(value)}, not a statement or a list of statements`,
      help: 'write `Statement: [ { Effect: Allow, … } ]`',
      span: spanOfPlace(at) ?? spanOfPlace(place),
    })
    return []
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0)
    invalid(parsing, {
      code: 'policy.no-statement',
      message: 'a policy document has an empty list of statements',
      help: 'write at least one statement',
      span: spanOfPlace(at),
    })
  const statements: ParsedStatement[] = []
  const sids = new Map<string, Span | null>()
  for (let index = 0; index < list.length; index++) {
    parsing.statement = index
    const statementPlace = Array.isArray(value) ? itemPlace(at, index) : at
    const statement = readStatement(parsing, list[index], statementPlace, index)
    if (statement === null) continue
    statements.push(statement)
    if (statement.sid !== null && statement.sid !== '')
      checkUniqueSid(parsing, statement.sid, statementPlace, sids)
  }
  return statements
}

function checkUniqueSid(parsing: Parsing, sid: string, place: Place, sids: Map<string, Span | null>): void {
  const first = sids.get(sid)
  const span = spanOfPlace(placeAt(place, 'Sid'))
  if (first === undefined) {
    sids.set(sid, span)
    return
  }
  invalid(parsing, {
    code: 'policy.duplicate-sid',
    message: `two statements have the Sid \`${sid}\``,
    help: 'give each statement a Sid of its own, or none',
    span,
    related: first === null ? [] : [{ message: 'the first one', span: first }],
  })
}

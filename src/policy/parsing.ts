import { type Diagnostic, type DiagnosticParts, errorOf, warningOf } from '../diagnostics/diagnostic.ts'
import { entryOf, type Located, spanOf } from '../diagnostics/located.ts'
import type { Span } from '../diagnostics/span.ts'
import type { PolicyUse } from './parsed.ts'
import { verdictOn } from './storage-rules.ts'

/**
 * `validate`: what AWS would refuse to store is an error, what it stores although it can't be meant is a warning.
 * `evaluate`: only what has no clear meaning is an error, and there are no warnings.
 */
export type ParseMode = 'validate' | 'evaluate'

/** The state of taking one document apart. */
export interface Parsing {
  readonly use: PolicyUse
  readonly mode: ParseMode
  /** Of what the policy is about; null: it isn't known. */
  readonly partition: string | null
  readonly diagnostics: Diagnostic[]
  /** Of those, errors that only matter to whoever stores the document. */
  readonly refusals: Set<Diagnostic>
  /** Whether `${…}` is a variable: only under 2012-10-17. */
  substitutes: boolean
  /** Whether it has been said that `${…}` is literal here; once a document is enough. */
  saidLiteral: boolean
  /** Index of the statement at hand; names the place in a message that has no span. */
  statement: number | null
}

/** The tree node beside a plain value, or null when the document comes from no file. */
export type Place = Located | null

export const placeAt = (place: Place, key: string): Place =>
  place === null ? null : (entryOf(place, key)?.value ?? null)

export const itemPlace = (place: Place, index: number): Place =>
  place !== null && place.kind === 'list' ? (place.items[index] ?? null) : place

export const spanOfPlace = (place: Place): Span | null => (place === null ? null : spanOf(place))

/** The span of a key, for elements that should not be there at all. */
export const keySpan = (place: Place, key: string): Span | null => {
  if (place === null) return null
  const entry = entryOf(place, key)
  return entry === null ? spanOf(place) : spanOf(entry.keySpan)
}

/** An error in every mode: the text has no clear meaning. */
export function malformed(parsing: Parsing, parts: DiagnosticParts): void {
  parsing.diagnostics.push(errorOf(placed(parsing, parts)))
}

/** What its service refuses to store, by the table of storage rules; evaluation knows what it does. */
export function invalid(parsing: Parsing, parts: DiagnosticParts): void {
  if (parsing.mode !== 'validate') return
  if (verdictOn(parts.code, parsing.use) === 'warn') {
    doubtful(parsing, parts)
    return
  }
  const refusal = errorOf(placed(parsing, parts))
  parsing.diagnostics.push(refusal)
  parsing.refusals.add(refusal)
}

/** AWS stores it, but it can hardly be meant. */
export function doubtful(parsing: Parsing, parts: DiagnosticParts): void {
  if (parsing.mode === 'validate') parsing.diagnostics.push(warningOf(placed(parsing, parts)))
}

const placed = (parsing: Parsing, parts: DiagnosticParts): DiagnosticParts =>
  parsing.statement === null || (parts.span ?? null) !== null
    ? parts
    : { ...parts, message: `statement ${parsing.statement + 1}: ${parts.message}` }

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a value is, for people. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'a list'
  switch (typeof value) {
    case 'string':
      return 'a string'
    case 'number':
    case 'bigint':
      return 'a number'
    case 'boolean':
      return 'a boolean'
    default:
      return 'an object'
  }
}

/**
 * Reads a string or a list of strings, and has each one checked where it stands.
 * An empty list is kept: evaluation gives it a meaning (the statement never applies).
 */
export function readTexts(
  parsing: Parsing,
  element: string,
  value: unknown,
  place: Place,
  check: (parsing: Parsing, text: string, place: Place) => void,
): readonly string[] {
  if (typeof value === 'string') {
    check(parsing, value, place)
    return [value]
  }
  if (!Array.isArray(value)) {
    malformed(parsing, {
      code: 'policy.wrong-type',
      message: `\`${element}\` is ${typeName(value)}, not a string or a list of strings`,
      help: `write \`${element}\` as a string in quotes, or as a list of them`,
      span: spanOfPlace(place),
    })
    return []
  }
  if (value.length === 0) reportEmptyList(parsing, element, place)
  const texts: string[] = []
  for (let index = 0; index < value.length; index++) {
    const item: unknown = value[index]
    const at = itemPlace(place, index)
    if (typeof item === 'string') {
      check(parsing, item, at)
      texts.push(item)
    } else {
      malformed(parsing, {
        code: 'policy.wrong-type',
        message: `an entry of \`${element}\` is ${typeName(item)}, not a string`,
        help: 'write it as a string in quotes',
        span: spanOfPlace(at),
      })
    }
  }
  return texts
}

/**
 * @see IAM User Guide, "Access Analyzer policy check reference": empty arrays are suggestions, so services store them; IAM
 * wants actions, and resources, in its own policies
 */
function reportEmptyList(parsing: Parsing, element: string, place: Place): void {
  const span = spanOfPlace(place)
  if (/^(?:Not)?Action$/.test(element) && STORED_BY_IAM.has(parsing.use))
    invalid(parsing, {
      code: 'policy.no-actions',
      message: `\`${element}\` is an empty list, and IAM stores no statement without actions`,
      help: 'name an action, or remove the statement',
      span,
    })
  else if (/^(?:Not)?Resource$/.test(element) && STORED_BY_IAM.has(parsing.use) && parsing.use !== 'trust')
    invalid(parsing, {
      code: 'policy.no-resources',
      message: `\`${element}\` is an empty list, and IAM stores no statement without resources`,
      help: 'name a resource, or remove the statement',
      span,
    })
  else
    doubtful(parsing, {
      code: 'policy.empty-list',
      message: `\`${element}\` is an empty list${element === 'Action' || element === 'Resource' ? ', so the statement never applies' : ''}`,
      help: 'name what it is about, or remove it',
      span,
    })
}

/** The other uses are stored by other services, with rules of their own. */
const STORED_BY_IAM: ReadonlySet<PolicyUse> = new Set(['identity', 'boundary', 'session', 'trust'])

/**
 * IAM stores tabs, line breaks and what Latin-1 has from the space on.
 * @see IAM API Reference, CreatePolicy: pattern of PolicyDocument
 */
export function checkCharacters(parsing: Parsing, text: string, place: Place): void {
  if (parsing.mode !== 'validate' || !/[^\t\n\r\u0020-\u00ff]/.test(text)) return
  const odd = /[^\t\n\r\u0020-\u00ff]/u.exec(text)?.[0]
  if (odd === undefined || !STORED_BY_IAM.has(parsing.use)) return
  invalid(parsing, {
    code: 'policy.characters',
    message: `\`${text}\` holds a character that IAM doesn't store`,
    help: `remove U+${(odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}, or let \`?\` stand for it where wildcards work`,
    span: spanOfPlace(place),
  })
}

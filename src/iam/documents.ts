import type { Partition, PolicyDocument } from '../model/index.ts'
import { parsePolicy } from '../policy/parse.ts'
import type { ParsedPolicy } from '../policy/parsed.ts'
import { isObject } from '../policy/parsing.ts'
import { policySize } from '../policy/size.ts'
import type { StoredKind } from '../policy/storage-rules.ts'
import { storedDocumentProblems } from '../policy/stored-document.ts'
import { readText } from './input.ts'
import { refused, validationError } from './refusals.ts'
import { IamError } from './service-error.ts'

/** A document that has passed AWS's checks. */
export interface CheckedDocument {
  /** As its author wrote it, which is what is stored and returned. */
  readonly text: string
  readonly json: PolicyDocument
  readonly parsed: ParsedPolicy
  /** Characters without white space, as the quotas count. */
  readonly size: number
}

const LONGEST_DOCUMENT = 131_072
/** @see IAM API Reference: the pattern of PolicyDocument */
const DOCUMENT_CHARACTERS = /^[\u0009\u000a\u000d\u0020-\u00ff]+$/

/**
 * Checks a policy document's text against the grammar, and what IAM doesn't store. Sizes are checked by who knows the quota.
 * @throws IamError ValidationError, MalformedPolicyDocument
 */
export function readDocument(
  field: string,
  value: unknown,
  kind: StoredKind,
  partition: Partition,
): CheckedDocument {
  const text = readText(field, value, { least: 1, most: LONGEST_DOCUMENT })
  if (!DOCUMENT_CHARACTERS.test(text))
    throw validationError(
      field,
      text,
      'Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
    )
  const json = parseJson(text)
  const { policy, diagnostics } = parsePolicy(json, null, kind === 'trust' ? 'trust' : 'identity', 'validate')
  const first = [...diagnostics, ...storedDocumentProblems(json, null, kind, partition)].find(
    (diagnostic) => diagnostic.severity === 'error',
  )
  if (policy === null || first !== undefined)
    throw refused('MalformedPolicyDocument', first?.message ?? 'Syntax errors in policy.')
  // It has just been read as one, without an error.
  const document = json as PolicyDocument
  return { text, json: document, parsed: policy, size: policySize(document) }
}

function parseJson(text: string): unknown {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw refused('MalformedPolicyDocument', 'Syntax errors in policy.')
  }
  const repeated = repeatedKey(text)
  if (repeated !== null)
    throw refused('MalformedPolicyDocument', `Syntax errors in policy: the key ${repeated} stands twice.`)
  return json
}

/** The braces of a JSON text and its strings, each with the colon that makes it a key. */
const BRACES_AND_STRINGS = /[{}]|"(?:[^"\\]|\\.)*"(\s*:)?/g

/**
 * Of keys that stand twice in an object, `JSON.parse` silently keeps the last.
 * @param text valid JSON
 */
function repeatedKey(text: string): string | null {
  const open: Set<string>[] = []
  for (const [token, colon] of text.matchAll(BRACES_AND_STRINGS)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (colon !== undefined) {
      // A string, as its quotes say.
      const key = JSON.parse(token.slice(0, token.length - colon.length)) as string
      const keys = open.at(-1)
      if (keys?.has(key)) return key
      keys?.add(key)
    }
  }
  return null
}

/**
 * URL-encodes as AWS does: RFC 3986, which reserves five characters more than `encodeURIComponent`.
 * @throws IamError `ServiceFailure` for what nothing here has stored: an account of AWS may hold what nobody can read, this one
 * only when its store is damaged
 */
export function encodeDocument(text: string): string {
  if (!hasStatements(text))
    throw new IamError('ServiceFailure', 'the store holds a policy document that is none')
  const encoded = encodeURIComponent(text)
  return SPARED.test(encoded) ? encoded.replace(EVERY_SPARED, percentEncode) : encoded
}

function hasStatements(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text)
    return isObject(json) && typeof json.Statement === 'object' && json.Statement !== null
  } catch {
    return false
  }
}

const SPARED = /[!'()*]/
const EVERY_SPARED = /[!'()*]/g
const percentEncode = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

import { isObject } from '../../policy/parsing.ts'
import type { Request } from '../decision.ts'
import { requestProblem } from '../module/request-facts.ts'
import { BatchError, invalidRequest } from './batch-error.ts'
import { type BatchPolicies, readPolicies } from './batch-policies.ts'
import { expectKeys, type Json } from './json-object.ts'
import { jsonProblem } from './json-problem.ts'

interface BatchLine {
  readonly request: Request
  /** The name of a set, where the line says it in place of the policies. */
  readonly policies: BatchPolicies | string
}

/** What a line's `id` is, and what it says, or why it can't be read. */
type ReadLine = { readonly id: string | null } & (
  | { readonly line: BatchLine }
  | { readonly error: BatchError }
)

/** Reads a line of `evaluate --batch`. */
export function readBatchLine(text: string): ReadLine {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { id: null, error: new BatchError('malformed_json', 'the line is not JSON') }
  }
  if (!isObject(json)) return { id: null, error: invalidRequest('the line is not an object') }
  const id = typeof json.id === 'string' ? json.id : null
  try {
    const problem = jsonProblem(text)
    if (problem !== null) throw new BatchError('malformed_json', problem)
    return { id, line: readLine(json) }
  } catch (error) {
    if (error instanceof BatchError) return { id, error }
    throw error
  }
}

/** In place of policies: those that the project declares. No set has this name. */
export const PROJECT = 'project'

const LINE_KEYS = ['id', 'request', 'policies']
const REQUEST_KEYS = ['principal', 'action', 'resource', 'resourceAccount', 'context']

function readLine(json: Json): BatchLine {
  expectKeys(json, LINE_KEYS, 'the line')
  if (json.id !== undefined && typeof json.id !== 'string') throw invalidRequest('`id` is not a string')
  if (!isObject(json.request)) throw invalidRequest('`request` is not an object')
  const request = readRequest(json.request)
  const { policies } = json
  // Whom a project knows by name has no ARN yet.
  const problem = policies === PROJECT ? null : requestProblem(request)
  if (problem !== null) throw invalidRequest(problem)
  return { request, policies: typeof policies === 'string' ? policies : readPolicies(policies) }
}

function readRequest(json: Json): Request {
  expectKeys(json, REQUEST_KEYS, '`request`')
  const { resourceAccount } = json
  return {
    principal: textOf(json, 'principal'),
    action: textOf(json, 'action'),
    resource: textOf(json, 'resource'),
    ...(resourceAccount === undefined ? {} : { resourceAccount: textOf(json, 'resourceAccount') }),
    context: readContext(json.context),
  }
}

function textOf(json: Json, key: string): string {
  const value = json[key]
  if (typeof value === 'string') return value
  throw invalidRequest(
    value === undefined ? `\`${key}\` is missing in \`request\`` : `\`${key}\` is not a string`,
  )
}

const NO_CONTEXT: Request['context'] = new Map()

function readContext(json: unknown): Request['context'] {
  if (json === undefined) return NO_CONTEXT
  if (!isObject(json)) throw invalidRequest('`context` is not an object')
  const context = new Map<string, readonly string[]>()
  for (const [key, value] of Object.entries(json)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    context.set(
      key,
      values.map((one) => contextText(key, one)),
    )
  }
  return context
}

/** Numbers and booleans count as their JSON text, as in a policy. */
function contextText(key: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw invalidRequest(`context key \`${key}\` has a value that is neither text nor a list of texts`)
}

import type { Request } from '../decision.ts'
import type { EndpointType } from '../layers.ts'
import { requestProblem } from '../module/request-facts.ts'
import { jsonProblem } from './json-problem.ts'

type BatchErrorCode = 'malformed_json' | 'invalid_request' | 'invalid_policy'

/** A line that can't be decided, and why. */
export class BatchError extends Error {
  readonly code: BatchErrorCode

  constructor(code: BatchErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** The policies of a line, not yet looked into. An absent layer is null. */
export interface BatchPolicies {
  readonly identity: readonly unknown[] | null
  readonly boundary: readonly unknown[] | null
  readonly session: readonly unknown[] | null
  readonly scp: readonly (readonly unknown[])[] | null
  readonly rcp: readonly (readonly unknown[])[] | null
  readonly resource: unknown
  readonly endpoint: readonly unknown[] | null
  readonly endpointType: EndpointType
}

interface BatchLine {
  readonly request: Request
  readonly policies: BatchPolicies
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

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

const invalidRequest = (message: string): BatchError => new BatchError('invalid_request', message)

function expectKeys(json: Json, known: readonly string[], what: string): void {
  for (const key of Object.keys(json))
    if (!known.includes(key)) throw invalidRequest(`unknown key \`${key}\` in ${what}`)
}

const LINE_KEYS = ['id', 'request', 'policies']
const REQUEST_KEYS = ['principal', 'action', 'resource', 'resourceAccount', 'context']
const POLICY_KEYS = ['identity', 'resource', 'boundary', 'scp', 'rcp', 'session', 'endpoint', 'endpointType']

function readLine(json: Json): BatchLine {
  expectKeys(json, LINE_KEYS, 'the line')
  if (json.id !== undefined && typeof json.id !== 'string') throw invalidRequest('`id` is not a string')
  if (!isObject(json.request)) throw invalidRequest('`request` is not an object')
  const request = readRequest(json.request)
  const problem = requestProblem(request)
  if (problem !== null) throw invalidRequest(problem)
  return { request, policies: readPolicies(json.policies) }
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

function readPolicies(json: unknown): BatchPolicies {
  if (json === undefined || json === null) return readPolicies({})
  if (!isObject(json)) throw invalidRequest('`policies` is not an object')
  expectKeys(json, POLICY_KEYS, '`policies`')
  return {
    identity: listOf(json, 'identity'),
    boundary: listOf(json, 'boundary'),
    session: listOf(json, 'session'),
    scp: levelsOf(json, 'scp'),
    rcp: levelsOf(json, 'rcp'),
    resource: json.resource ?? null,
    endpoint: listOf(json, 'endpoint'),
    endpointType: endpointTypeOf(json.endpointType ?? 'interface'),
  }
}

function listOf(json: Json, key: string): readonly unknown[] | null {
  const value = json[key] ?? null
  if (value === null || Array.isArray(value)) return value
  throw invalidRequest(`\`policies.${key}\` is not a list of policy documents`)
}

function endpointTypeOf(type: unknown): EndpointType {
  if (type === 'interface' || type === 'gateway') return type
  throw invalidRequest('`policies.endpointType` is neither `interface` nor `gateway`')
}

function levelsOf(json: Json, key: string): readonly (readonly unknown[])[] | null {
  const levels = listOf(json, key)
  if (levels?.every((level) => Array.isArray(level)) ?? true)
    return levels as readonly (readonly unknown[])[] | null
  throw invalidRequest(`\`policies.${key}\` is not a list of levels, each a list of policy documents`)
}

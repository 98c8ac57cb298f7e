import type { PolicyUse } from '../../policy/parsed.ts'
import { isObject } from '../../policy/parsing.ts'
import type { EndpointType } from '../layers.ts'
import { invalidRequest } from './batch-error.ts'
import { expectKeys, type Json } from './json-object.ts'

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

const POLICY_KEYS = ['identity', 'resource', 'boundary', 'scp', 'rcp', 'session', 'endpoint', 'endpointType']

/** Reads `policies` of a line, or a named set of them. @throws BatchError with the path of what is wrong */
export function readPolicies(json: unknown): BatchPolicies {
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
  throw invalidRequest(`\`policies.${key}\` is not a list of policy documents`, [key])
}

function endpointTypeOf(type: unknown): EndpointType {
  if (type === 'interface' || type === 'gateway') return type
  throw invalidRequest('`policies.endpointType` is neither `interface` nor `gateway`', ['endpointType'])
}

function levelsOf(json: Json, key: string): readonly (readonly unknown[])[] | null {
  const levels = listOf(json, key)
  if (levels?.every((level) => Array.isArray(level)) ?? true)
    return levels as readonly (readonly unknown[])[] | null
  throw invalidRequest(`\`policies.${key}\` is not a list of levels, each a list of policy documents`, [key])
}

/** One document of a set, and where it stands in it. */
interface SetDocument {
  readonly path: readonly (string | number)[]
  readonly document: unknown
  /** What it may be read as: one of these. */
  readonly uses: readonly PolicyUse[]
}

/** Every document of a set, in the order of the layers. */
export function documentsOf(policies: BatchPolicies): readonly SetDocument[] {
  const list = (documents: readonly unknown[] | null, path: SetDocument['path'], use: PolicyUse) =>
    (documents ?? []).map((document, index) => ({ path: [...path, index], document, uses: [use] }))
  const levels = (name: 'scp' | 'rcp') =>
    (policies[name] ?? []).flatMap((level, index) => list(level, [name, index], name))
  const { resource } = policies
  return [
    ...list(policies.identity, ['identity'], 'identity'),
    ...list(policies.boundary, ['boundary'], 'boundary'),
    ...list(policies.session, ['session'], 'session'),
    ...levels('scp'),
    ...levels('rcp'),
    ...list(policies.endpoint, ['endpoint'], 'resource'),
    // Whether it is a trust policy shows by what a request asks.
    ...(resource === null
      ? []
      : [{ path: ['resource'], document: resource, uses: ['resource', 'trust'] as const }]),
  ]
}

import {
  LAYER_BOUNDARY,
  LAYER_ENDPOINT,
  LAYER_GATEWAY_ENDPOINT,
  LAYER_IDENTITY,
  LAYER_RCP,
  LAYER_RESOURCE,
  LAYER_SCP,
  LAYER_SESSION,
} from '../../assembly/wire.ts'
import type { Layer } from './decision.ts'
import type { EndpointType, IdentifiedPolicy, PolicyLayers } from './layers.ts'
import type { UseClass } from './program/pieces.ts'

/** The policies of one layer, or of one level of it. */
export interface NamedGroup {
  readonly layer: Layer
  /** Of `scp` and `rcp`, from 0 (the root) down; otherwise null. */
  readonly level: number | null
  readonly policies: readonly IdentifiedPolicy[]
  /** Of `endpoint` only: how it reads the principals that it names. */
  readonly endpointType?: EndpointType
}

const LAYER_CODES: Readonly<Record<Layer, number>> = {
  identity: LAYER_IDENTITY,
  boundary: LAYER_BOUNDARY,
  session: LAYER_SESSION,
  scp: LAYER_SCP,
  rcp: LAYER_RCP,
  resource: LAYER_RESOURCE,
  endpoint: LAYER_ENDPOINT,
}

export const groupCode = ({ layer, endpointType }: NamedGroup): number =>
  endpointType === 'gateway' ? LAYER_GATEWAY_ENDPOINT : LAYER_CODES[layer]

export const USE_CLASSES: Readonly<Record<Layer, UseClass>> = {
  identity: 'identity',
  boundary: 'identity',
  session: 'identity',
  scp: 'scp',
  rcp: 'rcp',
  resource: 'resource',
  endpoint: 'resource',
}

/** The groups that come with whoever asks. */
export function principalGroups({ identity, boundary, session, scp }: PolicyLayers): readonly NamedGroup[] {
  // An identity layer without policies allows nothing, and can be named as the one that did not.
  const groups: NamedGroup[] = [{ layer: 'identity', level: null, policies: identity ?? [] }]
  if (boundary != null && boundary.length > 0)
    groups.push({ layer: 'boundary', level: null, policies: boundary })
  if (session != null && session.length > 0) groups.push({ layer: 'session', level: null, policies: session })
  for (const [level, policies] of (scp ?? []).entries()) groups.push({ layer: 'scp', level, policies })
  return groups
}

/** The groups that come with what is asked about, and with the way there. */
export function resourceGroups({
  rcp,
  resource,
  endpoint,
  endpointType,
}: PolicyLayers): readonly NamedGroup[] {
  const groups: NamedGroup[] = (rcp ?? []).map((policies, level) => ({ layer: 'rcp', level, policies }))
  if (resource != null) groups.push({ layer: 'resource', level: null, policies: [resource] })
  if (endpoint != null && endpoint.length > 0)
    groups.push({
      layer: 'endpoint',
      level: null,
      policies: endpoint,
      endpointType: endpointType ?? 'interface',
    })
  return groups
}

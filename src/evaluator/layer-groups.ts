import {
  LAYER_BOUNDARY,
  LAYER_IDENTITY,
  LAYER_RCP,
  LAYER_RESOURCE,
  LAYER_SCP,
  LAYER_SESSION,
} from '../../assembly/wire.ts'
import type { Layer } from './decision.ts'
import type { IdentifiedPolicy, PolicyLayers } from './layers.ts'
import type { UseClass } from './program/pieces.ts'

/** The policies of one layer, or of one level of it. */
export interface NamedGroup {
  readonly layer: Layer
  /** Of `scp` and `rcp`, from 0 (the root) down; otherwise null. */
  readonly level: number | null
  readonly policies: readonly IdentifiedPolicy[]
}

export const LAYER_CODES: Readonly<Record<Layer, number>> = {
  identity: LAYER_IDENTITY,
  boundary: LAYER_BOUNDARY,
  session: LAYER_SESSION,
  scp: LAYER_SCP,
  rcp: LAYER_RCP,
  resource: LAYER_RESOURCE,
}

export const USE_CLASSES: Readonly<Record<Layer, UseClass>> = {
  identity: 'identity',
  boundary: 'identity',
  session: 'identity',
  scp: 'scp',
  rcp: 'rcp',
  resource: 'resource',
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

/** The groups that come with what is asked about. */
export function resourceGroups({ rcp, resource }: PolicyLayers): readonly NamedGroup[] {
  const groups: NamedGroup[] = (rcp ?? []).map((policies, level) => ({ layer: 'rcp', level, policies }))
  if (resource != null) groups.push({ layer: 'resource', level: null, policies: [resource] })
  return groups
}

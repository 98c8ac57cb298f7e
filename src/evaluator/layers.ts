import type { ParsedPolicy } from '../policy/parsed.ts'

/** A policy and what to call it in an answer: its ARN, or `inline:NAME`. */
export interface IdentifiedPolicy {
  readonly id: string
  readonly policy: ParsedPolicy
}

/** To a gateway endpoint an account, or its root ARN, as principal means the root user only. */
export type EndpointType = 'interface' | 'gateway'

/**
 * The policies that bear on a principal's requests. An absent layer doesn't exist, nor does one that is null or an
 * empty list; only a level of `scp` or `rcp` that is an empty list is there, and allows nothing.
 * The same object again means the same policies: it is compiled once.
 */
export interface PolicyLayers {
  /** Attached, inline and groups' policies, united. */
  readonly identity?: readonly IdentifiedPolicy[]
  /** United, should there be several. */
  readonly boundary?: readonly IdentifiedPolicy[] | null
  readonly session?: readonly IdentifiedPolicy[] | null
  /** One list for each level of the organization's tree. */
  readonly scp?: readonly (readonly IdentifiedPolicy[])[]
  readonly rcp?: readonly (readonly IdentifiedPolicy[])[]
  /** The resource's own policy; of a role its trust policy, of a key its key policy. */
  readonly resource?: IdentifiedPolicy | null
  /** The policies of the VPC endpoint that requests come through, united. */
  readonly endpoint?: readonly IdentifiedPolicy[] | null
  /** Absent: `interface`. */
  readonly endpointType?: EndpointType
}

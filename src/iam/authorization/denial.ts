import type { Decision, Layer } from '../../evaluator/decision.ts'
import type { Explanation } from '../../evaluator/explaining/explanation.ts'
import { isDecidedByTrust } from '../../evaluator/module/action-facts.ts'
import type { Needed } from './call.ts'
import type { DenyingReason } from './denying-documents.ts'

/** Why a call was refused: what `DecodeAuthorizationMessage` opens. */
export interface Denial {
  readonly principal: string
  readonly needed: Needed
  readonly decision: Exclude<Decision, 'allow'>
  /** The first layer, in the order in which AWS goes through them, that stood in the way. */
  readonly layer: Layer
  /** Statements that deny. */
  readonly reasons: readonly DenyingReason[]
  /** All that was asked with; in AWS's spelling. */
  readonly context: ReadonlyMap<string, readonly string[]>
}

/** @see IAM User Guide, "How AWS enforcement code logic evaluates requests to allow or deny access" */
const ORDER: readonly Layer[] = ['rcp', 'scp', 'resource', 'identity', 'boundary', 'session', 'endpoint']

/** @see IAM User Guide, "Troubleshoot access denied error messages" */
const WORDS: Readonly<Record<Layer, string>> = {
  identity: 'identity-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  scp: 'service control policy',
  rcp: 'resource control policy',
  resource: 'resource-based policy',
  endpoint: 'VPC endpoint policy',
}

/** The layer to blame for a decision that is no allow. */
export function blamedLayer({ decision, layers, reasons }: Explanation, action: string): Layer {
  const speaking =
    decision === 'explicit_deny'
      ? reasons.map(({ layer }) => layer)
      : layers.flatMap(({ layer, verdict }) => (verdict === 'implicit_deny' ? [layer] : []))
  // Of a role that is to be assumed the trust policy must allow; elsewhere the identity's alone suffice.
  const blamed = speaking.filter(
    (layer) => decision === 'explicit_deny' || layer !== 'resource' || isDecidedByTrust(action),
  )
  return ORDER.find((layer) => blamed.includes(layer)) ?? (isDecidedByTrust(action) ? 'resource' : 'identity')
}

/** What AWS says. */
export function denialText({ principal, needed, decision, layer }: Denial): string {
  const { action, resource } = needed
  const what = layer === 'resource' && isDecidedByTrust(action) ? 'role trust policy' : WORDS[layer]
  const why =
    decision === 'explicit_deny'
      ? `with an explicit deny in ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}`
      : `because no ${what} allows the ${action} action`
  return `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ${why}`
}

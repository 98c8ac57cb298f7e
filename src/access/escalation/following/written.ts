import type { IdentifiedPolicy, PolicyLayers } from '../../../evaluator/layers.ts'
import type { Power } from '../powers/powers.ts'

/** What an entity's policies become, and what it takes. */
export interface Written {
  readonly target: string
  readonly power: Power
  /** What is done before. */
  readonly before?: readonly Power[]
  readonly layers: PolicyLayers
  readonly how: string
  /** ARN of the policy that is attached. */
  readonly attached?: string
  readonly isPotential?: boolean
}

/** What is written is allowed besides; what is denied stays denied. */
export const writtenInto = (layers: PolicyLayers, policy: IdentifiedPolicy): PolicyLayers => ({
  ...layers,
  identity: [...(layers.identity ?? []), policy],
})

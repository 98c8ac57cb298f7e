import type { PolicyLayers } from '../../evaluator/layers.ts'
import type { ExaminedPrincipal, PrincipalInState } from '../principals/examined-principal.ts'
import type { Region } from '../regions/region.ts'
import type { RegionSide } from '../regions/region-side.ts'
import type { Sessions } from '../session-tags/session-sides.ts'

/** A principal in one state, ready to be asked about. */
export interface Asked {
  readonly principal: ExaminedPrincipal
  /** null: it isn't there, so nothing is allowed. */
  readonly state: PrincipalInState | null
  readonly layers: PolicyLayers
  readonly region: Region
  readonly controls?: RegionSide['controls']
  /** Of sessions whose tags aren't settled. */
  readonly sessions?: Sessions | undefined
}

/** `unknown`: it is allowed if there is such a session, and whether there is isn't settled. */
export type Confirmation = 'yes' | 'no' | 'unknown'

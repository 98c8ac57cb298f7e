import type { PolicyLayers } from '../evaluator/layers.ts'
import type { Region } from './region.ts'
import type { Sessions } from './session-tags/session-sides.ts'
import type { Subject, SubjectState } from './subject.ts'
import type { SubjectSide } from './subject-side.ts'

/** A subject in one state, ready to be asked about. */
export interface Asked {
  readonly subject: Subject
  /** null: it isn't there, so nothing is allowed. */
  readonly state: SubjectState | null
  readonly layers: PolicyLayers
  readonly region: Region
  readonly controls?: SubjectSide['controls']
  /** Of sessions whose tags aren't settled. */
  readonly sessions?: Sessions | undefined
}

/** `unknown`: it is allowed if there is such a session, and whether there is isn't settled. */
export type Decision = 'yes' | 'no' | 'unknown'

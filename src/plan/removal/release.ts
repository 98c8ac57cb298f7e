import type { EntityRef } from '../../model/index.ts'
import type { EffectiveCall } from '../../model/step.ts'

/** Something else that an entity must leave before it can go, and that doesn't let go of it by a change of its own. */
export interface Release {
  /** What it leaves. */
  readonly from: EntityRef
  /** As reviewers read it: `instanceProfiles`. */
  readonly section: string
  readonly name: string
  /** Whether it is declared to be there, so that it comes back where it is made anew. */
  readonly isDeclared: boolean
  readonly leave: EffectiveCall
  /** What takes it in again. */
  readonly enter: EffectiveCall
  /** Of one thing: that there is room in it again. */
  readonly room: string
}

import { type AttributeChange, UNCHANGED } from '../../kinds/attributes/attribute.ts'
import { path } from '../../kinds/attributes/path.ts'
import type { Detail } from '../../model/detail.ts'
import type { DesiredIdentity, IdentityState } from '../../model/index.ts'
import type { EffectiveCall } from '../../model/step.ts'
import { creationDetails, creationRequires } from '../creation.ts'
import type { Grants } from '../grants/grant-change.ts'
import type { StepPlace } from '../grants/grant-order.ts'
import { grantSteps } from '../grants/grant-steps.ts'
import { compareGrants, grantDetails } from '../grants/grants.ts'
import { rankOf } from '../kind-order.ts'
import { createChange, deleteChange, type EntityPlanner, type Planning } from '../planning.ts'
import { removalDetails, removalSteps } from '../removal/removal.ts'
import { noteUnmanagedGrants } from '../removal/unmanaged.ts'
import { signInPlace } from '../steps/sign-in-place.ts'
import { RANK, token } from '../steps/step-drafts.ts'

/** What is special of a kind of principal that changes its path in place. */
interface Movable<State, Desired> {
  readonly create: (desired: Desired, grants: Grants) => EffectiveCall
  readonly move: (desired: Desired) => EffectiveCall
  /** What it has besides grants; null: it is only being made. */
  readonly besides?: (observed: State | null, desired: Desired) => Besides
  /** What must leave it before it goes, but for what leaves by itself. */
  readonly leaving?: (observed: State) => Leaving
}

export interface Besides {
  readonly change: AttributeChange
  /** Where nothing else is said of one: once it has all that it gets, and has lost what it loses. */
  readonly calls: readonly (EffectiveCall & Partial<StepPlace>)[]
  /** Whether it hangs on what neither its state nor its declaration says, so that every plan has to look at it. Absent: it doesn't. */
  readonly isOpen?: true
}

export const NOTHING_BESIDES: Besides = { change: UNCHANGED, calls: [] }

interface Leaving {
  readonly details: readonly Detail[]
  readonly calls: readonly EffectiveCall[]
}

const NOBODY: Leaving = { details: [], calls: [] }

/** Of a principal that can change its path in place: nothing of it is ever made anew. */
export function movablePlanner<State extends IdentityState, Desired extends DesiredIdentity>(
  planning: Planning,
  { create, move, besides, leaving }: Movable<State, Desired>,
): EntityPlanner<State, Desired> {
  const pushBesides = ({ key, arn }: Grants, { calls }: Besides) => {
    for (const call of calls)
      planning.steps.push({
        change: key,
        ...signInPlace(arn),
        ...call,
      })
  }
  return {
    create: (desired) => {
      const grants = compareGrants(planning, null, desired)
      planning.changes.push(createChange('create', desired, creationDetails(planning, desired.kind, desired)))
      planning.steps.push({
        change: grants.key,
        ...create(desired, grants),
        rank: rankOf(planning.kinds, desired.kind).create,
        requires: creationRequires(planning, desired.kind, grants.boundary.after),
        provides: [token.exists(desired.arn)],
      })
      grantSteps(planning, grants, false)
      pushBesides(grants, besides?.(null, desired) ?? NOTHING_BESIDES)
    },
    update: (observed, desired) => {
      const grants = compareGrants(planning, observed, desired)
      const more = besides?.(observed, desired) ?? NOTHING_BESIDES
      const isNoted = noteUnmanagedGrants(planning, grants, more.change)
      const place = path.compare(observed, desired, undefined, planning.observed.account)
      const details = [...place.details(), ...grantDetails(grants), ...more.change.details()]
      if (details.length === 0) {
        if (!isNoted && more.isOpen !== true) planning.settled.set(observed, desired)
        return
      }
      planning.changes.push(createChange('update', desired, details))
      if (place.isMoved)
        planning.steps.push({
          change: grants.key,
          ...move(desired),
          rank: RANK.update,
          provides: [token.exists(desired.arn)],
        })
      grantSteps(planning, grants, false)
      pushBesides(grants, more)
    },
    replace: null,
    delete: (observed) => {
      const { details, calls } = leaving?.(observed) ?? NOBODY
      const change = deleteChange(observed, [
        ...details,
        ...removalDetails(planning, observed.kind, observed),
      ])
      planning.changes.push(change)
      for (const call of calls)
        planning.steps.push({
          change: change.key,
          ...call,
          rank: RANK.remove,
          provides: [token.unused(observed.arn)],
        })
      removalSteps(planning, change.key, observed)
    },
  }
}

import { unmanagedOf } from '../kinds/attributes/attribute.ts'
import { tags as tagsAttribute } from '../kinds/attributes/tags.ts'
import type { Detail } from '../model/detail.ts'
import { type DesiredOf, type EntityKind, entityRef, type StateOf } from '../model/index.ts'
import type { EffectiveCall } from '../model/step.ts'
import { creationDetails, creationRequires } from './creation.ts'
import { tagSteps } from './grants/tag-steps.ts'
import { rankOf } from './kind-order.ts'
import {
  type ChangeDraft,
  createChange,
  deleteChange,
  type EntityPlanner,
  type PlanKind,
  type Planning,
} from './planning.ts'
import { removalDetails } from './removal/removal.ts'
import { refuseLosses } from './removal/replacement.ts'
import { noteUnmanagedParts } from './removal/unmanaged.ts'
import { deleteEntity, isTagged, tagging } from './steps/effective-calls.ts'
import { type StepDraft, token } from './steps/step-drafts.ts'

/** What is special of a kind that holds no policies and makes no requests. */
interface Plain<State, Desired> {
  readonly create: (desired: Desired) => EffectiveCall
  /** What brings its attributes, but for tags, to what is declared. */
  readonly update: (observed: State, desired: Desired, change: string) => readonly StepDraft[]
  /** What makes one be made anew; absent: nothing does. */
  readonly madeAnewFor?: string
}

/** Of a kind whose attributes are all that there is of it: what was declared is compared one by one. */
export function plainPlanner<K extends EntityKind>(
  planning: Planning,
  kind: K,
  { create, update, madeAnewFor }: Plain<StateOf<K>, DesiredOf<K>>,
): EntityPlanner<StateOf<K>, DesiredOf<K>> {
  const { attributes, facts }: PlanKind<K> = planning.kinds[kind]
  const { account } = planning.observed
  const ownedOf = ({ name }: DesiredOf<K>) => planning.declaredBefore[entityRef(kind, name)] ?? {}
  const changesOf = (observed: StateOf<K> | null, desired: DesiredOf<K>) => {
    const owned = ownedOf(desired)
    return attributes.map((attribute) =>
      attribute.compare(observed, desired, observed === null ? undefined : owned[attribute.name], account),
    )
  }
  const note = (change: ChangeDraft): string => {
    planning.changes.push(change)
    return change.key
  }
  const pushCreate = (desired: DesiredOf<K>, change: string, requires: readonly string[]) =>
    planning.steps.push({
      change,
      ...create(desired),
      rank: rankOf(planning.kinds, kind).create,
      requires,
      provides: [token.exists(desired.arn)],
    })
  const pushDelete = ({ name, arn }: StateOf<K>, change: string) =>
    planning.steps.push({
      change,
      ...deleteEntity(planning, { kind, name, arn }),
      rank: rankOf(planning.kinds, kind).delete,
      provides: [token.gone(kind, name), token.room(facts.section, '')],
    })
  return {
    create: (desired) => {
      const change = note(createChange('create', desired, creationDetails(planning, kind, desired)))
      pushCreate(desired, change, creationRequires(planning, kind, null))
    },
    update: (observed, desired) => {
      const changes = changesOf(observed, desired)
      const isNoted = noteUnmanagedParts(planning, { kind, name: desired.name, arn: desired.arn }, changes)
      const details: readonly Detail[] = changes.flatMap((change) => change.details())
      if (details.length === 0) {
        if (!isNoted) planning.settled.set(observed, desired)
        return
      }
      const change = note(createChange('update', desired, details))
      planning.steps.push(...update(observed, desired, change))
      if (!isTagged(planning, kind) || !('tags' in observed)) return
      const declared: { readonly tags?: ReadonlyMap<string, string> } = 'tags' in desired ? desired : {}
      const tags = tagsAttribute.compare(observed, declared, ownedOf(desired).tags, account)
      planning.steps.push(...tagSteps(change, desired.arn, tags, tagging(planning, { ...desired, kind })))
    },
    replace: (observed, desired) => {
      const changes = changesOf(observed, desired)
      const lost = unmanagedOf(changes).map(({ loss }) => loss)
      refuseLosses(planning, desired, madeAnewFor ?? '', lost, 'declare these too, or give it a new name')
      const details = changes.flatMap((change) => change.details())
      const change = note(createChange('replace', desired, details))
      pushDelete(observed, change)
      pushCreate(desired, change, [token.gone(kind, desired.name)])
    },
    delete: (observed) => {
      pushDelete(observed, note(deleteChange(observed, removalDetails(planning, kind, observed))))
    },
  }
}

import { entityRef } from '../../model/index.ts'
import { isKnownEffect } from '../../model/step-effect.ts'
import { type AnyDraft, token } from '../steps/step-drafts.ts'

/** Steps, as far as their order is open, with what is to be tried with them. */
export interface Attempt {
  readonly drafts: readonly AnyDraft[]
  readonly concernedBy: ReadonlyMap<number, readonly string[]>
  readonly steps: readonly number[]
}

/**
 * Creates entities such that they let nobody in, and opens them once all is done that decides their requests. So nothing
 * is to be done by whoever they are in between, in whatever order the other steps come.
 * @param isMeant whether one is to begin so, by `kind/name` and the step that creates it
 * @returns the same drafts where none is
 */
export function openingLate(attempt: Attempt, isMeant: (key: string, creation: number) => boolean): Attempt {
  let { drafts, concernedBy, steps } = attempt
  for (const number of attempt.steps) {
    const draft = drafts[number]
    const created = draft?.effects.filter(isKnownEffect).find(({ type }) => type === 'created')
    if (draft?.unopened === undefined || created?.type !== 'created') continue
    const { kind, name } = created.state
    const key = entityRef(kind, name)
    if (!isMeant(key, number)) continue
    const { creation, opening } = draft.unopened()
    const complete = token.complete(key)
    // Roles that trust each other have such a step already.
    const known = drafts.findIndex(
      (each) => each.change === draft.change && each.operation === opening.operation,
    )
    const last = known < 0 ? drafts.length : known
    const decide = new Set(steps.filter((each) => concernedBy.get(each)?.includes(key)))
    drafts = [
      ...drafts.map((each, index) => {
        const placed = index === number ? { ...each, ...creation } : each
        return index !== last && decide.has(index)
          ? { ...placed, provides: [...(each.provides ?? []), complete] }
          : placed
      }),
      ...(known < 0 ? [opening] : []),
    ].map((each, index) =>
      index === last ? { ...each, requires: [...(each.requires ?? []), complete] } : each,
    )
    concernedBy = new Map([...concernedBy, [last, [key]]])
    steps = [...steps, last]
  }
  return { drafts, concernedBy, steps }
}

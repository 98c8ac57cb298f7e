import type { Planning } from '../planning.ts'
import { type TaggedKind, tag as tagCall, untag as untagCall } from '../steps/effective-calls.ts'
import type { CallSubject } from '../steps/kind-calls.ts'
import { RANK, token } from '../steps/step-drafts.ts'

/** Removals first: keys that differ only in case are one key to AWS, and there is room for 50. */
export function pushTagSteps(
  planning: Planning,
  {
    key,
    entity,
    before,
    after,
  }: {
    readonly key: string
    readonly entity: CallSubject & { readonly kind: TaggedKind }
    readonly before: ReadonlyMap<string, string>
    readonly after: ReadonlyMap<string, string>
  },
): void {
  const removed = [...before.keys()].filter((tag) => !after.has(tag)).sort()
  const put = [...after].filter(([tag, value]) => before.get(tag) !== value)
  const untagged = token.room('tags', entity.arn)
  if (removed.length > 0)
    planning.steps.push({
      change: key,
      ...untagCall(planning, entity, removed),
      rank: RANK.update,
      provides: [untagged],
    })
  if (put.length > 0)
    planning.steps.push({
      change: key,
      ...tagCall(planning, entity, new Map(put)),
      rank: RANK.update,
      requires: [untagged, token.exists(entity.arn)],
    })
}

import type { Planning } from './planning.ts'
import { RANK, token } from './step-drafts.ts'

/** Removals first: keys that differ only in case are one key to AWS, and there is room for 50. */
export function pushTagSteps(
  planning: Planning,
  {
    key,
    title,
    input,
    arn,
    before,
    after,
  }: {
    readonly key: string
    readonly title: string
    readonly input: Readonly<Record<string, string>>
    readonly arn: string
    readonly before: ReadonlyMap<string, string>
    readonly after: ReadonlyMap<string, string>
  },
): void {
  const removed = [...before.keys()].filter((tag) => !after.has(tag)).sort()
  const put = [...after].filter(([tag, value]) => before.get(tag) !== value)
  const untagged = token.room('tags', arn)
  if (removed.length > 0)
    planning.steps.push({
      change: key,
      operation: `Untag${title}`,
      input: { ...input, TagKeys: removed },
      rank: RANK.update,
      provides: [untagged],
    })
  if (put.length > 0)
    planning.steps.push({
      change: key,
      operation: `Tag${title}`,
      input: { ...input, Tags: tagList(put) },
      rank: RANK.update,
      requires: [untagged, token.exists(arn)],
    })
}

export const tagList = (
  tags: Iterable<readonly [string, string]>,
): readonly { readonly Key: string; readonly Value: string }[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }))

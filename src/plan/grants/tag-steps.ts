import { RANK, type StepDraft, token } from '../steps/step-drafts.ts'

type Tags = ReadonlyMap<string, string>

/** The calls for the tags of one entity. */
interface TaggingCalls<C> {
  readonly tag: (tags: Tags) => C
  readonly untag: (keys: readonly string[]) => C
}

/** Removals first: keys that differ only in case are one key to AWS, and there is room for 50. */
export function tagSteps<C>(
  change: string,
  arn: string,
  { before, after }: { readonly before: Tags; readonly after: Tags },
  { tag, untag }: TaggingCalls<C>,
): readonly StepDraft<C>[] {
  const removed = [...before.keys()].filter((key) => !after.has(key)).sort()
  const put = [...after].filter(([key, value]) => before.get(key) !== value)
  const untagged = token.room('tags', arn)
  return [
    ...(removed.length === 0 ? [] : [{ change, ...untag(removed), rank: RANK.update, provides: [untagged] }]),
    ...(put.length === 0
      ? []
      : [
          {
            change,
            ...tag(new Map(put)),
            rank: RANK.update,
            requires: [untagged, token.exists(arn)],
          },
        ]),
  ]
}

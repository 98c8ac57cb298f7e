import { type StepCall, step } from '../model/step.ts'
import type { Planning } from './planning.ts'
import { RANK, token } from './step-drafts.ts'

type TaggedKind = 'user' | 'role' | 'policy'

interface Tag {
  readonly Key: string
  readonly Value: string
}

interface TagCalls {
  /** @param id its name; of a policy its ARN */
  readonly tag: (id: string, tags: Tag[]) => StepCall
  readonly untag: (id: string, keys: string[]) => StepCall
}

const TAG_CALLS: { readonly [K in TaggedKind]: TagCalls } = {
  user: {
    tag: (UserName, Tags) => step('TagUser', { UserName, Tags }),
    untag: (UserName, TagKeys) => step('UntagUser', { UserName, TagKeys }),
  },
  role: {
    tag: (RoleName, Tags) => step('TagRole', { RoleName, Tags }),
    untag: (RoleName, TagKeys) => step('UntagRole', { RoleName, TagKeys }),
  },
  policy: {
    tag: (PolicyArn, Tags) => step('TagPolicy', { PolicyArn, Tags }),
    untag: (PolicyArn, TagKeys) => step('UntagPolicy', { PolicyArn, TagKeys }),
  },
}

/** Removals first: keys that differ only in case are one key to AWS, and there is room for 50. */
export function pushTagSteps(
  planning: Planning,
  {
    key,
    kind,
    name,
    arn,
    before,
    after,
  }: {
    readonly key: string
    readonly kind: TaggedKind
    readonly name: string
    readonly arn: string
    readonly before: ReadonlyMap<string, string>
    readonly after: ReadonlyMap<string, string>
  },
): void {
  const removed = [...before.keys()].filter((tag) => !after.has(tag)).sort()
  const put = [...after].filter(([tag, value]) => before.get(tag) !== value)
  const untagged = token.room('tags', arn)
  const calls = TAG_CALLS[kind]
  const id = kind === 'policy' ? arn : name
  if (removed.length > 0)
    planning.steps.push({
      change: key,
      ...calls.untag(id, removed),
      rank: RANK.update,
      provides: [untagged],
    })
  if (put.length > 0)
    planning.steps.push({
      change: key,
      ...calls.tag(id, tagList(put)),
      rank: RANK.update,
      requires: [untagged, token.exists(arn)],
    })
}

export const tagList = (tags: Iterable<readonly [string, string]>): Tag[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }))

import type { TagWay } from './tag-way.ts'

/** Which tags sessions of one role can carry in one state of an estate, beside and in place of the role's own. */
export interface SessionTags {
  /** Its ARN. */
  readonly role: string
  /** Tags of the role itself, by their keys in lower case. */
  readonly own: ReadonlyMap<string, string>
  readonly ways: readonly TagWay[]
  /** Whether there may be more ways than these: nothing is excluded then. */
  readonly isOpen: boolean
  /** Whether there are sessions without any tag but the role's own. */
  readonly mayBeUntagged: boolean
  /** Equal ones leave the same open. Computed when it is asked for: chains may be long. */
  id(): string
}

const passedOn = new WeakMap<SessionTags, readonly SessionTags[]>()

/** What others' sessions can carry who may assume a role, directly or by way of others: a chain passes it on. */
export function passedOnTo(tags: SessionTags): readonly SessionTags[] {
  let all = passedOn.get(tags)
  if (all === undefined) {
    all = findPassedOn(tags)
    passedOn.set(tags, all)
  }
  return all
}

function findPassedOn(tags: SessionTags): readonly SessionTags[] {
  const found = new Map([[tags.role, tags]])
  const queue = [tags]
  for (let next = queue.pop(); next !== undefined; next = queue.pop())
    for (const { caller } of next.ways) {
      const more = caller.isTagged ? caller.tags() : null
      if (more === null || found.has(more.role)) continue
      found.set(more.role, more)
      queue.push(more)
    }
  found.delete(tags.role)
  return [...found.values()]
}

import type { PolicyLayers } from '../../evaluator/layers.ts'
import type { ExaminedPrincipal, PrincipalInState } from '../principals/examined-principal.ts'
import type { Literal } from '../symbolic/atom.ts'
import type { KeyFacts } from '../symbolic/key-theory.ts'

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
  // Of sessions that were started in one way less is possible than of all of their role's.
  const found = new Set([tags])
  const queue = [tags]
  for (let next = queue.pop(); next !== undefined; next = queue.pop())
    for (const { tagger } of next.ways) {
      const more = tagger.isTagged ? tagger.tags() : null
      if (more === null || found.has(more)) continue
      found.add(more)
      queue.push(more)
    }
  found.delete(tags)
  return [...found]
}

/** Who can start a session of a role with tags. */
export interface Tagger {
  readonly principal: ExaminedPrincipal
  readonly state: PrincipalInState
  /** Its own, and the role's trust policy. */
  readonly layers: PolicyLayers
  readonly keyFacts: (key: string) => KeyFacts
  /** Whether it is a role of the estate whose sessions may carry tags, which a chain passes on. */
  readonly isTagged: boolean
  /** These; found out when it is asked for, since roles may trust each other. null: there are none. */
  readonly tags: () => SessionTags | null
}

/** A way to start a session with tags: who asks, how, and what the request must be like. */
export interface TagWay {
  readonly tagger: Tagger
  /** By which the role is assumed. */
  readonly action: string
  /** Tests of `aws:RequestTag/…`, by the tag's key in lower case. */
  readonly ofTag: ReadonlyMap<string, readonly Literal[]>
  /** Of `aws:TagKeys`. */
  readonly ofKeys: readonly Literal[]
  /** Of `sts:TransitiveTagKeys`. */
  readonly ofTransitive: readonly Literal[]
  /** Of all other keys. */
  readonly others: ReadonlyMap<string, readonly Literal[]>
  /** Whether the tests of tags are all that decides. */
  readonly isExact: boolean
  /** Equal ones ask for the same. */
  readonly content: string
}

/** Whatever decides who tags sessions, all along the chains that tags come along. @param tags null: nobody tags them */
export const taggersLayers = (tags: SessionTags | null): readonly PolicyLayers[] =>
  tags === null
    ? []
    : [tags, ...passedOnTo(tags)].flatMap(({ ways }) => ways.map(({ tagger }) => tagger.layers))

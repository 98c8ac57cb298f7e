import type { PolicyLayers } from '../../evaluator/layers.ts'
import { type AnyEntityState, ENTITY_KINDS } from '../../model/index.ts'
import type { EstateView } from '../estate-view.ts'
import { UnlikeEntries, valuesNamed } from '../principals/unlike-entries.ts'
import { writtenIn } from '../witness/written-keys.ts'

/** An entity of an account that two states have with other tags. */
interface Retagged {
  readonly arn: string
  readonly account: string
  /** In lower case. */
  readonly tags: ReadonlySet<string>
}

/**
 * What policies let others do with an entity by its tags changes with them.
 * @see Service Authorization Reference, "Condition keys for AWS IAM": aws:ResourceTag, iam:ResourceTag
 */
export function* retaggedIn(before: EstateView, after: EstateView): Iterable<Retagged> {
  for (const [account, now] of after.accounts) {
    const old = before.accounts.get(account)
    if (old === undefined || old === now) continue
    for (const kind of ENTITY_KINDS) {
      const [olds, news] = [old.entities, now.entities].map(
        (entities): ReadonlyMap<string, AnyEntityState> => entities[kind],
      )
      if (olds === undefined || news === undefined) continue
      for (const { arn, name } of valuesNamed<AnyEntityState>(news, byTags.between(olds, news))) {
        const former = olds.get(name)
        if (former?.arn !== arn) continue
        yield { arn, account, tags: tagsUnlike(tagsOf(former), tagsOf(news.get(name) ?? former)) }
      }
    }
  }
}

/** Whether a policy that decides for somebody asks for one of some tags, in lower case, of what is asked about. */
export const speakOfTags = (layers: PolicyLayers, tags: ReadonlySet<string>): boolean =>
  Object.values(layers)
    .flat(2)
    .some((each) => each != null && [...writtenIn(each.policy).keys()].some((key) => tags.has(tagOf(key))))

/** @see Service Authorization Reference, "Condition keys for AWS IAM": iam:ResourceTag */
const tagOf = (key: string): string => /^(?:aws|iam):resourcetag\/(.*)$/.exec(key)?.[1] ?? ''

type Tags = ReadonlyMap<string, string>

const byTags = new UnlikeEntries<AnyEntityState>((a, b) => tagsUnlike(tagsOf(a), tagsOf(b)).size === 0)

const tagsOf = (entity: AnyEntityState): Tags => ('tags' in entity ? entity.tags : NONE)
const NONE: Tags = new Map()

const tagsUnlike = (old: Tags, now: Tags): ReadonlySet<string> =>
  new Set(
    [...new Set([...old.keys(), ...now.keys()])]
      .filter((tag) => old.get(tag) !== now.get(tag))
      .map((tag) => tag.toLowerCase()),
  )

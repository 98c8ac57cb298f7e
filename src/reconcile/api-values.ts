import { IamError } from '../iam/service-error.ts'
import { parseEntityArn, type StateDocument } from '../model/index.ts'
import type { ReadOperations } from '../model/operations.ts'
import type { DocumentReader } from './document-reader.ts'
import { mapAtOnce } from './map-at-once.ts'
import { type PageEnd, type PageInput, readPages } from './pages.ts'

// The API's words, which end here and in the files of the kinds: what comes out is `src/model`.

type Details = ReadOperations['GetAccountAuthorizationDetails']['output']
/** What stands in a list of `GetAccountAuthorizationDetails`. */
export type Listed<Field extends keyof Details> =
  NonNullable<Details[Field]> extends (infer Item)[] ? Item : never
type Tag = NonNullable<ReadOperations['ListPolicyTags']['output']['Tags']>[number]
type InlinePolicy = NonNullable<Listed<'UserDetailList'>['UserPolicyList']>[number]
type AttachedPolicy = NonNullable<Listed<'UserDetailList'>['AttachedManagedPolicies']>[number]

/** One for all that have none: an empty map takes 184 bytes. */
const NONE: ReadonlyMap<string, never> = new Map<string, never>()

export const observedTags = (tags: readonly Tag[] | undefined): ReadonlyMap<string, string> =>
  tags === undefined || tags.length === 0
    ? NONE
    : new Map(tags.map(({ Key, Value }) => [given(Key), given(Value)]))

export const policyArns = (attached: readonly AttachedPolicy[] | undefined): readonly string[] =>
  (attached ?? []).map(({ PolicyArn }) => given(PolicyArn))

export const observedInline = (
  policies: readonly InlinePolicy[] | undefined,
  documents: DocumentReader,
): ReadonlyMap<string, StateDocument> =>
  policies === undefined || policies.length === 0
    ? NONE
    : new Map(
        policies.map(({ PolicyName, PolicyDocument: text }) => [
          given(PolicyName),
          documents.read(given(text)),
        ]),
      )

/** The SDK's types let everything be absent; the API's answers don't. */
export function given(value: string | undefined): string {
  if (value === undefined)
    throw new IamError('ServiceFailure', 'the target left out what its answers always have')
  return value
}

/** Tags are asked for one entity at a time; many more at once than this, and AWS throttles. */
const QUESTIONS_AT_ONCE = 8

interface TagsPage extends PageEnd {
  readonly Tags?: readonly Tag[] | undefined
}

/** Entities with their tags, of which the listing has none; what somebody else has deleted meanwhile is left out. */
export async function withTags<Untagged extends object>(
  untagged: readonly Untagged[],
  ask: (entity: Untagged, page: PageInput) => Promise<TagsPage>,
): Promise<readonly (Untagged & { readonly tags: ReadonlyMap<string, string> })[]> {
  const tagged = await mapAtOnce(untagged, QUESTIONS_AT_ONCE, async (entity) => {
    const pages = await orWhenMissing(
      null,
      readPages((page) => ask(entity, page)),
    )
    return pages === null ? null : { ...entity, tags: observedTags(pages.flatMap(({ Tags = [] }) => Tags)) }
  })
  return tagged.filter((entity) => entity !== null)
}

/** What an ARN of an answer names. */
export function namedInArn(arn: string): NonNullable<ReturnType<typeof parseEntityArn>> {
  const named = parseEntityArn(arn)
  if (named === null) throw new IamError('ServiceFailure', 'the target names something by what is no ARN')
  return named
}

/** What is asked for, unless nobody has it any more. */
export async function orWhenMissing<T, M>(missing: M, reading: Promise<T>): Promise<T | M> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof IamError && error.code === 'NoSuchEntity') return missing
    throw error
  }
}

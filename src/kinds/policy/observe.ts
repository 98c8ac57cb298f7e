import { given, type Listed, observedTags, orWhenMissing } from '../../reconcile/api-values.ts'
import type { DocumentReader } from '../../reconcile/document-reader.ts'
import { mapAtOnce } from '../../reconcile/map-at-once.ts'
import type { EntityObservation } from '../../reconcile/observe-kind.ts'
import { readPages } from '../../reconcile/pages.ts'
import type { PolicyState } from './kind.ts'

/** Tags of policies are asked for one policy at a time; many more at once than this, and AWS throttles. */
const QUESTIONS_AT_ONCE = 8

export const policy: EntityObservation<PolicyState> = {
  filter: 'LocalManagedPolicy',
  read: async ({ reader, details, documents }) => {
    const listed = details.flatMap((page) => page.Policies ?? [])
    const states = await mapAtOnce(listed, QUESTIONS_AT_ONCE, async (detail) => {
      const pages = await orWhenMissing(
        null,
        readPages((page) => reader.read('ListPolicyTags', { PolicyArn: detail.Arn, ...page })),
      )
      if (pages === null) return null
      const tags = observedTags(pages.flatMap((page) => page.Tags ?? []))
      return stateOf(detail, tags, documents)
    })
    return states.filter((state) => state !== null)
  },
}

function stateOf(
  detail: Listed<'Policies'>,
  tags: ReadonlyMap<string, string>,
  documents: DocumentReader,
): PolicyState {
  const versions = (detail.PolicyVersionList ?? [])
    .map((version) => ({ id: given(version.VersionId), isDefault: version.IsDefaultVersion === true }))
    .sort((a, b) => versionNumber(a.id) - versionNumber(b.id))
  const current = detail.PolicyVersionList?.find((version) => version.IsDefaultVersion === true)
  return {
    kind: 'policy',
    name: given(detail.PolicyName),
    path: given(detail.Path),
    arn: given(detail.Arn),
    description: detail.Description ?? '',
    document: documents.read(given(current?.Document)),
    versions,
    tags,
  }
}

/** Numbers are never used again, so that they tell which version is the oldest: `v12` → 12. */
const versionNumber = (id: string): number => Number(id.slice(1))

import { given, type Listed, observedTags, orWhenMissing } from '../../reconcile/api-values.ts'
import type { DocumentReader } from '../../reconcile/document-reader.ts'
import { mapAtOnce } from '../../reconcile/map-at-once.ts'
import { fromDetails } from '../../reconcile/observe-kind.ts'
import { readPages } from '../../reconcile/pages.ts'
import type { PolicyState } from './kind.ts'

/** Tags of policies are asked for one policy at a time; many more at once than this, and AWS throttles. */
const QUESTIONS_AT_ONCE = 8

export const policy = fromDetails(
  'LocalManagedPolicy',
  (page, documents) => (page.Policies ?? []).map((detail) => untaggedOf(detail, documents)),
  async (untagged, reader) => {
    const states = await mapAtOnce(
      untagged,
      QUESTIONS_AT_ONCE,
      async (policy): Promise<PolicyState | null> => {
        const pages = await orWhenMissing(
          null,
          readPages((page) => reader.read('ListPolicyTags', { PolicyArn: policy.arn, ...page })),
        )
        return pages === null
          ? null
          : { ...policy, tags: observedTags(pages.flatMap((page) => page.Tags ?? [])) }
      },
    )
    return states.filter((state) => state !== null)
  },
)

function untaggedOf(detail: Listed<'Policies'>, documents: DocumentReader): Omit<PolicyState, 'tags'> {
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
  }
}

/** Numbers are never used again, so that they tell which version is the oldest: `v12` → 12. */
const versionNumber = (id: string): number => Number(id.slice(1))

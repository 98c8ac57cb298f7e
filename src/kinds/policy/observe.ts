import { given, type Listed, withTags } from '../../reconcile/api-values.ts'
import type { DocumentReader } from '../../reconcile/document-reader.ts'
import { fromDetails } from '../../reconcile/observe-kind.ts'
import type { PolicyState } from './kind.ts'

export const policy = fromDetails(
  'LocalManagedPolicy',
  (page, documents) => (page.Policies ?? []).map((detail) => untaggedOf(detail, documents)),
  (untagged, reader) =>
    withTags(untagged, ({ arn }, page) => reader.read('ListPolicyTags', { PolicyArn: arn, ...page })),
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

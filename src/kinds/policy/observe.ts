import { given, type Listed, withTags } from '../../reconcile/api-values.ts'
import type { DocumentReader } from '../../reconcile/document-reader.ts'
import { fromDetails, type LostAnswers } from '../../reconcile/observe-kind.ts'
import { readPages } from '../../reconcile/pages.ts'
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

/** A version made twice would be two: whether the default one is that one. */
export const lostPolicyAnswers: LostAnswers = {
  CreatePolicyVersion: async (reader, { PolicyArn, PolicyDocument, SetAsDefault }) => {
    const pages = await readPages((page) => reader.read('ListPolicyVersions', { PolicyArn, ...page }))
    const versions = pages.flatMap(({ Versions = [] }) => Versions)
    for (const { VersionId, IsDefaultVersion } of versions) {
      if (SetAsDefault === true && IsDefaultVersion !== true) continue
      const { PolicyVersion } = await reader.read('GetPolicyVersion', { PolicyArn, VersionId })
      if (decodeURIComponent(given(PolicyVersion?.Document)) === PolicyDocument) return true
    }
    return false
  },
}

/** Numbers are never used again, so that they tell which version is the oldest: `v12` → 12. */
const versionNumber = (id: string): number => Number(id.slice(1))

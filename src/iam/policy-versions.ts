import type * as sdk from '@aws-sdk/client-iam'
import type { Reading, Writing } from './context.ts'
import type { CheckedDocument } from './documents.ts'
import { refused } from './refusals.ts'
import type { DocumentRow, EntityRow } from './store-port.ts'

/** A version of a managed policy, which is one of its documents. */
interface PolicyVersion {
  readonly version: number
  readonly created: number
  /** The policy document. */
  readonly text: string
}

export const versionId = (version: number): string => `v${version}`

/** @returns oldest first */
export const versionsOf = (documents: readonly DocumentRow[]): PolicyVersion[] =>
  documents
    .map(({ name, text, created }) => ({ version: Number(name), created: created ?? 0, text }))
    .sort((a, b) => a.version - b.version)

/** @throws IamError NoSuchEntity */
export async function findVersion(
  { rows }: Pick<Reading, 'rows'>,
  { id }: EntityRow<'policy'>,
  arn: string | undefined,
  version: number,
): Promise<PolicyVersion> {
  const found = versionsOf(await rows.documents([id], 'version')).find(
    (candidate) => candidate.version === version,
  )
  if (found === undefined) throw noSuchVersion(arn, version)
  return found
}

export const noSuchVersion = (arn: string | undefined, version: number) =>
  refused('NoSuchEntity', `Policy ${arn} version ${versionId(version)} does not exist or is not attachable.`)

export const storeVersion = (
  { rows, now }: Writing,
  ownerId: string,
  version: number,
  { text }: CheckedDocument,
): Promise<void> =>
  rows.putDocument('version', { ownerId, name: String(version), text, size: null, created: now })

/** Without the document, as listings have it. */
export const viewVersion = (
  { body }: EntityRow<'policy'>,
  { version, created }: Pick<PolicyVersion, 'version' | 'created'>,
): sdk.PolicyVersion => ({
  VersionId: versionId(version),
  IsDefaultVersion: version === body.defaultVersion,
  CreateDate: new Date(created),
})

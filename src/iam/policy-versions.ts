import type * as sdk from '@aws-sdk/client-iam'
import { isAwsManagedPolicyArn } from '../model/index.ts'
import type { Reading, Writing } from './context.ts'
import { encodeDocument } from './documents.ts'
import { readBoolean, readPolicyArn, readVersionId } from './input.ts'
import { findModifiablePolicy, findPolicy } from './lookup.ts'
import { pageOf, readPage } from './pagination.ts'
import { readManagedDocument, storeVersion } from './policies.ts'
import { deleteConflict, refused } from './refusals.ts'
import type { EntityRow } from './store-port.ts'
import { type PolicyVersion, versionId, versionsOf, viewVersion } from './views.ts'

export async function getPolicyVersion(
  reading: Reading,
  input: sdk.GetPolicyVersionRequest,
): Promise<sdk.GetPolicyVersionResponse> {
  const arn = readPolicyArn('policyArn', input.PolicyArn)
  const version = readVersionId(input.VersionId)
  if (isAwsManagedPolicyArn(arn)) {
    const current = viewAwsVersion(reading, arn)
    if (current?.VersionId !== versionId(version)) throw noSuchVersion(arn, version)
    return { PolicyVersion: current }
  }
  const policy = await findPolicy(reading, arn)
  const row = await findVersion(reading, policy, arn, version)
  return { PolicyVersion: { ...viewVersion(policy, row), Document: encodeDocument(row.text) } }
}

/** Of AWS's own policies only the current version is known. */
export function viewAwsVersion(
  { awsPolicies }: Pick<Reading, 'awsPolicies'>,
  arn: string,
): sdk.PolicyVersion | null {
  const document = awsPolicies.document(arn)
  const version = awsPolicies.versionOf(arn)
  if (document === null || version === null) return null
  return { VersionId: version, IsDefaultVersion: true, Document: encodeDocument(JSON.stringify(document)) }
}

/** Newest first, without documents. */
export async function listPolicyVersions(
  reading: Reading,
  input: sdk.ListPolicyVersionsRequest,
): Promise<sdk.ListPolicyVersionsResponse> {
  const pageInput = readPage(input)
  const arn = readPolicyArn('policyArn', input.PolicyArn)
  if (isAwsManagedPolicyArn(arn)) {
    const current = viewAwsVersion(reading, arn)
    if (current === null) throw refused('NoSuchEntity', `Policy ${arn} was not found.`)
    const { Document: _, ...listed } = current
    return { Versions: [listed], IsTruncated: false }
  }
  const policy = await findPolicy(reading, arn)
  const newestFirst = versionsOf(await reading.rows.documents([policy.id], 'version')).reverse()
  const { page, end } = pageOf(newestFirst, pageInput)
  return { Versions: page.map((row) => viewVersion(policy, row)), ...end }
}

export async function createPolicyVersion(
  writing: Writing,
  input: sdk.CreatePolicyVersionRequest,
): Promise<sdk.CreatePolicyVersionResponse> {
  readPolicyArn('policyArn', input.PolicyArn)
  const document = readManagedDocument(writing, input.PolicyDocument)
  const setAsDefault = readBoolean('setAsDefault', input.SetAsDefault)
  const policy = await findModifiablePolicy(writing, input.PolicyArn)
  const limit = writing.quotas.versionsPerManagedPolicy
  if ((await writing.rows.documents([policy.id], 'version')).length >= limit)
    throw refused(
      'LimitExceeded',
      `A managed policy can have up to ${limit} versions. Before you create a new version, you must delete an existing version.`,
    )
  const version = policy.body.latestVersion + 1
  const updated: EntityRow<'policy'> = {
    ...policy,
    body: {
      ...policy.body,
      latestVersion: version,
      updated: writing.now,
      defaultVersion: setAsDefault ? version : policy.body.defaultVersion,
    },
  }
  await storeVersion(writing, policy.id, version, document)
  await writing.rows.update(updated)
  return { PolicyVersion: viewVersion(updated, { version, created: writing.now }) }
}

export async function deletePolicyVersion(
  writing: Writing,
  input: sdk.DeletePolicyVersionRequest,
): Promise<void> {
  const version = readVersionId(input.VersionId)
  const policy = await findModifiablePolicy(writing, input.PolicyArn)
  await findVersion(writing, policy, input.PolicyArn, version)
  if (version === policy.body.defaultVersion)
    throw deleteConflict('Cannot delete the default version of a policy.')
  await writing.rows.deleteDocument('version', { ownerId: policy.id, name: String(version) })
}

export async function setDefaultPolicyVersion(
  writing: Writing,
  input: sdk.SetDefaultPolicyVersionRequest,
): Promise<void> {
  const version = readVersionId(input.VersionId)
  const policy = await findModifiablePolicy(writing, input.PolicyArn)
  await findVersion(writing, policy, input.PolicyArn, version)
  await writing.rows.update({
    ...policy,
    body: { ...policy.body, defaultVersion: version, updated: writing.now },
  })
}

async function findVersion(
  { rows }: Reading,
  policy: EntityRow<'policy'>,
  arn: string | undefined,
  version: number,
): Promise<PolicyVersion> {
  const row = versionsOf(await rows.documents([policy.id], 'version')).find(
    (candidate) => candidate.version === version,
  )
  if (row === undefined) throw noSuchVersion(arn, version)
  return row
}

const noSuchVersion = (arn: string | undefined, version: number) =>
  refused('NoSuchEntity', `Policy ${arn} version ${versionId(version)} does not exist or is not attachable.`)

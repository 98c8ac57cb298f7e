import type * as sdk from '@aws-sdk/client-iam'
import { isAwsManagedPolicyArn, parseEntityArn } from '../model/index.ts'
import type { Reading, Writing } from './context.ts'
import { type CheckedDocument, readDocument } from './documents.ts'
import { readDescription, readName, readPath, readPolicyArn } from './input.ts'
import { claimName, findModifiablePolicy, findPolicy, policyArn } from './lookup.ts'
import { pageOf, readPage } from './pagination.ts'
import { policyUses } from './policy-uses.ts'
import { deleteConflict, limitExceeded, noSuchPolicy } from './refusals.ts'
import type { EntityRow } from './store-port.ts'
import { readNewTags } from './tags.ts'
import { viewPolicy, viewTags } from './views.ts'

export async function getPolicy(
  reading: Reading,
  input: sdk.GetPolicyRequest,
): Promise<sdk.GetPolicyResponse> {
  const arn = readPolicyArn('policyArn', input.PolicyArn)
  const use = (await policyUses(reading, [arn])).get(arn)
  if (isAwsManagedPolicyArn(arn)) {
    const described = viewAwsPolicy(reading, arn)
    if (described === null) throw noSuchPolicy(arn)
    return {
      Policy: {
        ...described,
        AttachmentCount: use?.attachments ?? 0,
        PermissionsBoundaryUsageCount: use?.boundaries ?? 0,
      },
    }
  }
  const row = await findPolicy(reading, arn)
  const tags = await reading.rows.tags([row.id])
  return { Policy: { ...viewPolicy(reading.account, row, use), ...viewTags(tags) } }
}

/** What is known of a policy of AWS's own: no id, no dates. */
export function viewAwsPolicy({ awsPolicies }: Pick<Reading, 'awsPolicies'>, arn: string): sdk.Policy | null {
  const named = parseEntityArn(arn)
  const version = awsPolicies.has(arn) ? awsPolicies.versionOf(arn) : null
  if (named === null || version === null) return null
  return {
    PolicyName: named.name,
    Arn: arn,
    Path: named.path,
    DefaultVersionId: version,
    IsAttachable: true,
  }
}

export async function listPolicyTags(
  reading: Reading,
  input: sdk.ListPolicyTagsRequest,
): Promise<sdk.ListPolicyTagsResponse> {
  const pageInput = readPage(input)
  const row = await findPolicy(reading, input.PolicyArn)
  const { page, end } = pageOf(await reading.rows.tags([row.id]), pageInput)
  return { Tags: page.map(({ key, value }) => ({ Key: key, Value: value })), ...end }
}

export async function createPolicy(
  writing: Writing,
  input: sdk.CreatePolicyRequest,
): Promise<sdk.CreatePolicyResponse> {
  const name = readName('policy', 'policyName', input.PolicyName)
  const path = readPath('policy', input.Path)
  const description = readDescription('policy', input.Description)
  const document = readManagedDocument(writing, input.PolicyDocument)
  const id = writing.newId('ANPA')
  const tags = readNewTags(writing, 'policy', input.Tags, id)
  await claimName(writing, 'policy', name)
  const row: EntityRow<'policy'> = {
    kind: 'policy',
    id,
    name,
    path,
    created: writing.now,
    parentId: null,
    body: { description, updated: writing.now, defaultVersion: 1, latestVersion: 1 },
  }
  await writing.rows.insert(row)
  await storeVersion(writing, id, 1, document)
  if (tags.length > 0) await writing.rows.putTags(tags)
  return { Policy: { ...viewPolicy(writing.account, row, undefined), ...viewTags(tags) } }
}

/** A policy goes with its default version; everything else must be gone already. */
export async function deletePolicy(writing: Writing, input: sdk.DeletePolicyRequest): Promise<void> {
  const row = await findModifiablePolicy(writing, input.PolicyArn)
  const used = await policyUses(writing, [policyArn(writing.account, row)])
  if (used.size > 0) throw deleteConflict('Cannot delete a policy attached to entities.')
  if ((await writing.rows.documents([row.id], 'version')).length > 1)
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    )
  await writing.rows.delete(row.id)
}

export function readManagedDocument({ quotas, account }: Writing, value: unknown): CheckedDocument {
  const document = readDocument('policyDocument', value, 'managed', account.partition)
  if (document.size > quotas.managedPolicySize) throw limitExceeded('PolicySize', quotas.managedPolicySize)
  return document
}

export const storeVersion = (
  { rows, now }: Writing,
  ownerId: string,
  version: number,
  { text }: CheckedDocument,
): Promise<void> =>
  rows.putDocument('version', { ownerId, name: String(version), text, size: null, created: now })

import type * as sdk from '@aws-sdk/client-iam'
import type { Summary } from '../../iam/account-summary.ts'
import { awsPolicyDetails, viewAwsPolicy, viewAwsVersion } from '../../iam/aws-policies.ts'
import type { Reading, Writing } from '../../iam/context.ts'
import { allOf, byOwner, type Details, detailsSection, idsOf } from '../../iam/details.ts'
import { type CheckedDocument, encodeDocument, readDocument } from '../../iam/documents.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import {
  readBoolean,
  readDescription,
  readPath,
  readPathPrefix,
  readPolicyArn,
  readVersionId,
} from '../../iam/input.ts'
import { claimName, readOwnName } from '../../iam/lookup.ts'
import { findModifiablePolicy, findPolicy, policyArn } from '../../iam/managed-policies.ts'
import type { NamedKind, TagRules } from '../../iam/named-kind.ts'
import { pageOf, readPage } from '../../iam/pagination.ts'
import { listEntitiesForPolicy, policyUses, type UseCounts, viewUse } from '../../iam/policy-uses.ts'
import {
  findVersion,
  noSuchVersion,
  storeVersion,
  versionId,
  versionsOf,
  viewVersion,
} from '../../iam/policy-versions.ts'
import { deleteConflict, limitExceeded, noSuchPolicy, refused } from '../../iam/refusals.ts'
import type { EntityRow } from '../../iam/store-port.ts'
import { addTags, readNewTags, removeTags } from '../../iam/tags.ts'
import { tagList, viewDescription, viewTags } from '../../iam/views.ts'
import { type Account, isAwsManagedPolicyArn } from '../../model/index.ts'
import { POLICY } from './kind.ts'

const policies: NamedKind<'policy'> = {
  kind: 'policy',
  facts: POLICY,
  quotaLabel: 'PoliciesPerAccount',
  alreadyExists: (name) => `A policy called ${name} already exists. Duplicate names are not allowed.`,
  isProtected: () => false,
}

const tags: TagRules = { quota: 'tagsPerPolicy', keysIgnoreCase: false }

export const policy = {
  reads: {
    GetPolicy: getPolicy,
    ListPolicies: listPolicies,
    ListEntitiesForPolicy: listEntitiesForPolicy,
    ListPolicyTags: listPolicyTags,
    GetPolicyVersion: getPolicyVersion,
    ListPolicyVersions: listPolicyVersions,
  },
  writes: {
    CreatePolicy: createPolicy,
    DeletePolicy: deletePolicy,
    CreatePolicyVersion: createPolicyVersion,
    DeletePolicyVersion: deletePolicyVersion,
    SetDefaultPolicyVersion: setDefaultPolicyVersion,
    TagPolicy: (writing, { PolicyArn, Tags }) =>
      addTags(writing, tags, () => findModifiablePolicy(writing, PolicyArn), Tags),
    UntagPolicy: (writing, { PolicyArn, TagKeys }) =>
      removeTags(writing, tags, () => findModifiablePolicy(writing, PolicyArn), TagKeys),
  },
  details: [detailsSection('LocalManagedPolicy', allOf('policy'), viewPolicies), awsPolicyDetails],
  summary: summaryOfPolicies,
} satisfies IamKindOf<'policy'>

const viewPolicy = (account: Account, row: EntityRow<'policy'>, use: UseCounts | undefined) => ({
  PolicyName: row.name,
  PolicyId: row.id,
  Arn: policyArn(account, row),
  Path: row.path,
  DefaultVersionId: versionId(row.body.defaultVersion),
  ...viewUse(use),
  IsAttachable: true,
  ...viewDescription(row.body.description),
  CreateDate: new Date(row.created),
  UpdateDate: new Date(row.body.updated),
})

async function getPolicy(reading: Reading, input: sdk.GetPolicyRequest): Promise<sdk.GetPolicyResponse> {
  const arn = readPolicyArn('policyArn', input.PolicyArn)
  const use = (await policyUses(reading, [arn])).get(arn)
  if (isAwsManagedPolicyArn(arn)) {
    const described = viewAwsPolicy(reading, arn)
    if (described === null) throw noSuchPolicy(arn)
    return { Policy: { ...described, ...viewUse(use) } }
  }
  const row = await findPolicy(reading, arn)
  const found = await reading.rows.tags([row.id])
  return { Policy: { ...viewPolicy(reading.account, row, use), ...viewTags(found) } }
}

/** Of AWS's own those in use: how many there are besides, no account says. */
async function listPolicies(
  reading: Reading,
  input: sdk.ListPoliciesRequest,
): Promise<sdk.ListPoliciesResponse> {
  const wanted = readPage(input)
  const pathPrefix = readPathPrefix(input.PathPrefix)
  const { Scope = 'All', OnlyAttached = false, PolicyUsageFilter: usage } = input
  const uses = await policyUses(reading, 'all')
  const own =
    Scope === 'AWS'
      ? []
      : (
          await reading.rows.entities('policy', {
            after: null,
            limit: Number.MAX_SAFE_INTEGER,
            pathPrefix,
          })
        ).map((row) => viewPolicy(reading.account, row, uses.get(policyArn(reading.account, row))))
  const ofAws =
    Scope === 'Local'
      ? []
      : [...uses].flatMap(([arn, use]) => {
          const described = isAwsManagedPolicyArn(arn) ? viewAwsPolicy(reading, arn) : null
          return described === null || described.Path?.startsWith(pathPrefix) === false
            ? []
            : [{ ...described, ...viewUse(use) }]
        })
  const all: readonly sdk.Policy[] = [...own, ...ofAws]
  const listed = all.filter(
    ({ AttachmentCount = 0, PermissionsBoundaryUsageCount = 0 }) =>
      (!OnlyAttached || AttachmentCount > 0) &&
      (usage === undefined ||
        (usage === 'PermissionsBoundary' ? PermissionsBoundaryUsageCount : AttachmentCount) > 0),
  )
  const { page, end } = pageOf(listed, wanted)
  // @see IAM API Reference, ListPolicies: descriptions and tags are left out
  return {
    Policies: page.map(({ Description: _, ...listing }) => listing),
    ...end,
  }
}

async function listPolicyTags(
  reading: Reading,
  input: sdk.ListPolicyTagsRequest,
): Promise<sdk.ListPolicyTagsResponse> {
  const pageInput = readPage(input)
  const row = await findPolicy(reading, input.PolicyArn)
  const { page, end } = pageOf(await reading.rows.tags([row.id]), pageInput)
  return { Tags: tagList(page), ...end }
}

async function getPolicyVersion(
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
  const row = await findPolicy(reading, arn)
  const found = await findVersion(reading, row, arn, version)
  return { PolicyVersion: { ...viewVersion(row, found), Document: encodeDocument(found.text) } }
}

/** Newest first, without documents. */
async function listPolicyVersions(
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
  const row = await findPolicy(reading, arn)
  const newestFirst = versionsOf(await reading.rows.documents([row.id], 'version')).reverse()
  const { page, end } = pageOf(newestFirst, pageInput)
  return { Versions: page.map((version) => viewVersion(row, version)), ...end }
}

/** @see IAM API Reference, CreatePolicy: its Path is narrower than others */
const PATH = /^(?:\/[A-Za-z0-9.,+@=_-]+)*\/$/

async function createPolicy(
  writing: Writing,
  input: sdk.CreatePolicyRequest,
): Promise<sdk.CreatePolicyResponse> {
  const name = readOwnName(policies, input.PolicyName)
  const path = readPath(input.Path, PATH)
  const description = readDescription(input.Description)
  const document = readManagedDocument(writing, input.PolicyDocument)
  const id = writing.newId(POLICY.idPrefix)
  const given = readNewTags(writing, tags, input.Tags, id)
  await claimName(writing, policies, name)
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
  if (given.length > 0) await writing.rows.putTags(given)
  return { Policy: { ...viewPolicy(writing.account, row, undefined), ...viewTags(given) } }
}

/** A policy goes with its default version; everything else must be gone already. */
async function deletePolicy(writing: Writing, input: sdk.DeletePolicyRequest): Promise<void> {
  const row = await findModifiablePolicy(writing, input.PolicyArn)
  const used = await policyUses(writing, [policyArn(writing.account, row)])
  if (used.size > 0) throw deleteConflict('Cannot delete a policy attached to entities.')
  if ((await writing.rows.documents([row.id], 'version')).length > 1)
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    )
  await writing.rows.delete(row.id)
}

async function createPolicyVersion(
  writing: Writing,
  input: sdk.CreatePolicyVersionRequest,
): Promise<sdk.CreatePolicyVersionResponse> {
  readPolicyArn('policyArn', input.PolicyArn)
  const document = readManagedDocument(writing, input.PolicyDocument)
  const setAsDefault = readBoolean('setAsDefault', input.SetAsDefault)
  const row = await findModifiablePolicy(writing, input.PolicyArn)
  const limit = writing.quotas.versionsPerManagedPolicy
  if ((await writing.rows.documents([row.id], 'version')).length >= limit)
    throw refused(
      'LimitExceeded',
      `A managed policy can have up to ${limit} versions. Before you create a new version, you must delete an existing version.`,
    )
  const version = row.body.latestVersion + 1
  const updated: EntityRow<'policy'> = {
    ...row,
    body: {
      ...row.body,
      latestVersion: version,
      updated: writing.now,
      defaultVersion: setAsDefault ? version : row.body.defaultVersion,
    },
  }
  await storeVersion(writing, row.id, version, document)
  await writing.rows.update(updated)
  return { PolicyVersion: viewVersion(updated, { version, created: writing.now }) }
}

async function deletePolicyVersion(writing: Writing, input: sdk.DeletePolicyVersionRequest): Promise<void> {
  const version = readVersionId(input.VersionId)
  const row = await findModifiablePolicy(writing, input.PolicyArn)
  await findVersion(writing, row, input.PolicyArn, version)
  if (version === row.body.defaultVersion)
    throw deleteConflict('Cannot delete the default version of a policy.')
  await writing.rows.deleteDocument('version', { ownerId: row.id, name: String(version) })
}

async function setDefaultPolicyVersion(
  writing: Writing,
  input: sdk.SetDefaultPolicyVersionRequest,
): Promise<void> {
  const version = readVersionId(input.VersionId)
  const row = await findModifiablePolicy(writing, input.PolicyArn)
  await findVersion(writing, row, input.PolicyArn, version)
  await writing.rows.update({ ...row, body: { ...row.body, defaultVersion: version, updated: writing.now } })
}

/** AWS doesn't say of which policies it counts versions: here of the account's own. */
async function summaryOfPolicies(reading: Reading): Promise<Summary> {
  const { rows, quotas } = reading
  const own = await allOf('policy')(reading, null, Number.MAX_SAFE_INTEGER)
  return {
    Policies: own.length,
    PoliciesQuota: quotas.customerManagedPoliciesPerAccount,
    PolicySizeQuota: quotas.managedPolicySize,
    PolicyVersionsInUse: (await rows.documents(idsOf(own), 'version')).length,
    PolicyVersionsInUseQuota: MOST_VERSIONS,
    VersionsPerPolicyQuota: quotas.versionsPerManagedPolicy,
  }
}

/** @see IAM API Reference, GetAccountSummary: its example */
const MOST_VERSIONS = 10_000

async function viewPolicies(
  reading: Reading,
  rows: readonly EntityRow<'policy'>[],
  details: Details,
): Promise<void> {
  const documents = byOwner(await reading.rows.documents(idsOf(rows), 'version'))
  const uses = await policyUses(
    reading,
    rows.map((row) => policyArn(reading.account, row)),
  )
  for (const row of rows)
    details.Policies.push({
      ...viewPolicy(reading.account, row, uses.get(policyArn(reading.account, row))),
      PolicyVersionList: versionsOf(documents.get(row.id) ?? [])
        .map((version) => ({ ...viewVersion(row, version), Document: encodeDocument(version.text) }))
        .reverse(),
    })
}

function readManagedDocument({ quotas, account }: Writing, value: unknown): CheckedDocument {
  const document = readDocument('policyDocument', value, 'managed', account.partition)
  if (document.size > quotas.managedPolicySize) throw limitExceeded('PolicySize', quotas.managedPolicySize)
  return document
}

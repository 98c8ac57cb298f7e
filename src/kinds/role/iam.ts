import type * as sdk from '@aws-sdk/client-iam'
import { attachPolicy, detachPolicy, linkPolicy, listAttachedPolicies } from '../../iam/attachments.ts'
import { boundaryOf, deleteBoundary, putBoundary, readBoundary, storeBoundary } from '../../iam/boundaries.ts'
import type { Reading, Writing } from '../../iam/context.ts'
import { allOf, byOwner, type Details, detailsSection, grantsOf, idsOf } from '../../iam/details.ts'
import { type CheckedDocument, encodeDocument, readDocument } from '../../iam/documents.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { requireNoPolicies } from '../../iam/identity-deletion.ts'
import {
  deleteInlinePolicy,
  getInlinePolicy,
  listInlinePolicies,
  putInlinePolicy,
} from '../../iam/inline-policies.ts'
import { readDescription, readInteger, readPath, readPathPrefix } from '../../iam/input.ts'
import { claimName, findEntity, findModifiable, readOwnName } from '../../iam/lookup.ts'
import type { IdentityKind, TagRules } from '../../iam/named-kind.ts'
import { cutPage, pageOf, readPage } from '../../iam/pagination.ts'
import { deleteConflict, limitExceeded, refused, unmodifiable, validationError } from '../../iam/refusals.ts'
import type { EntityRow } from '../../iam/store-port.ts'
import { addTags, readNewTags, removeTags } from '../../iam/tags.ts'
import { bindPrincipals, trustPolicies } from '../../iam/trust.ts'
import { tagList, viewBoundary, viewDescription, viewTags } from '../../iam/views.ts'
import { type Account, entityArn, isAwsOwnedPath } from '../../model/index.ts'
import { DEFAULT_MAX_SESSION_DURATION, ROLE } from './kind.ts'

export const roles: IdentityKind<'role'> = {
  kind: 'role',
  facts: ROLE,
  quotaLabel: 'RolesPerAccount',
  alreadyExists: (_, taken) => `Role with name ${taken} already exists.`,
  // @see IAM User Guide, "Create a service-linked role": it can't be changed but for its description
  isProtected: ({ path }) => path.startsWith('/aws-service-role/'),
  grants: {
    attached: { quota: 'managedPoliciesPerRole', label: 'PoliciesPerRole' },
    inlineSize: 'inlinePolicySizePerRole',
  },
}

const tags: TagRules = { quota: 'tagsPerRole', keysIgnoreCase: true }

export const role = {
  reads: {
    GetRole: getRole,
    ListRoles: listRoles,
    ListRoleTags: async (reading, input) => {
      const wanted = readPage(input)
      const { id } = await findEntity(reading, roles, input.RoleName)
      const { page, end } = pageOf(await reading.rows.tags([id]), wanted)
      return { Tags: tagList(page), ...end }
    },
    ListAttachedRolePolicies: (reading, input) => listAttachedPolicies(reading, roles, input.RoleName, input),
    ListRolePolicies: (reading, input) => listInlinePolicies(reading, roles, input.RoleName, input),
    GetRolePolicy: async (reading, input) => {
      const { owner, ...policy } = await getInlinePolicy(reading, roles, input.RoleName, input.PolicyName)
      return { RoleName: owner, ...policy }
    },
  },
  writes: {
    CreateRole: createRole,
    UpdateRole: updateRole,
    UpdateRoleDescription: async (writing, { RoleName, Description }) => {
      await updateRole(writing, { RoleName, Description })
      return { Role: (await getRole(writing, { RoleName })).Role }
    },
    DeleteRole: deleteRole,
    UpdateAssumeRolePolicy: updateAssumeRolePolicy,
    TagRole: (writing, { RoleName, Tags }) =>
      addTags(writing, tags, () => findModifiable(writing, roles, RoleName), Tags),
    UntagRole: (writing, { RoleName, TagKeys }) =>
      removeTags(writing, tags, () => findModifiable(writing, roles, RoleName), TagKeys),
    PutRolePolicy: (writing, input) => putInlinePolicy(writing, roles, input.RoleName, input),
    DeleteRolePolicy: (writing, { RoleName, PolicyName }) =>
      deleteInlinePolicy(writing, roles, RoleName, PolicyName),
    AttachRolePolicy: (writing, { RoleName, PolicyArn }) => attachPolicy(writing, roles, RoleName, PolicyArn),
    DetachRolePolicy: (writing, { RoleName, PolicyArn }) => detachPolicy(writing, roles, RoleName, PolicyArn),
    PutRolePermissionsBoundary: (writing, { RoleName, PermissionsBoundary }) =>
      putBoundary(writing, roles, RoleName, PermissionsBoundary),
    DeleteRolePermissionsBoundary: (writing, { RoleName }) => deleteBoundary(writing, roles, RoleName),
  },
  details: [detailsSection('Role', allOf('role'), viewRoles)],
  summary: async ({ rows, quotas }) => ({
    Roles: await rows.count(roles.kind),
    RolesQuota: quotas.rolesPerAccount,
    AttachedPoliciesPerRoleQuota: quotas.managedPoliciesPerRole,
    RolePolicySizeQuota: quotas.inlinePolicySizePerRole,
    AssumeRolePolicySizeQuota: quotas.trustPolicySize,
  }),
} satisfies IamKindOf<'role'>

/** @param trustPolicy as shown: see `trustPolicies` */
const viewRole = (account: Account, row: EntityRow<'role'>, trustPolicy: string): sdk.Role => ({
  Path: row.path,
  RoleName: row.name,
  RoleId: row.id,
  Arn: entityArn(account, ROLE, row.path, row.name),
  CreateDate: new Date(row.created),
  AssumeRolePolicyDocument: encodeDocument(trustPolicy),
  ...viewDescription(row.body.description),
  MaxSessionDuration: row.body.maxSessionDuration,
})

async function getRole(reading: Reading, input: sdk.GetRoleRequest): Promise<sdk.GetRoleResponse> {
  const row = await findEntity(reading, roles, input.RoleName)
  const boundary = await boundaryOf(reading, row.id)
  const found = await reading.rows.tags([row.id])
  const trust = (await trustPolicies(reading, [row.id])).get(row.id) ?? ''
  return {
    Role: {
      ...viewRole(reading.account, row, trust),
      ...viewBoundary(boundary),
      ...viewTags(found),
      RoleLastUsed: {},
    },
  }
}

/** Leaves out boundary, tags and last use, as AWS does. @see IAM API Reference, ListRoles */
async function listRoles(reading: Reading, input: sdk.ListRolesRequest): Promise<sdk.ListRolesResponse> {
  const { limit, after } = readPage(input)
  const pathPrefix = readPathPrefix(input.PathPrefix)
  const rows = await reading.rows.entities('role', { after, limit: limit + 1, pathPrefix })
  const { page, end } = cutPage(rows, limit, (row) => row.name)
  const trusts = await trustPolicies(reading, idsOf(page))
  return { Roles: page.map((row) => viewRole(reading.account, row, trusts.get(row.id) ?? '')), ...end }
}

/** By name, as profiles show the roles in them; one that isn't there is left out. */
export async function viewRolesNamed(
  reading: Reading,
  names: Iterable<string>,
): Promise<ReadonlyMap<string, sdk.Role>> {
  const rows: EntityRow<'role'>[] = []
  for (const name of names) {
    const row = await reading.rows.entity('role', name)
    if (row !== null) rows.push(row)
  }
  const trusts = rows.length === 0 ? null : await trustPolicies(reading, idsOf(rows))
  return new Map(rows.map((row) => [row.name, viewRole(reading.account, row, trusts?.get(row.id) ?? '')]))
}

async function createRole(writing: Writing, input: sdk.CreateRoleRequest): Promise<sdk.CreateRoleResponse> {
  const name = readOwnName(roles, input.RoleName)
  const path = readPath(input.Path)
  const description = readRoleDescription(input.Description)
  const maxSessionDuration =
    input.MaxSessionDuration === undefined
      ? DEFAULT_MAX_SESSION_DURATION
      : readMaxSessionDuration(input.MaxSessionDuration)
  const document = readTrustPolicy(writing, 'assumeRolePolicyDocument', input.AssumeRolePolicyDocument)
  const id = writing.newId(ROLE.idPrefix)
  const given = readNewTags(writing, tags, input.Tags, id)
  if (isAwsOwnedPath(path))
    throw refused('InvalidInput', `The path ${path} is reserved for roles that AWS services create.`)
  await claimName(writing, roles, name)
  const boundary = await readBoundary(writing, input.PermissionsBoundary)
  // Before the role is there: a role can't trust itself when it is created, on AWS neither.
  const bindings = await bindPrincipals(writing, document)
  const row: EntityRow<'role'> = {
    kind: 'role',
    id,
    name,
    path,
    created: writing.now,
    parentId: null,
    body: { description, maxSessionDuration },
  }
  await writing.rows.insert(row)
  await storeTrustPolicy(writing, id, document)
  if (boundary !== null) await storeBoundary(writing, id, boundary)
  if (bindings.length > 0) await writing.rows.replaceLinks(id, 'trust', bindings)
  if (given.length > 0) await writing.rows.putTags(given)
  return {
    Role: {
      ...viewRole(writing.account, row, document.text),
      ...viewBoundary(boundary),
      ...viewTags(given),
    },
  }
}

/** What AWS makes of a service-linked role. It counts under no quota. */
export async function insertLinkedRole(
  writing: Writing,
  linked: {
    readonly name: string
    readonly path: string
    readonly description: string
    readonly trust: string
    /** The ARN of the policy that it holds. */
    readonly policy: string
  },
): Promise<sdk.Role> {
  const { name, path, description, trust, policy } = linked
  const row: EntityRow<'role'> = {
    kind: 'role',
    id: writing.newId(ROLE.idPrefix),
    name,
    path,
    created: writing.now,
    parentId: null,
    body: { description, maxSessionDuration: DEFAULT_MAX_SESSION_DURATION },
  }
  await writing.rows.insert(row)
  await writing.rows.putDocument('trust', {
    ownerId: row.id,
    name: '',
    text: trust,
    size: null,
    created: null,
  })
  await linkPolicy(writing, row.id, policy)
  return viewRole(writing.account, row, trust)
}

/** Of a service-linked role, only the description can be changed. */
async function updateRole(writing: Writing, input: sdk.UpdateRoleRequest): Promise<void> {
  const description = input.Description === undefined ? null : readRoleDescription(input.Description)
  const maxSessionDuration =
    input.MaxSessionDuration === undefined ? null : readMaxSessionDuration(input.MaxSessionDuration)
  const row = await findEntity(writing, roles, input.RoleName)
  if (roles.isProtected(row) && maxSessionDuration !== null) throw unmodifiable(row.name)
  const { body } = row
  await writing.rows.update({
    ...row,
    body: {
      description: description ?? body.description,
      maxSessionDuration: maxSessionDuration ?? body.maxSessionDuration,
    },
  })
}

async function updateAssumeRolePolicy(
  writing: Writing,
  input: sdk.UpdateAssumeRolePolicyRequest,
): Promise<void> {
  const document = readTrustPolicy(writing, 'policyDocument', input.PolicyDocument)
  const row = await findModifiable(writing, roles, input.RoleName)
  const bindings = await bindPrincipals(writing, document)
  await storeTrustPolicy(writing, row.id, document)
  await writing.rows.replaceLinks(row.id, 'trust', bindings)
}

async function deleteRole(writing: Writing, input: sdk.DeleteRoleRequest): Promise<void> {
  const { id } = await findModifiable(writing, roles, input.RoleName)
  if ((await writing.rows.linkCounts(['instanceRole'], [id])).length > 0)
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
  await requireNoPolicies(writing, id)
  await writing.rows.delete(id)
}

async function viewRoles(
  reading: Reading,
  rows: readonly EntityRow<'role'>[],
  details: Details,
): Promise<void> {
  const ids = idsOf(rows)
  const grants = await grantsOf(reading, ids)
  const found = byOwner(await reading.rows.tags(ids))
  const trusts = await trustPolicies(reading, ids)
  for (const row of rows)
    details.RoleDetailList.push({
      Path: row.path,
      RoleName: row.name,
      RoleId: row.id,
      Arn: entityArn(reading.account, ROLE, row.path, row.name),
      CreateDate: new Date(row.created),
      AssumeRolePolicyDocument: encodeDocument(trusts.get(row.id) ?? ''),
      InstanceProfileList: [],
      RolePolicyList: grants.inline(row.id),
      AttachedManagedPolicies: grants.attached(row.id),
      ...grants.boundary(row.id),
      Tags: tagList(found.get(row.id)),
      RoleLastUsed: {},
    })
}

const SHORTEST_SESSION = 3600
const LONGEST_SESSION = 43200

/** @returns seconds */
const readMaxSessionDuration = (value: unknown): number =>
  readInteger('maxSessionDuration', value, { least: SHORTEST_SESSION, most: LONGEST_SESSION })

/** @see IAM API Reference, CreateRole: the pattern of Description */
const DESCRIPTION = /^[\u0009\u000a\u000d\u0020-\u007e\u00a1-\u00ff]*$/

export function readRoleDescription(value: unknown): string {
  const description = readDescription(value)
  if (!DESCRIPTION.test(description))
    throw validationError(
      'description',
      value,
      'Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*',
    )
  return description
}

function readTrustPolicy({ quotas, account }: Writing, field: string, value: unknown): CheckedDocument {
  const document = readDocument(field, value, 'trust', account.partition)
  if (document.size > quotas.trustPolicySize) throw limitExceeded('ACLSizePerRole', quotas.trustPolicySize)
  return document
}

const storeTrustPolicy = ({ rows }: Writing, ownerId: string, { text }: CheckedDocument): Promise<void> =>
  rows.putDocument('trust', { ownerId, name: '', text, size: null, created: null })

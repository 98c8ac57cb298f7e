import type * as sdk from '@aws-sdk/client-iam'
import { DEFAULT_MAX_SESSION_DURATION, isAwsOwnedPath } from '../model/index.ts'
import { readBoundary } from './boundaries.ts'
import type { Reading, Writing } from './context.ts'
import { type CheckedDocument, readDocument } from './documents.ts'
import { requireNoPolicies } from './identity-deletion.ts'
import { readDescription, readMaxSessionDuration, readName, readPath, readPathPrefix } from './input.ts'
import { claimName, findIdentity, findModifiable, isServiceLinked } from './lookup.ts'
import { cutPage, readPage } from './pagination.ts'
import { limitExceeded, refused, unmodifiable } from './refusals.ts'
import type { RoleRow } from './store-port.ts'
import { readNewTags } from './tags.ts'
import { bindPrincipals, boundPrincipals, showTrustPolicy } from './trust.ts'
import { viewBoundary, viewRole, viewTags } from './views.ts'

export async function getRole(reading: Reading, input: sdk.GetRoleRequest): Promise<sdk.GetRoleResponse> {
  const row = await findIdentity(reading, 'role', input.RoleName)
  const tags = await reading.rows.tags([row.id])
  const principals = await boundPrincipals(reading, [row.id])
  const trust = showTrustPolicy(row.trustPolicy, principals.get(row.id))
  return {
    Role: {
      ...viewRole(reading.account, row, trust),
      ...viewBoundary(row.boundary),
      ...viewTags(tags),
      RoleLastUsed: {},
    },
  }
}

/** Leaves out boundary, tags and last use, as AWS does. @see IAM API Reference, ListRoles */
export async function listRoles(
  reading: Reading,
  input: sdk.ListRolesRequest,
): Promise<sdk.ListRolesResponse> {
  const { limit, after } = readPage(input)
  const pathPrefix = readPathPrefix(input.PathPrefix)
  const rows = await reading.rows.identities('role', { after, limit: limit + 1, pathPrefix })
  const { page, end } = cutPage(rows, limit, (row) => row.name)
  const principals = await boundPrincipals(
    reading,
    page.map(({ id }) => id),
  )
  const shown = (row: RoleRow) => showTrustPolicy(row.trustPolicy, principals.get(row.id))
  return { Roles: page.map((row) => viewRole(reading.account, row, shown(row))), ...end }
}

export async function createRole(
  writing: Writing,
  input: sdk.CreateRoleRequest,
): Promise<sdk.CreateRoleResponse> {
  const name = readName('role', 'roleName', input.RoleName)
  const path = readPath('role', input.Path)
  const description = readDescription('role', input.Description)
  const maxSessionDuration =
    input.MaxSessionDuration === undefined
      ? DEFAULT_MAX_SESSION_DURATION
      : readMaxSessionDuration(input.MaxSessionDuration)
  const document = readTrustPolicy(writing, 'assumeRolePolicyDocument', input.AssumeRolePolicyDocument)
  const id = writing.newId('AROA')
  const tags = readNewTags(writing, 'role', input.Tags, id)
  if (isAwsOwnedPath(path))
    throw refused('InvalidInput', `The path ${path} is reserved for roles that AWS services create.`)
  await claimName(writing, 'role', name)
  const boundary = await readBoundary(writing, input.PermissionsBoundary)
  // Before the role is there: a role can't trust itself when it is created, on AWS neither.
  const bindings = await bindPrincipals(writing, document, id)
  const row: RoleRow = {
    kind: 'role',
    id,
    name,
    path,
    created: writing.now,
    boundary,
    description,
    maxSessionDuration,
    trustPolicy: document.text,
  }
  await writing.rows.insertIdentity(row)
  if (bindings.length > 0) await writing.rows.replaceTrusts(id, bindings)
  if (tags.length > 0) await writing.rows.putTags(tags)
  return {
    Role: {
      ...viewRole(writing.account, row, row.trustPolicy),
      ...viewBoundary(boundary),
      ...viewTags(tags),
    },
  }
}

/** Of a service-linked role, only the description can be changed. */
export async function updateRole(writing: Writing, input: sdk.UpdateRoleRequest): Promise<void> {
  const description = input.Description === undefined ? null : readDescription('role', input.Description)
  const maxSessionDuration =
    input.MaxSessionDuration === undefined ? null : readMaxSessionDuration(input.MaxSessionDuration)
  const row = await findIdentity(writing, 'role', input.RoleName)
  if (isServiceLinked(row) && maxSessionDuration !== null) throw unmodifiable(row.name)
  await writing.rows.updateIdentity({
    ...row,
    description: description ?? row.description,
    maxSessionDuration: maxSessionDuration ?? row.maxSessionDuration,
  })
}

export async function updateAssumeRolePolicy(
  writing: Writing,
  input: sdk.UpdateAssumeRolePolicyRequest,
): Promise<void> {
  const document = readTrustPolicy(writing, 'policyDocument', input.PolicyDocument)
  const row = await findModifiable(writing, 'role', input.RoleName)
  const bindings = await bindPrincipals(writing, document, row.id)
  await writing.rows.updateIdentity({ ...row, trustPolicy: document.text })
  await writing.rows.replaceTrusts(row.id, bindings)
}

export async function deleteRole(writing: Writing, input: sdk.DeleteRoleRequest): Promise<void> {
  const { id } = await findModifiable(writing, 'role', input.RoleName)
  await requireNoPolicies(writing, id)
  await writing.rows.deleteIdentity(id)
}

function readTrustPolicy({ quotas, account }: Writing, field: string, value: unknown): CheckedDocument {
  const document = readDocument(field, value, 'trust', account.partition)
  if (document.size > quotas.trustPolicySize) throw limitExceeded('ACLSizePerRole', quotas.trustPolicySize)
  return document
}

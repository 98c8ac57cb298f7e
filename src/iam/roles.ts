import type * as sdk from '@aws-sdk/client-iam'
import { DEFAULT_MAX_SESSION_DURATION, isAwsOwnedPath } from '../model/index.ts'
import { boundaryOf, readBoundary, storeBoundary } from './boundaries.ts'
import type { Reading, Writing } from './context.ts'
import { type CheckedDocument, readDocument } from './documents.ts'
import { requireNoPolicies } from './identity-deletion.ts'
import { readDescription, readMaxSessionDuration, readName, readPath, readPathPrefix } from './input.ts'
import { claimName, findIdentity, findModifiable, isServiceLinked } from './lookup.ts'
import { cutPage, readPage } from './pagination.ts'
import { limitExceeded, refused, unmodifiable } from './refusals.ts'
import type { EntityRow } from './store-port.ts'
import { readNewTags } from './tags.ts'
import { bindPrincipals, trustPolicies } from './trust.ts'
import { viewBoundary, viewRole, viewTags } from './views.ts'

export async function getRole(reading: Reading, input: sdk.GetRoleRequest): Promise<sdk.GetRoleResponse> {
  const row = await findIdentity(reading, 'role', input.RoleName)
  const boundary = await boundaryOf(reading, row.id)
  const tags = await reading.rows.tags([row.id])
  const trust = (await trustPolicies(reading, [row.id])).get(row.id) ?? ''
  return {
    Role: {
      ...viewRole(reading.account, row, trust),
      ...viewBoundary(boundary),
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
  const rows = await reading.rows.entities('role', { after, limit: limit + 1, pathPrefix })
  const { page, end } = cutPage(rows, limit, (row) => row.name)
  const trusts = await trustPolicies(
    reading,
    page.map(({ id }) => id),
  )
  return { Roles: page.map((row) => viewRole(reading.account, row, trusts.get(row.id) ?? '')), ...end }
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
  if (tags.length > 0) await writing.rows.putTags(tags)
  return {
    Role: {
      ...viewRole(writing.account, row, document.text),
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
  const { body } = row
  await writing.rows.update({
    ...row,
    body: {
      description: description ?? body.description,
      maxSessionDuration: maxSessionDuration ?? body.maxSessionDuration,
    },
  })
}

export async function updateAssumeRolePolicy(
  writing: Writing,
  input: sdk.UpdateAssumeRolePolicyRequest,
): Promise<void> {
  const document = readTrustPolicy(writing, 'policyDocument', input.PolicyDocument)
  const row = await findModifiable(writing, 'role', input.RoleName)
  const bindings = await bindPrincipals(writing, document)
  await storeTrustPolicy(writing, row.id, document)
  await writing.rows.replaceLinks(row.id, 'trust', bindings)
}

export async function deleteRole(writing: Writing, input: sdk.DeleteRoleRequest): Promise<void> {
  const { id } = await findModifiable(writing, 'role', input.RoleName)
  await requireNoPolicies(writing, id)
  await writing.rows.delete(id)
}

function readTrustPolicy({ quotas, account }: Writing, field: string, value: unknown): CheckedDocument {
  const document = readDocument(field, value, 'trust', account.partition)
  if (document.size > quotas.trustPolicySize) throw limitExceeded('ACLSizePerRole', quotas.trustPolicySize)
  return document
}

const storeTrustPolicy = ({ rows }: Writing, ownerId: string, { text }: CheckedDocument): Promise<void> =>
  rows.putDocument('trust', { ownerId, name: '', text, size: null, created: null })

import type * as sdk from '@aws-sdk/client-iam'
import type { Reading, Writing } from '../../iam/context.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { readName, readText } from '../../iam/input.ts'
import { findEntity } from '../../iam/lookup.ts'
import { refused } from '../../iam/refusals.ts'
import { insertLinkedRole, readRoleDescription, roles } from '../role/iam.ts'
import { type LinkedRole, linkedNameOf, linkedPolicyArn, linkedRoleOf, linkedTrust } from './kind.ts'

export const serviceLinkedRole = {
  reads: { GetServiceLinkedRoleDeletionStatus: getDeletionStatus },
  writes: { CreateServiceLinkedRole: createLinkedRole, DeleteServiceLinkedRole: deleteLinkedRole },
} satisfies IamKindOf<'serviceLinkedRole'>

/** @see IAM API Reference, CreateServiceLinkedRole: the lengths of its fields */
const LONGEST_SERVICE = 128
const LONGEST_SUFFIX = 64

/** The quota on roles doesn't keep a service from having its own. */
async function createLinkedRole(
  writing: Writing,
  input: sdk.CreateServiceLinkedRoleRequest,
): Promise<sdk.CreateServiceLinkedRoleResponse> {
  const service = readName(LONGEST_SERVICE, 'aWSServiceName', input.AWSServiceName)
  const suffix =
    input.CustomSuffix === undefined ? null : readName(LONGEST_SUFFIX, 'customSuffix', input.CustomSuffix)
  const description = readRoleDescription(input.Description)
  const known = linkedRoleOf(service, suffix)
  if (known === null)
    throw refused('InvalidInput', `Nothing is known here of a service-linked role of ${service}.`)
  if (suffix !== null && !known.takesSuffix)
    throw refused('InvalidInput', `Custom suffix is not allowed for ${service}`)
  await claimRole(writing, known)
  return {
    Role: await insertLinkedRole(writing, {
      name: known.roleName,
      path: known.path,
      description,
      trust: JSON.stringify(linkedTrust(service)),
      policy: linkedPolicyArn(writing.account.partition, known),
    }),
  }
}

async function claimRole({ rows }: Pick<Writing, 'rows'>, { roleName }: LinkedRole): Promise<void> {
  readName(roles.facts.longestName, 'roleName', roleName)
  if ((await rows.takenName(roles.kind, roleName)) !== null)
    throw refused(
      'InvalidInput',
      `Service role name ${roleName} has been taken in this account, please try a different suffix.`,
    )
}

/** Here it is gone at once; that it was started is remembered, as on AWS. */
async function deleteLinkedRole(
  writing: Writing,
  input: sdk.DeleteServiceLinkedRoleRequest,
): Promise<sdk.DeleteServiceLinkedRoleResponse> {
  const role = await findEntity(writing, roles, input.RoleName)
  if (linkedNameOf(role.path, role.name) === null)
    throw refused('InvalidInput', `The role with name ${role.name} is not a service-linked role.`)
  const id = writing.newId('task')
  await writing.rows.delete(role.id)
  await writing.rows.insert({
    kind: 'serviceLinkedRole',
    id,
    name: id,
    path: role.path,
    created: writing.now,
    parentId: null,
    body: { role: role.name },
  })
  return { DeletionTaskId: taskId(role.path, role.name, id) }
}

/** @see IAM API Reference, DeleteServiceLinkedRole: the form of DeletionTaskId */
const taskId = (path: string, role: string, id: string): string => `task${path}${role}/${id}`

async function getDeletionStatus(
  reading: Reading,
  input: sdk.GetServiceLinkedRoleDeletionStatusRequest,
): Promise<sdk.GetServiceLinkedRoleDeletionStatusResponse> {
  const asked = readText('deletionTaskId', input.DeletionTaskId, { least: 1, most: 1000 })
  const row = await reading.rows.entity('serviceLinkedRole', asked.slice(asked.lastIndexOf('/') + 1))
  if (row === null || taskId(row.path, row.body.role, row.name) !== asked)
    throw refused('NoSuchEntity', `The deletion task with id ${asked} cannot be found.`)
  return { Status: 'SUCCEEDED' }
}

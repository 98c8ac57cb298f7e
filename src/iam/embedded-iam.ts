import { DEFAULT_QUOTAS } from '../catalog/quotas.ts'
import type { Account } from '../model/index.ts'
import type { ReadOperation, ReadOperations, WriteOperation, WriteOperations } from '../model/operations.ts'
import type { Quotas } from '../model/quotas.ts'
import {
  createAccountAlias,
  deleteAccountAlias,
  deleteAccountPasswordPolicy,
  getAccountPasswordPolicy,
  listAccountAliases,
  updateAccountPasswordPolicy,
} from './account-settings.ts'
import { attachPolicy, detachPolicy } from './attachments.ts'
import { getAccountAuthorizationDetails } from './authorization-details.ts'
import { deleteBoundary, putBoundary } from './boundaries.ts'
import type { AwsManagedPolicies, PrincipalDirectory, Reading, Writing } from './context.ts'
import { createGroup, deleteGroup, getGroup, updateGroup } from './groups.ts'
import { deleteInlinePolicy, putInlinePolicy } from './inline-policies.ts'
import { createPolicy, deletePolicy, getPolicy, listPolicyTags } from './policies.ts'
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from './policy-versions.ts'
import { createRole, deleteRole, getRole, listRoles, updateAssumeRolePolicy, updateRole } from './roles.ts'
import { IamError } from './service-error.ts'
import { type ReadableStore, StoreBusyError, type WritableStore } from './store-port.ts'
import { tagPolicy, tagRole, tagUser, untagPolicy, untagRole, untagUser } from './tags.ts'
import { uniqueId } from './unique-id.ts'
import { addUserToGroup, createUser, deleteUser, getUser, removeUserFromGroup, updateUser } from './users.ts'

export interface ReadableIamParts {
  readonly account: Account
  readonly store: ReadableStore
  readonly awsPolicies: AwsManagedPolicies
  /** What differs from AWS's defaults. */
  readonly quotas?: Partial<Quotas>
  /** Absent: nobody else can be asked, and principals of other accounts go by their names. */
  readonly elsewhere?: PrincipalDirectory
}

export interface WritableIamParts extends ReadableIamParts {
  readonly store: WritableStore
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  readonly randomBytes: (count: number) => Uint8Array
}

export interface IamReading {
  read<O extends ReadOperation>(
    operation: O,
    input: ReadOperations[O]['input'],
  ): Promise<ReadOperations[O]['output']>
}

export interface IamWriting {
  write<O extends WriteOperation>(
    operation: O,
    input: WriteOperations[O]['input'],
  ): Promise<WriteOperations[O]['output']>
}

/** An operation that answers nothing may return nothing. */
type Answer<Output> = Promise<Output extends Record<string, never> ? void : Output>

type Reads = {
  readonly [O in ReadOperation]: (
    reading: Reading,
    input: ReadOperations[O]['input'],
  ) => Promise<ReadOperations[O]['output']>
}
type Writes = {
  readonly [O in WriteOperation]: (
    writing: Writing,
    input: WriteOperations[O]['input'],
  ) => Answer<WriteOperations[O]['output']>
}

const READS: Reads = {
  GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
  ListRoles: listRoles,
  ListPolicyTags: listPolicyTags,
  GetAccountPasswordPolicy: getAccountPasswordPolicy,
  ListAccountAliases: listAccountAliases,
  GetUser: getUser,
  GetRole: getRole,
  GetGroup: getGroup,
  GetPolicy: getPolicy,
  GetPolicyVersion: getPolicyVersion,
  ListPolicyVersions: listPolicyVersions,
}

const WRITES: Writes = {
  CreateUser: createUser,
  UpdateUser: updateUser,
  DeleteUser: deleteUser,
  TagUser: tagUser,
  UntagUser: untagUser,
  PutUserPolicy: (writing, input) => putInlinePolicy(writing, 'user', input.UserName, input),
  DeleteUserPolicy: (writing, input) => deleteInlinePolicy(writing, 'user', input.UserName, input.PolicyName),
  AttachUserPolicy: (writing, input) => attachPolicy(writing, 'user', input.UserName, input.PolicyArn),
  DetachUserPolicy: (writing, input) => detachPolicy(writing, 'user', input.UserName, input.PolicyArn),
  PutUserPermissionsBoundary: (writing, input) =>
    putBoundary(writing, 'user', input.UserName, input.PermissionsBoundary),
  DeleteUserPermissionsBoundary: (writing, input) => deleteBoundary(writing, 'user', input.UserName),
  AddUserToGroup: addUserToGroup,
  RemoveUserFromGroup: removeUserFromGroup,

  CreateGroup: createGroup,
  UpdateGroup: updateGroup,
  DeleteGroup: deleteGroup,
  PutGroupPolicy: (writing, input) => putInlinePolicy(writing, 'group', input.GroupName, input),
  DeleteGroupPolicy: (writing, input) =>
    deleteInlinePolicy(writing, 'group', input.GroupName, input.PolicyName),
  AttachGroupPolicy: (writing, input) => attachPolicy(writing, 'group', input.GroupName, input.PolicyArn),
  DetachGroupPolicy: (writing, input) => detachPolicy(writing, 'group', input.GroupName, input.PolicyArn),

  CreateRole: createRole,
  UpdateRole: updateRole,
  DeleteRole: deleteRole,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  TagRole: tagRole,
  UntagRole: untagRole,
  PutRolePolicy: (writing, input) => putInlinePolicy(writing, 'role', input.RoleName, input),
  DeleteRolePolicy: (writing, input) => deleteInlinePolicy(writing, 'role', input.RoleName, input.PolicyName),
  AttachRolePolicy: (writing, input) => attachPolicy(writing, 'role', input.RoleName, input.PolicyArn),
  DetachRolePolicy: (writing, input) => detachPolicy(writing, 'role', input.RoleName, input.PolicyArn),
  PutRolePermissionsBoundary: (writing, input) =>
    putBoundary(writing, 'role', input.RoleName, input.PermissionsBoundary),
  DeleteRolePermissionsBoundary: (writing, input) => deleteBoundary(writing, 'role', input.RoleName),

  CreatePolicy: createPolicy,
  DeletePolicy: deletePolicy,
  CreatePolicyVersion: createPolicyVersion,
  DeletePolicyVersion: deletePolicyVersion,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  TagPolicy: tagPolicy,
  UntagPolicy: untagPolicy,

  UpdateAccountPasswordPolicy: updateAccountPasswordPolicy,
  DeleteAccountPasswordPolicy: deleteAccountPasswordPolicy,
  CreateAccountAlias: createAccountAlias,
  DeleteAccountAlias: deleteAccountAlias,
}

/** The embedded IAM's operations that read, over any store. They throw `IamError`. */
export function openIamReader(parts: ReadableIamParts): IamReading {
  const base = baseOf(parts)
  return {
    read: (operation, input) =>
      translatingBusy(() => parts.store.read((rows) => READS[operation]({ ...base, rows }, input))),
  }
}

/** As `openIamReader`, and those that write: each call is one transaction of the store. */
export function openIam(parts: WritableIamParts): IamReading & IamWriting {
  const base = baseOf(parts)
  const newId: Writing['newId'] = (prefix) => uniqueId(prefix, parts.randomBytes)
  return {
    ...openIamReader(parts),
    write: async <O extends WriteOperation>(operation: O, input: WriteOperations[O]['input']) => {
      const answer = await translatingBusy(() =>
        parts.store.write((rows) => {
          const now = Math.floor(parts.clock() / 1000) * 1000
          return WRITES[operation]({ ...base, rows, now, newId }, input)
        }),
      )
      return (answer ?? {}) as WriteOperations[O]['output']
    },
  }
}

const baseOf = ({
  account,
  awsPolicies,
  quotas,
  elsewhere = NOBODY_KNOWN,
}: ReadableIamParts): Omit<Reading, 'rows'> => ({
  account,
  awsPolicies,
  quotas: { ...DEFAULT_QUOTAS, ...quotas },
  elsewhere,
})

const NOBODY_KNOWN: PrincipalDirectory = { idOf: async () => 'unknown', arnOf: async () => 'unknown' }

async function translatingBusy<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof StoreBusyError)
      throw new IamError('ServiceFailure', error.diagnostics.map(({ message }) => message).join('; '), {
        retryable: true,
      })
    throw error
  }
}

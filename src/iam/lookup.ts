import {
  type Account,
  type EntityKind,
  entityArn,
  isAwsManagedPolicyArn,
  parseEntityArn,
} from '../model/index.ts'
import type { Reading, Writing } from './context.ts'
import type { IdentityKind } from './identity-kind.ts'
import { readName, readPolicyArn } from './input.ts'
import {
  alreadyExists,
  limitExceeded,
  noSuchIdentity,
  noSuchPolicy,
  refused,
  unmodifiable,
} from './refusals.ts'
import type { EntityRow, StoredEntity } from './store-port.ts'

const NAME_FIELDS: Readonly<Record<EntityKind, string>> = {
  user: 'userName',
  group: 'groupName',
  role: 'roleName',
  policy: 'policyName',
}

/** @throws IamError ValidationError, NoSuchEntity */
export async function findIdentity<K extends IdentityKind>(
  { rows }: Pick<Reading, 'rows'>,
  kind: K,
  name: unknown,
): Promise<EntityRow<K>> {
  const wanted = readName(kind, NAME_FIELDS[kind], name)
  const row = await rows.entity(kind, wanted)
  if (row === null) throw noSuchIdentity(kind, wanted)
  return row
}

/** As `findIdentity`, for an operation that changes it: service-linked roles belong to AWS. */
export async function findModifiable<K extends IdentityKind>(
  reading: Pick<Reading, 'rows'>,
  kind: K,
  name: unknown,
): Promise<EntityRow<K>> {
  const row = await findIdentity(reading, kind, name)
  if (isServiceLinked(row)) throw unmodifiable(row.name)
  return row
}

/** @see IAM User Guide, "Create a service-linked role": it can't be changed but for its description */
export const isServiceLinked = (row: StoredEntity): boolean =>
  row.kind === 'role' && row.path.startsWith('/aws-service-role/')

/** The customer managed policy of this ARN. @throws IamError ValidationError, InvalidInput, NoSuchEntity */
export async function findPolicy({ account, rows }: Reading, value: unknown): Promise<EntityRow<'policy'>> {
  const arn = readPolicyArn('policyArn', value)
  const row = await ownPolicy({ account, rows }, arn)
  if (row === null) throw noSuchPolicy(arn)
  return row
}

/** As `findPolicy`, for an operation that changes it: AWS's own policies can't be. */
export async function findModifiablePolicy(reading: Reading, value: unknown): Promise<EntityRow<'policy'>> {
  const arn = readPolicyArn('policyArn', value)
  if (isAwsManagedPolicyArn(arn))
    throw refused('AccessDenied', `Policy ${arn} is managed by AWS and can't be changed.`)
  return findPolicy(reading, arn)
}

export async function ownPolicy(
  { account, rows }: Pick<Reading, 'account' | 'rows'>,
  arn: string,
): Promise<EntityRow<'policy'> | null> {
  const named = parseEntityArn(arn)
  if (named === null || named.kind !== 'policy') return null
  const row = await rows.entity('policy', named.name)
  return row !== null && policyArn(account, row) === arn ? row : null
}

export const policyArn = (account: Account, row: Pick<StoredEntity, 'path' | 'name'>): string =>
  entityArn(account, 'policy', row.path, row.name)

/**
 * The ARN of a policy that can be attached or be a boundary: one of this account, or AWS's own.
 * @param what begins the message: `Policy` or `Scope ARN:`
 */
export async function readAttachable(
  reading: Reading,
  field: string,
  value: unknown,
  what: 'Policy' | 'Scope ARN:',
): Promise<string> {
  const arn = readPolicyArn(field, value)
  if (!arn.startsWith(`arn:${reading.account.partition}:`))
    throw refused('ValidationError', 'Invalid ARN partition')
  const exists = isAwsManagedPolicyArn(arn)
    ? reading.awsPolicies.has(arn)
    : (await ownPolicy(reading, arn)) !== null
  if (!exists) throw refused('NoSuchEntity', `${what} ${arn} does not exist or is not attachable.`)
  return arn
}

const ACCOUNT_QUOTAS = {
  user: { quota: 'usersPerAccount', label: 'UsersPerAccount' },
  group: { quota: 'groupsPerAccount', label: 'GroupsPerAccount' },
  role: { quota: 'rolesPerAccount', label: 'RolesPerAccount' },
  policy: { quota: 'customerManagedPoliciesPerAccount', label: 'PoliciesPerAccount' },
} as const

/** @throws IamError EntityAlreadyExists (names are unique whatever their case), LimitExceeded */
export async function claimName({ rows, quotas }: Writing, kind: EntityKind, name: string): Promise<void> {
  const taken = await rows.takenName(kind, name)
  if (taken !== null) throw alreadyExists(kind, name, taken)
  const { quota, label } = ACCOUNT_QUOTAS[kind]
  const limit = quotas[quota]
  if ((await rows.count(kind)) >= limit) throw limitExceeded(label, limit)
}

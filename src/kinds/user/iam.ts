import type * as sdk from '@aws-sdk/client-iam'
import { attachPolicy, detachPolicy, listAttachedPolicies } from '../../iam/attachments.ts'
import { boundaryOf, deleteBoundary, putBoundary, readBoundary, storeBoundary } from '../../iam/boundaries.ts'
import { requireNoChildren } from '../../iam/children.ts'
import type { Reading, Writing } from '../../iam/context.ts'
import { allOf, byOwner, type Details, detailsSection, grantsOf, idsOf } from '../../iam/details.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { requireNoPolicies } from '../../iam/identity-deletion.ts'
import {
  deleteInlinePolicy,
  getInlinePolicy,
  listInlinePolicies,
  putInlinePolicy,
} from '../../iam/inline-policies.ts'
import { readBoolean, readPath, readPathPrefix } from '../../iam/input.ts'
import { claimName, findEntity, findModifiable, moveEntity, readOwnName } from '../../iam/lookup.ts'
import type { IdentityKind, TagRules } from '../../iam/named-kind.ts'
import { cutPage, pageOf, readPage } from '../../iam/pagination.ts'
import { hashedBy, hashedPassword, isSameHash } from '../../iam/password-hash.ts'
import { readPassword, requireAllowedPassword, violation } from '../../iam/password-rules.ts'
import { alreadyExists, deleteConflict, refused } from '../../iam/refusals.ts'
import type { EntityRow, StoredEntity } from '../../iam/store-port.ts'
import { addTags, readNewTags, removeTags } from '../../iam/tags.ts'
import { tagList, viewBoundary, viewTags } from '../../iam/views.ts'
import { type Account, CHILD_KINDS, CHILDREN, entityArn, rootArn } from '../../model/index.ts'
import { passwordPolicyIn } from '../passwordPolicy/iam.ts'
import { type StoredPassword, USER, type UserWrites } from './kind.ts'

export const users: IdentityKind<'user'> = {
  kind: 'user',
  facts: USER,
  quotaLabel: 'UsersPerAccount',
  alreadyExists: (_, taken) => `User with name ${taken} already exists.`,
  isProtected: () => false,
  grants: {
    attached: { quota: 'managedPoliciesPerUser', label: 'PoliciesPerUser' },
    inlineSize: 'inlinePolicySizePerUser',
  },
}

/** Ids of the groups that a user is in. */
export const groupsOf = async ({ rows }: Pick<Reading, 'rows'>, userId: string): Promise<readonly string[]> =>
  (await rows.links([userId], 'group')).map(({ target }) => target)

const tags: TagRules = { quota: 'tagsPerUser', keysIgnoreCase: true }

export const user = {
  reads: {
    GetUser: getUser,
    ListUsers: async (reading, input) => {
      const { limit, after } = readPage(input)
      const pathPrefix = readPathPrefix(input.PathPrefix)
      const rows = await reading.rows.entities('user', { after, limit: limit + 1, pathPrefix })
      const { page, end } = cutPage(rows, limit, ({ name }) => name)
      return { Users: page.map((row) => viewUser(reading.account, row)), ...end }
    },
    ListUserTags: async (reading, input) => {
      const wanted = readPage(input)
      const { id } = await findEntity(reading, users, input.UserName)
      const { page, end } = pageOf(await reading.rows.tags([id]), wanted)
      return { Tags: tagList(page), ...end }
    },
    ListAttachedUserPolicies: (reading, input) => listAttachedPolicies(reading, users, input.UserName, input),
    ListUserPolicies: (reading, input) => listInlinePolicies(reading, users, input.UserName, input),
    GetUserPolicy: async (reading, input) => {
      const { owner, ...policy } = await getInlinePolicy(reading, users, input.UserName, input.PolicyName)
      return { UserName: owner, ...policy }
    },
    GetLoginProfile: getLoginProfile,
    GenerateCredentialReport: async () => ({ State: 'COMPLETE' }),
    GetCredentialReport: getCredentialReport,
  },
  writes: {
    CreateUser: createUser,
    UpdateUser: (writing, { UserName, NewPath, NewUserName }) =>
      moveEntity(writing, users, UserName, { newPath: NewPath, newName: NewUserName }),
    DeleteUser: deleteUser,
    TagUser: (writing, { UserName, Tags }) =>
      addTags(writing, tags, () => findModifiable(writing, users, UserName), Tags),
    UntagUser: (writing, { UserName, TagKeys }) =>
      removeTags(writing, tags, () => findModifiable(writing, users, UserName), TagKeys),
    PutUserPolicy: (writing, input) => putInlinePolicy(writing, users, input.UserName, input),
    DeleteUserPolicy: (writing, { UserName, PolicyName }) =>
      deleteInlinePolicy(writing, users, UserName, PolicyName),
    AttachUserPolicy: (writing, { UserName, PolicyArn }) => attachPolicy(writing, users, UserName, PolicyArn),
    DetachUserPolicy: (writing, { UserName, PolicyArn }) => detachPolicy(writing, users, UserName, PolicyArn),
    PutUserPermissionsBoundary: (writing, { UserName, PermissionsBoundary }) =>
      putBoundary(writing, users, UserName, PermissionsBoundary),
    DeleteUserPermissionsBoundary: (writing, { UserName }) => deleteBoundary(writing, users, UserName),
    CreateLoginProfile: createLoginProfile,
    UpdateLoginProfile: updateLoginProfile,
    DeleteLoginProfile: deleteLoginProfile,
    ChangePassword: changePassword,
  },
  details: [detailsSection('User', allOf('user'), viewUsers)],
  summary: async ({ rows, quotas }) => ({
    Users: await rows.count(users.kind),
    UsersQuota: quotas.usersPerAccount,
    GroupsPerUserQuota: quotas.groupsPerUser,
    AttachedPoliciesPerUserQuota: quotas.managedPoliciesPerUser,
    UserPolicySizeQuota: quotas.inlinePolicySizePerUser,
  }),
} satisfies IamKindOf<'user'>

export const viewUser = (account: Account, row: StoredEntity): sdk.User => ({
  Path: row.path,
  UserName: row.name,
  UserId: row.id,
  Arn: entityArn(account, USER, row.path, row.name),
  CreateDate: new Date(row.created),
})

async function getUser(reading: Reading, input: sdk.GetUserRequest): Promise<sdk.GetUserResponse> {
  if (input.UserName === undefined)
    throw refused('ValidationError', 'Must specify userName when calling with non-User credentials')
  const row = await findEntity(reading, users, input.UserName)
  const boundary = await boundaryOf(reading, row.id)
  const found = await reading.rows.tags([row.id])
  return { User: { ...viewUser(reading.account, row), ...viewBoundary(boundary), ...viewTags(found) } }
}

async function createUser(writing: Writing, input: sdk.CreateUserRequest): Promise<sdk.CreateUserResponse> {
  const name = readOwnName(users, input.UserName)
  const path = readPath(input.Path)
  const id = writing.newId(USER.idPrefix)
  const given = readNewTags(writing, tags, input.Tags, id)
  await claimName(writing, users, name)
  const boundary = await readBoundary(writing, input.PermissionsBoundary)
  const row: EntityRow<'user'> = {
    kind: 'user',
    id,
    name,
    path,
    created: writing.now,
    parentId: null,
    body: {},
  }
  await writing.rows.insert(row)
  if (boundary !== null) await storeBoundary(writing, id, boundary)
  if (given.length > 0) await writing.rows.putTags(given)
  return { User: { ...viewUser(writing.account, row), ...viewBoundary(boundary), ...viewTags(given) } }
}

async function deleteUser(writing: Writing, input: sdk.DeleteUserRequest): Promise<void> {
  const row = await findModifiable(writing, users, input.UserName)
  const { id, body } = row
  await requireNoPolicies(writing, id)
  if (body.password !== undefined)
    throw deleteConflict('Cannot delete entity, must delete login profile first.')
  if ((await writing.rows.links([id], 'group')).length > 0)
    throw deleteConflict('Cannot delete entity, must remove users from group first.')
  await requireNoChildren(writing, CHILDREN, row)
  await writing.rows.delete(id)
}

type UserRow = EntityRow<'user'>
type WritesOf<O extends keyof UserWrites> = UserWrites[O]['input']

async function getLoginProfile(
  reading: Reading,
  { UserName }: sdk.GetLoginProfileRequest,
): Promise<sdk.GetLoginProfileResponse> {
  const row = await findEntity(reading, users, UserName)
  return { LoginProfile: viewLoginProfile(row, requirePassword(row)) }
}

const viewLoginProfile = ({ name }: UserRow, password: StoredPassword): sdk.LoginProfile => ({
  UserName: name,
  CreateDate: new Date(password.created),
  PasswordResetRequired: password.resetRequired,
})

/** @throws IamError NoSuchEntity */
function requirePassword({ name, body }: UserRow): StoredPassword {
  if (body.password === undefined)
    throw refused('NoSuchEntity', `Login Profile for User ${name} cannot be found.`)
  return body.password
}

async function createLoginProfile(
  writing: Writing,
  input: WritesOf<'CreateLoginProfile'>,
): Promise<sdk.CreateLoginProfileResponse> {
  const text = readPassword('password', input.Password)
  const resetRequired = readBoolean('passwordResetRequired', input.PasswordResetRequired)
  const row = await findModifiable(writing, users, input.UserName)
  if (row.body.password !== undefined)
    throw alreadyExists(`Login Profile for user ${row.name} already exists.`)
  const password = await chosen(writing, null, text, resetRequired)
  await writing.rows.update({ ...row, body: { ...row.body, password } })
  return { LoginProfile: viewLoginProfile(row, password) }
}

async function updateLoginProfile(writing: Writing, input: WritesOf<'UpdateLoginProfile'>): Promise<void> {
  const text = input.Password === undefined ? null : readPassword('password', input.Password)
  const row = await findModifiable(writing, users, input.UserName)
  const before = requirePassword(row)
  const resetRequired =
    input.PasswordResetRequired === undefined
      ? before.resetRequired
      : readBoolean('passwordResetRequired', input.PasswordResetRequired)
  const password =
    text === null ? { ...before, resetRequired } : await chosen(writing, before, text, resetRequired)
  await writing.rows.update({ ...row, body: { ...row.body, password } })
}

async function deleteLoginProfile(
  writing: Writing,
  { UserName }: sdk.DeleteLoginProfileRequest,
): Promise<void> {
  const row = await findModifiable(writing, users, UserName)
  requirePassword(row)
  const { password: _, ...body } = row.body
  await writing.rows.update({ ...row, body })
}

/** With which code AWS refuses an old password that is wrong is not verified. */
async function changePassword(writing: Writing, input: WritesOf<'ChangePassword'>): Promise<void> {
  const old = readPassword('oldPassword', input.OldPassword)
  const text = readPassword('newPassword', input.NewPassword)
  if (writing.caller === null)
    throw refused('InvalidUserType', 'Only IAM Users can change their own password.')
  const row = await findModifiable(writing, users, writing.caller)
  const before = requirePassword(row)
  if (!isSameHash(await hashedAlike(writing, before, old), before.hash))
    throw refused('AccessDenied', 'The old password was incorrect.')
  const password = await chosen(writing, before, text, false)
  await writing.rows.update({ ...row, body: { ...row.body, password } })
}

/** How many passwords are remembered: what the password policy may ask for. @see IAM API Reference: PasswordReusePrevention */
const MOST_REMEMBERED = 24

/**
 * A password that takes the place of another, if the password policy lets it.
 * @throws IamError PasswordPolicyViolation
 */
async function chosen(
  writing: Writing,
  before: StoredPassword | null,
  text: string,
  resetRequired: boolean,
): Promise<StoredPassword> {
  const policy = await passwordPolicyIn(writing)
  requireAllowedPassword(text, policy)
  const hash = await hashedAlike(writing, before, text)
  const used = before === null ? [] : [before.hash, ...before.earlier]
  const refusedOnes = used.slice(0, policy?.passwordReusePrevention ?? 0)
  if (refusedOnes.some((each) => isSameHash(each, hash)))
    throw violation('Policy constraint violation with password reuse.')
  const { now } = writing
  return {
    created: before?.created ?? now,
    changed: now,
    resetRequired,
    hash,
    earlier: used.slice(0, MOST_REMEMBERED),
  }
}

/** As the password was that somebody has, so that the two can be compared. */
const hashedAlike = (
  { passwordCost, randomBytes }: Writing,
  before: StoredPassword | null,
  text: string,
): Promise<string> => {
  const by = before === null ? null : hashedBy(before.hash)
  return hashedPassword(text, { randomBytes, ...(by ?? { salt: null, cost: passwordCost }) })
}

const USERS_AT_ONCE = 1000
const DAY = 86_400_000

/**
 * Whether each user has a password, keys and certificates, and since when. What has no place here yet (devices, last uses) is as of
 * who has none.
 * @see IAM User Guide, "Getting credential reports for your AWS account"
 */
async function getCredentialReport(reading: Reading): Promise<sdk.GetCredentialReportResponse> {
  const maxAge = (await passwordPolicyIn(reading))?.maxPasswordAge ?? null
  const lines: string[] = [REPORT_COLUMNS.join(','), rootLine(reading.account)]
  for (let after: string | null = null; ; ) {
    const rows: readonly UserRow[] = await allOf<'user'>('user')(reading, after, USERS_AT_ONCE)
    const credentials = await credentialsOf(reading, rows)
    for (const row of rows)
      lines.push(reportLine(reading.account, row, maxAge, credentials.get(row.id) ?? new Map()))
    after = rows.at(-1)?.name ?? null
    if (rows.length < USERS_AT_ONCE) break
  }
  return { Content: Buffer.from(lines.join('\n'), 'utf8'), ReportFormat: 'text/csv' }
}

const NONE = 'N/A'
/** @see IAM User Guide, "Getting credential reports for your AWS account": at most two of each */
const CREDENTIAL_COLUMNS: readonly string[] = [
  ...[1, 2].flatMap((key) => [
    `access_key_${key}_active`,
    `access_key_${key}_last_rotated`,
    `access_key_${key}_last_used_date`,
    `access_key_${key}_last_used_region`,
    `access_key_${key}_last_used_service`,
  ]),
  ...[1, 2].flatMap((certificate) => [`cert_${certificate}_active`, `cert_${certificate}_last_rotated`]),
]
const REPORT_COLUMNS = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  ...CREDENTIAL_COLUMNS,
] as const

/** By user, by column. */
type Credentials = ReadonlyMap<string, ReadonlyMap<string, string>>

/** What is named under users and stands in a report, the oldest of each kind first. */
async function credentialsOf({ rows }: Reading, of: readonly UserRow[]): Promise<Credentials> {
  const found = new Map<string, Map<string, string>>()
  const ids = of.map(({ id }) => id)
  for (const kind of CHILD_KINDS) {
    const { reportedAs, reportedIn, parent } = CHILDREN[kind]
    if ((reportedAs ?? reportedIn) === undefined || parent !== users.kind) continue
    const all = [...(await rows.children(kind, ids))].sort((a, b) => a.created - b.created)
    const numbers = new Map<string, number>()
    for (const { parentId, body, created } of all) {
      if (parentId === null) continue
      const columns = found.get(parentId) ?? new Map<string, string>()
      found.set(parentId, columns)
      if (reportedIn !== undefined) columns.set(reportedIn, 'true')
      if (reportedAs === undefined || !('status' in body)) continue
      const number = (numbers.get(parentId) ?? 0) + 1
      numbers.set(parentId, number)
      columns.set(`${reportedAs}_${number}_active`, String(body.status === 'Active'))
      columns.set(`${reportedAs}_${number}_last_rotated`, moment(created))
    }
  }
  return found
}

function reportLine(
  account: Account,
  row: UserRow,
  maxAge: number | null,
  credentials: ReadonlyMap<string, string>,
): string {
  const { password } = row.body
  const rotation = password === undefined || maxAge === null ? null : password.changed + maxAge * DAY
  const fields = [
    row.name,
    entityArn(account, USER, row.path, row.name),
    moment(row.created),
    String(password !== undefined),
    password === undefined ? NONE : 'no_information',
    password === undefined ? NONE : moment(password.changed),
    rotation === null ? NONE : moment(rotation),
    ...['mfa_active', ...CREDENTIAL_COLUMNS].map(
      (column) => credentials.get(column) ?? (column.endsWith('_active') ? 'false' : NONE),
    ),
  ]
  return fields.map(csvField).join(',')
}

/** Names may have a comma in them, and paths a quote as well. @see RFC 4180, section 2 */
const csvField = (field: string): string => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)

/**
 * The root user's row stands first. Here they have no password, key or device, and nothing says since when there is the account.
 * @see IAM User Guide, "Getting credential reports for your AWS account": what is `not_supported` of them
 */
function rootLine(account: Account): string {
  const known: Readonly<Record<string, string>> = {
    user: '<root_account>',
    arn: rootArn(account),
    user_creation_time: 'no_information',
    password_enabled: 'not_supported',
    password_last_used: 'no_information',
    password_last_changed: 'not_supported',
    password_next_rotation: 'not_supported',
  }
  return REPORT_COLUMNS.map((column) => known[column] ?? (column.endsWith('_active') ? 'false' : NONE)).join(
    ',',
  )
}

const moment = (time: number): string => new Date(time).toISOString().replace('.000Z', '+00:00')

async function viewUsers(reading: Reading, rows: readonly StoredEntity[], details: Details): Promise<void> {
  const ids = idsOf(rows)
  const grants = await grantsOf(reading, ids)
  const groups = byOwner(await reading.rows.resolvedLinks(ids, 'group'))
  const found = byOwner(await reading.rows.tags(ids))
  for (const row of rows)
    details.UserDetailList.push({
      ...viewUser(reading.account, row),
      UserPolicyList: grants.inline(row.id),
      GroupList: (groups.get(row.id) ?? []).map(({ to, target }) => to?.name ?? target).sort(ignoringCase),
      AttachedManagedPolicies: grants.attached(row.id),
      ...grants.boundary(row.id),
      Tags: tagList(found.get(row.id)),
    })
}

/** As listings are sorted: names are ASCII. */
const ignoringCase = (a: string, b: string): number => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)

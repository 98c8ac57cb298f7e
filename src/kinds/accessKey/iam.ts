import type * as sdk from '@aws-sdk/client-iam'
import { childrenOf, findChild, readChildId, readStatus } from '../../iam/children.ts'
import type { Writing } from '../../iam/context.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { findEntity, findModifiable } from '../../iam/lookup.ts'
import { pageOf, readPage } from '../../iam/pagination.ts'
import { limitExceeded, refused } from '../../iam/refusals.ts'
import type { UserKeys } from '../../iam/signing-keys.ts'
import type { EntityRow, ReadRows } from '../../iam/store-port.ts'
import { accessKeyId } from '../../iam/unique-id.ts'
import { entityArn } from '../../model/index.ts'
import { users } from '../user/iam.ts'
import { ACCESS_KEY } from './kind.ts'

type Row = EntityRow<'accessKey'>

const KEYS = { kind: 'accessKey', idField: 'accessKeyId', label: 'Access Key' } as const

/** AWS leaves the date out of a key that was never used. */
const NEVER = { LastUsedDate: undefined, ServiceName: 'N/A', Region: 'N/A' }

const usedIn = ({ body: { lastUsed } }: Row): sdk.AccessKeyLastUsed =>
  lastUsed === undefined
    ? NEVER
    : {
        LastUsedDate: new Date(lastUsed.time),
        ServiceName: lastUsed.service,
        Region: lastUsed.region,
      }

export const accessKey = {
  reads: {
    ListAccessKeys: async (reading, input) => {
      const wanted = readPage(input)
      const user = await findEntity(reading, users, input.UserName)
      const { page, end } = pageOf(await childrenOf(reading, KEYS.kind, user.id), wanted)
      return {
        AccessKeyMetadata: page.map((row) => ({
          UserName: user.name,
          AccessKeyId: row.id,
          Status: row.body.status,
          CreateDate: new Date(row.created),
        })),
        ...end,
      }
    },
    // Which error AWS has for a key that isn't there is not verified.
    GetAccessKeyLastUsed: async ({ rows }, { AccessKeyId }) => {
      const id = readChildId(KEYS.idField, AccessKeyId)
      const row = await rowOf(rows, id)
      const user = row?.parentId == null ? null : await rows.entityById(row.parentId)
      if (row === null || user === null)
        throw refused('NoSuchEntity', `The ${KEYS.label} with id ${id} cannot be found.`)
      return { UserName: user.name, AccessKeyLastUsed: usedIn(row) }
    },
  },
  writes: {
    CreateAccessKey: create,
    UpdateAccessKey: async (writing, { UserName, AccessKeyId, Status }) => {
      const status = readStatus(Status)
      const row = await find(writing, UserName, AccessKeyId)
      await writing.rows.update({ ...row, body: { ...row.body, status } })
    },
    DeleteAccessKey: async (writing, { UserName, AccessKeyId }) => {
      await writing.rows.delete((await find(writing, UserName, AccessKeyId)).id)
    },
  },
  summary: async () => ({ AccessKeysPerUserQuota: ACCESS_KEY.most }),
} satisfies IamKindOf<'accessKey'>

/** How signatures are verified with them. */
export const userKeys: UserKeys = {
  find: async (rows, id, account) => {
    const row = await rowOf(rows, id)
    const user = row?.parentId == null ? null : await rows.entityById(row.parentId)
    if (row === null || user === null) return null
    const { secret = null, status } = row.body
    const arn = entityArn(account, users.facts, user.path, user.name)
    return { user: { id: user.id, name: user.name, arn }, secret, isActive: status === 'Active' }
  },
  noteUse: async (rows, id, use) => {
    const row = await rowOf(rows, id)
    if (row === null || (row.body.lastUsed?.time ?? 0) > use.time) return
    await rows.update({ ...row, body: { ...row.body, lastUsed: use } })
  },
}

/** By its id alone, whoever's it is. */
async function rowOf(rows: ReadRows, id: string): Promise<Row | null> {
  const entity = await rows.entityById(id)
  return entity?.kind === KEYS.kind ? rows.entity(KEYS.kind, id, entity.parentId) : null
}

/** Of 30 random bytes, as AWS's: 40 characters of base 64. */
const SECRET_BYTES = 30

/** @see IAM User Guide, "IAM and AWS STS quotas": at most two, inactive ones counted */
async function create(
  writing: Writing,
  { UserName = writing.caller ?? undefined }: sdk.CreateAccessKeyRequest,
): Promise<sdk.CreateAccessKeyResponse> {
  const user = await findModifiable(writing, users, UserName)
  if ((await writing.rows.count(KEYS.kind, user.id)) >= ACCESS_KEY.most)
    throw limitExceeded('AccessKeysPerUser', ACCESS_KEY.most)
  const id = accessKeyId(writing.account.id, writing.randomBytes)
  const secret = Buffer.from(writing.randomBytes(SECRET_BYTES)).toString('base64')
  const row: Row = {
    kind: KEYS.kind,
    id,
    name: id,
    path: '/',
    created: writing.now,
    parentId: user.id,
    body: {
      status: 'Active',
      ...(writing.sealer === null ? {} : { secret: writing.sealer.seal(secret, id) }),
    },
  }
  await writing.rows.insert(row)
  return {
    AccessKey: {
      UserName: user.name,
      AccessKeyId: id,
      Status: row.body.status,
      SecretAccessKey: secret,
      CreateDate: new Date(row.created),
    },
  }
}

async function find(writing: Writing, UserName: unknown, value: unknown): Promise<Row> {
  const id = readChildId(KEYS.idField, value)
  const user = await findModifiable(writing, users, UserName ?? writing.caller ?? undefined)
  return findChild(writing, KEYS, user, id)
}

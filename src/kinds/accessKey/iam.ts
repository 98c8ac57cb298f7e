import type * as sdk from '@aws-sdk/client-iam'
import { childrenOf, findChild, readChildId, readStatus } from '../../iam/children.ts'
import type { Writing } from '../../iam/context.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { findEntity, findModifiable } from '../../iam/lookup.ts'
import { pageOf, readPage } from '../../iam/pagination.ts'
import { limitExceeded, refused } from '../../iam/refusals.ts'
import type { EntityRow } from '../../iam/store-port.ts'
import { accessKeyId } from '../../iam/unique-id.ts'
import { users } from '../user/iam.ts'
import { ACCESS_KEY } from './kind.ts'

type Row = EntityRow<'accessKey'>

const KEYS = { kind: 'accessKey', idField: 'accessKeyId', label: 'Access Key' } as const

/** AWS leaves the date out of a key that was never used. */
const NEVER = { LastUsedDate: undefined, ServiceName: 'N/A', Region: 'N/A' }

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
    // Nobody signs requests here, so that none is ever used. Which error AWS has for a key that isn't there is not verified.
    GetAccessKeyLastUsed: async ({ rows }, { AccessKeyId }) => {
      const id = readChildId(KEYS.idField, AccessKeyId)
      const row = await rows.entityById(id)
      const user =
        row?.kind !== KEYS.kind || row.parentId === null ? null : await rows.entityById(row.parentId)
      if (user === null) throw refused('NoSuchEntity', `The ${KEYS.label} with id ${id} cannot be found.`)
      return { UserName: user.name, AccessKeyLastUsed: NEVER }
    },
  },
  writes: {
    CreateAccessKey: create,
    UpdateAccessKey: async (writing, { UserName, AccessKeyId, Status }) => {
      const status = readStatus(Status)
      const row = await find(writing, UserName, AccessKeyId)
      await writing.rows.update({ ...row, body: { status } })
    },
    DeleteAccessKey: async (writing, { UserName, AccessKeyId }) => {
      await writing.rows.delete((await find(writing, UserName, AccessKeyId)).id)
    },
  },
  summary: async () => ({ AccessKeysPerUserQuota: ACCESS_KEY.most }),
} satisfies IamKindOf<'accessKey'>

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
  const row: Row = {
    kind: KEYS.kind,
    id,
    name: id,
    path: '/',
    created: writing.now,
    parentId: user.id,
    body: { status: 'Active' },
  }
  await writing.rows.insert(row)
  return {
    AccessKey: {
      UserName: user.name,
      AccessKeyId: id,
      Status: row.body.status,
      SecretAccessKey: Buffer.from(writing.randomBytes(SECRET_BYTES)).toString('base64'),
      CreateDate: new Date(row.created),
    },
  }
}

async function find(writing: Writing, UserName: unknown, value: unknown): Promise<Row> {
  const id = readChildId(KEYS.idField, value)
  const user = await findModifiable(writing, users, UserName ?? writing.caller ?? undefined)
  return findChild(writing, KEYS, user, id)
}

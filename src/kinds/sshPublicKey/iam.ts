import type * as sdk from '@aws-sdk/client-iam'
import { md5Fingerprint, opensshLine, pemOf, readSshKey, type SshKey } from '../../credentials/ssh-key.ts'
import { childrenOf, findChild, readChildId, readStatus } from '../../iam/children.ts'
import type { Reading, Writing } from '../../iam/context.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { readText } from '../../iam/input.ts'
import { findEntity, findModifiable } from '../../iam/lookup.ts'
import { pageOf, readPage } from '../../iam/pagination.ts'
import { limitExceeded, refused } from '../../iam/refusals.ts'
import type { EntityRow, StoredEntity } from '../../iam/store-port.ts'
import { users } from '../user/iam.ts'
import { SSH_PUBLIC_KEY } from './kind.ts'

type Row = EntityRow<'sshPublicKey'>

const KEYS = { kind: 'sshPublicKey', idField: 'sSHPublicKeyId', label: 'SSH Public Key' } as const

/** @see IAM User Guide, "IAM identifiers": the prefixes of unique ids */
const ID_PREFIX = 'APKA'

export const sshPublicKey = {
  reads: {
    ListSSHPublicKeys: async (reading, input) => {
      const wanted = readPage(input)
      const user = await findEntity(reading, users, input.UserName)
      const { page, end } = pageOf(await childrenOf(reading, KEYS.kind, user.id), wanted)
      return {
        SSHPublicKeys: page.map((row) => ({
          UserName: user.name,
          SSHPublicKeyId: row.id,
          Status: row.body.status,
          UploadDate: new Date(row.created),
        })),
        ...end,
      }
    },
    GetSSHPublicKey: getKey,
  },
  writes: {
    UploadSSHPublicKey: upload,
    UpdateSSHPublicKey: async (writing, { UserName, SSHPublicKeyId, Status }) => {
      const id = readChildId(KEYS.idField, SSHPublicKeyId)
      const status = readStatus(Status)
      const user = await findModifiable(writing, users, UserName)
      const row = await findChild(writing, KEYS, user, id)
      await writing.rows.update({ ...row, body: { ...row.body, status } })
    },
    DeleteSSHPublicKey: async (writing, { UserName, SSHPublicKeyId }) => {
      const id = readChildId(KEYS.idField, SSHPublicKeyId)
      const user = await findModifiable(writing, users, UserName)
      await writing.rows.delete((await findChild(writing, KEYS, user, id)).id)
    },
  },
} satisfies IamKindOf<'sshPublicKey'>

async function getKey(
  reading: Reading,
  { UserName, SSHPublicKeyId, Encoding }: sdk.GetSSHPublicKeyRequest,
): Promise<sdk.GetSSHPublicKeyResponse> {
  const id = readChildId(KEYS.idField, SSHPublicKeyId)
  const encoding = readText('encoding', Encoding, { least: 1, most: 16 })
  const user = await findEntity(reading, users, UserName)
  const row = await findChild(reading, KEYS, user, id)
  if (encoding !== 'SSH' && encoding !== 'PEM')
    throw refused('UnrecognizedPublicKeyEncoding', `Unrecognized public key encoding: ${encoding}`)
  const key = keyOf(row.body.body)
  return {
    SSHPublicKey: {
      ...view(user, row),
      SSHPublicKeyBody: encoding === 'SSH' ? opensshLine(key) : pemOf(key),
    },
  }
}

/** @see IAM API Reference, UploadSSHPublicKey: at most five, inactive ones counted */
async function upload(
  writing: Writing,
  { UserName, SSHPublicKeyBody }: sdk.UploadSSHPublicKeyRequest,
): Promise<sdk.UploadSSHPublicKeyResponse> {
  const body = readText('sSHPublicKeyBody', SSHPublicKeyBody, { least: 1, most: 16_384 })
  const user = await findModifiable(writing, users, UserName)
  const key = keyOf(body)
  const others = await childrenOf(writing, KEYS.kind, user.id)
  const line = opensshLine(key)
  if (others.some((each) => opensshLine(keyOf(each.body.body)) === line))
    throw refused(
      'DuplicateSSHPublicKey',
      'The SSH public key is already associated with the specified IAM user.',
    )
  if (others.length >= SSH_PUBLIC_KEY.most) throw limitExceeded('SSHPublicKeysPerUser', SSH_PUBLIC_KEY.most)
  const id = writing.newId(ID_PREFIX)
  const row: Row = {
    kind: KEYS.kind,
    id,
    name: id,
    path: '/',
    created: writing.now,
    parentId: user.id,
    body: { body, status: 'Active' },
  }
  await writing.rows.insert(row)
  return { SSHPublicKey: { ...view(user, row), SSHPublicKeyBody: body } }
}

/** @throws IamError UnrecognizedPublicKeyEncoding, InvalidPublicKey */
function keyOf(body: string): SshKey {
  const key = readSshKey(body)
  if (key === 'encoding')
    throw refused(
      'UnrecognizedPublicKeyEncoding',
      'The public key encoding format is unsupported or unrecognized.',
    )
  if (typeof key === 'string')
    throw refused('InvalidPublicKey', 'The public key is malformed or otherwise invalid.')
  return key
}

const view = (user: StoredEntity, row: Row): Omit<sdk.SSHPublicKey, 'SSHPublicKeyBody'> => ({
  UserName: user.name,
  SSHPublicKeyId: row.id,
  Fingerprint: md5Fingerprint(keyOf(row.body.body)),
  Status: row.body.status,
  UploadDate: new Date(row.created),
})

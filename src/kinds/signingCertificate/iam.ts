import type * as sdk from '@aws-sdk/client-iam'
import { readCertificate } from '../../credentials/signing-certificate.ts'
import { childrenOf, findChild, readChildId, readStatus } from '../../iam/children.ts'
import type { Reading, Writing } from '../../iam/context.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { readText } from '../../iam/input.ts'
import { findEntity, findModifiable } from '../../iam/lookup.ts'
import { pageOf, readPage } from '../../iam/pagination.ts'
import { limitExceeded, refused } from '../../iam/refusals.ts'
import type { EntityRow, StoredEntity } from '../../iam/store-port.ts'
import { users } from '../user/iam.ts'
import { SIGNING_CERTIFICATE } from './kind.ts'

type Row = EntityRow<'signingCertificate'>

const CERTIFICATES = {
  kind: 'signingCertificate',
  idField: 'certificateId',
  label: 'Certificate',
} as const

export const signingCertificate = {
  reads: {
    ListSigningCertificates: async (reading, input) => {
      const wanted = readPage(input)
      const user = await findEntity(reading, users, input.UserName)
      const { page, end } = pageOf(await childrenOf(reading, CERTIFICATES.kind, user.id), wanted)
      return { Certificates: page.map((row) => view(user, row)), ...end }
    },
  },
  writes: {
    UploadSigningCertificate: upload,
    UpdateSigningCertificate: async (writing, { UserName, CertificateId, Status }) => {
      const id = readChildId(CERTIFICATES.idField, CertificateId)
      const status = readStatus(Status)
      const user = await findModifiable(writing, users, UserName)
      const row = await findChild(writing, CERTIFICATES, user, id)
      await writing.rows.update({ ...row, body: { ...row.body, status } })
    },
    DeleteSigningCertificate: async (writing, { UserName, CertificateId }) => {
      const id = readChildId(CERTIFICATES.idField, CertificateId)
      const user = await findModifiable(writing, users, UserName)
      await writing.rows.delete((await findChild(writing, CERTIFICATES, user, id)).id)
    },
  },
  summary: async () => ({ SigningCertificatesPerUserQuota: SIGNING_CERTIFICATE.most }),
} satisfies IamKindOf<'signingCertificate'>

/** @see IAM API Reference, UploadSigningCertificate: at most two, and each of one user in the account */
async function upload(
  writing: Writing,
  { UserName, CertificateBody }: sdk.UploadSigningCertificateRequest,
): Promise<sdk.UploadSigningCertificateResponse> {
  const body = readText('certificateBody', CertificateBody, { least: 1, most: 16_384 })
  const user = await findModifiable(writing, users, UserName)
  const certificate = readCertificate(body)
  if (certificate === null || certificate.end < writing.now)
    throw refused('MalformedCertificate', 'The certificate is malformed or expired.')
  const { fingerprint } = certificate
  if (await isTaken(writing, fingerprint))
    throw refused(
      'DuplicateCertificate',
      'The same certificate is associated with an IAM user in the account.',
    )
  const limit = SIGNING_CERTIFICATE.most
  if ((await writing.rows.count(CERTIFICATES.kind, user.id)) >= limit)
    throw limitExceeded('SigningCertificatesPerUser', limit)
  // Such ids say no kind, and have 24 characters or more. @see IAM API Reference, SigningCertificate
  const id = writing.newId(writing.newId(''))
  const row: Row = {
    kind: CERTIFICATES.kind,
    id,
    name: id,
    path: '/',
    created: writing.now,
    parentId: user.id,
    body: { body, fingerprint, status: 'Active' },
  }
  await writing.rows.insert(row)
  return { Certificate: view(user, row) }
}

async function isTaken({ rows }: Pick<Reading, 'rows'>, fingerprint: string): Promise<boolean> {
  const all = await rows.entities(CERTIFICATES.kind, {
    after: null,
    limit: Number.MAX_SAFE_INTEGER,
    pathPrefix: '/',
  })
  return all.some(({ body }) => body.fingerprint === fingerprint)
}

const view = (user: StoredEntity, { id, created, body }: Row): sdk.SigningCertificate => ({
  UserName: user.name,
  CertificateId: id,
  CertificateBody: body.body,
  Status: body.status,
  UploadDate: new Date(created),
})

import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto'
import type * as sdk from '@aws-sdk/client-iam'
import { certificateFacts, certificatesIn } from '../../credentials/certificates.ts'
import type { Reading, Writing } from '../../iam/context.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { readPath, readPathPrefix, readSecret, readText } from '../../iam/input.ts'
import { claimName, findEntity, findModifiable, moveEntity, readOwnName } from '../../iam/lookup.ts'
import type { NamedKind, TagRules } from '../../iam/named-kind.ts'
import { cutPage, pageOf, readPage } from '../../iam/pagination.ts'
import { refused } from '../../iam/refusals.ts'
import type { EntityRow } from '../../iam/store-port.ts'
import { addTags, readNewTags, removeTags } from '../../iam/tags.ts'
import { tagList, viewTags } from '../../iam/views.ts'
import { type Account, entityArn } from '../../model/index.ts'
import { CERTIFICATE_LENGTH, SERVER_CERTIFICATE, type ServerCertificateWrites } from './kind.ts'

const certificates: NamedKind<'serverCertificate'> = {
  kind: 'serverCertificate',
  facts: { ...SERVER_CERTIFICATE, label: 'Server Certificate' },
  quotaLabel: 'ServerCertificatesPerAccount',
  alreadyExists: (_, taken) => `The Server Certificate with name ${taken} already exists.`,
  isProtected: () => false,
}

const tags: TagRules = { quota: 'tagsPerServerCertificate', keysIgnoreCase: false }

type Row = EntityRow<'serverCertificate'>

export const serverCertificate = {
  reads: {
    GetServerCertificate: get,
    ListServerCertificates: list,
    ListServerCertificateTags: listTags,
  },
  writes: {
    UploadServerCertificate: upload,
    UpdateServerCertificate: (writing, { ServerCertificateName, NewPath, NewServerCertificateName }) =>
      moveEntity(writing, certificates, ServerCertificateName, {
        newPath: NewPath,
        newName: NewServerCertificateName,
      }),
    DeleteServerCertificate: async (writing, { ServerCertificateName }) => {
      const { id } = await findModifiable(writing, certificates, ServerCertificateName)
      await writing.rows.delete(id)
    },
    TagServerCertificate: (writing, { ServerCertificateName, Tags }) =>
      addTags(writing, tags, () => findModifiable(writing, certificates, ServerCertificateName), Tags),
    UntagServerCertificate: (writing, { ServerCertificateName, TagKeys }) =>
      removeTags(writing, tags, () => findModifiable(writing, certificates, ServerCertificateName), TagKeys),
  },
  summary: async ({ rows, quotas }) => ({
    ServerCertificates: await rows.count(certificates.kind),
    ServerCertificatesQuota: quotas.serverCertificatesPerAccount,
  }),
} satisfies IamKindOf<'serverCertificate'>

const viewMetadata = (account: Account, row: Row): sdk.ServerCertificateMetadata => ({
  Path: row.path,
  ServerCertificateName: row.name,
  ServerCertificateId: row.id,
  Arn: entityArn(account, SERVER_CERTIFICATE, row.path, row.name),
  UploadDate: new Date(row.created),
  Expiration: new Date(row.body.expiration),
})

async function get(
  reading: Reading,
  input: sdk.GetServerCertificateRequest,
): Promise<sdk.GetServerCertificateResponse> {
  const row = await findEntity(reading, certificates, input.ServerCertificateName)
  const { certificateBody, certificateChain } = row.body
  return {
    ServerCertificate: {
      ServerCertificateMetadata: viewMetadata(reading.account, row),
      CertificateBody: certificateBody,
      ...(certificateChain === null ? {} : { CertificateChain: certificateChain }),
      ...viewTags(await reading.rows.tags([row.id])),
    },
  }
}

async function list(
  reading: Reading,
  input: sdk.ListServerCertificatesRequest,
): Promise<sdk.ListServerCertificatesResponse> {
  const { limit, after } = readPage(input)
  const pathPrefix = readPathPrefix(input.PathPrefix)
  const rows = await reading.rows.entities('serverCertificate', { after, limit: limit + 1, pathPrefix })
  const { page, end } = cutPage(rows, limit, ({ name }) => name)
  return { ServerCertificateMetadataList: page.map((row) => viewMetadata(reading.account, row)), ...end }
}

async function listTags(
  reading: Reading,
  input: sdk.ListServerCertificateTagsRequest,
): Promise<sdk.ListServerCertificateTagsResponse> {
  const pageInput = readPage(input)
  const row = await findEntity(reading, certificates, input.ServerCertificateName)
  const { page, end } = pageOf(await reading.rows.tags([row.id]), pageInput)
  return { Tags: tagList(page), ...end }
}

async function upload(
  writing: Writing,
  input: ServerCertificateWrites['UploadServerCertificate']['input'],
): Promise<sdk.UploadServerCertificateResponse> {
  const name = readOwnName(certificates, input.ServerCertificateName)
  const path = readPath(input.Path)
  const certificateBody = readText('certificateBody', input.CertificateBody, {
    least: 1,
    most: CERTIFICATE_LENGTH.body,
  })
  const key = readSecret('privateKey', input.PrivateKey, { least: 1, most: CERTIFICATE_LENGTH.key })
  const certificateChain =
    input.CertificateChain === undefined
      ? null
      : readText('certificateChain', input.CertificateChain, { least: 1, most: CERTIFICATE_LENGTH.chain })
  const id = writing.newId(SERVER_CERTIFICATE.idPrefix)
  const given = readNewTags(writing, tags, input.Tags, id)
  await claimName(writing, certificates, name)
  const expiration = checkCertificate(certificateBody, certificateChain, key, writing.now)
  const row: Row = {
    kind: 'serverCertificate',
    id,
    name,
    path,
    created: writing.now,
    parentId: null,
    body: { certificateBody, certificateChain, expiration },
  }
  await writing.rows.insert(row)
  if (given.length > 0) await writing.rows.putTags(given)
  return { ServerCertificateMetadata: viewMetadata(writing.account, row), ...viewTags(given) }
}

/**
 * @returns until when it is good
 * @throws IamError MalformedCertificate, KeyPairMismatch. No message quotes what was given
 * @see IAM User Guide, "Troubleshoot server certificates in IAM"
 */
function checkCertificate(body: string, chain: string | null, key: string, now: number): number {
  const [certificate, second] = certificatesIn(body) ?? []
  if (certificate === undefined || second !== undefined)
    throw malformed('Unable to parse certificate. Please ensure the certificate is in PEM format.')
  const privateKey = parsedKey(key)
  if (privateKey === null) throw malformed('Unable to parse key. The body is encoded incorrectly.')
  if (!certificate.checkPrivateKey(privateKey))
    throw refused('KeyPairMismatch', 'The private key does not match the public key of the certificate.')
  const { until } = certificateFacts(certificate)
  if (until <= now)
    throw malformed(
      "Certificate is no longer valid. The 'Not After' date restriction on the certificate has passed.",
    )
  if (chain !== null) checkChain(certificate, certificatesIn(chain))
  return until
}

/** Each is signed by the next one. */
function checkChain(certificate: X509Certificate, chain: readonly X509Certificate[] | null): void {
  if (chain === null)
    throw malformed('Unable to parse certificate chain. Please ensure the chain is in PEM format.')
  let signed = certificate
  for (const [index, issuer] of chain.entries()) {
    if (!signed.checkIssued(issuer) || !signed.verify(issuer.publicKey))
      throw malformed(
        `Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate is: ${index}`,
      )
    signed = issuer
  }
}

/** A key of PEM that no password protects. */
function parsedKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}

const malformed = (message: string) => refused('MalformedCertificate', message)

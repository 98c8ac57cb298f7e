import type * as sdk from '@aws-sdk/client-iam'
import type { Reading, Writing } from '../../../src/iam/context.ts'
import type { IamKind } from '../../../src/iam/iam-kind.ts'
import { readPath, readSecret, readText } from '../../../src/iam/input.ts'
import { claimName, findModifiable, readOwnName } from '../../../src/iam/lookup.ts'
import type { NamedKind } from '../../../src/iam/named-kind.ts'
import { refused } from '../../../src/iam/refusals.ts'
import type { EntityRow } from '../../../src/iam/store-port.ts'
import type { Operation } from '../../../src/model/operation.ts'
import type { Secret } from '../../../src/model/secret.ts'
import { CERTIFICATE, type WithCertificates } from './kind.ts'

export interface CertificateReads {
  readonly ListToyCertificates: Operation<
    sdk.ListServerCertificatesRequest,
    // With the bodies, for which AWS has a call of its own.
    { readonly Certificates: readonly Partial<EntityRow<'certificate', WithCertificates>>[] }
  >
}

export interface CertificateWrites {
  readonly UploadToyCertificate: Operation<
    Omit<sdk.UploadServerCertificateRequest, 'PrivateKey'> & { readonly PrivateKey: Secret | undefined }
  >
  readonly DeleteToyCertificate: Operation<sdk.DeleteServerCertificateRequest>
}

const certificates: NamedKind<'certificate'> = {
  kind: 'certificate',
  facts: CERTIFICATE,
  quotaLabel: 'ServerCertificatesPerAccount',
  alreadyExists: (_, taken) => `Server Certificate ${taken} already exists.`,
  isProtected: () => false,
}

/** @param delivered what was given as private keys, for tests to see that they came */
export const certificateIam = (delivered: string[]) =>
  ({
    reads: {
      ListToyCertificates: async ({ rows }: Reading<WithCertificates>) => ({
        Certificates: await rows.entities('certificate', { after: null, limit: 100, pathPrefix: '/' }),
      }),
    },
    writes: {
      UploadToyCertificate: async (writing: Writing<WithCertificates>, input) => {
        const name = readOwnName(certificates, input.ServerCertificateName)
        const text = readText('certificateBody', input.CertificateBody, { least: 1, most: 16_384 })
        const key = readSecret('privateKey', input.PrivateKey, { least: 1, most: 16_384 })
        await claimName(writing, certificates, name)
        delivered.push(key)
        // As a service may that means it well.
        if (key.includes('mismatch'))
          throw refused(
            'InvalidInput',
            `The key '${key}' does not belong to ${name}: ${JSON.stringify({ key })}`,
          )
        const { now, newId, rows } = writing
        const path = readPath(input.Path)
        const row = { kind: 'certificate', name, path, created: now, parentId: null, body: { text } } as const
        await rows.insert({ ...row, id: newId(CERTIFICATE.idPrefix) })
      },
      DeleteToyCertificate: async (writing: Writing<WithCertificates>, input) => {
        const { id } = await findModifiable(writing, certificates, input.ServerCertificateName)
        await writing.rows.delete(id)
      },
    },
  }) satisfies IamKind<CertificateReads, CertificateWrites, WithCertificates>

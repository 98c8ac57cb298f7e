import { z } from 'zod'
import { readCertificate } from '../../credentials/signing-certificate.ts'
import type { ChildManifest } from '../../manifest/manifest-kind.ts'
import { bodyOrFileSchema } from '../../manifest/schema/attribute-schemas.ts'
import { statusSchema } from '../../manifest/schema/child-schema.ts'
import { type DesiredSigningCertificate, SIGNING_CERTIFICATE } from './kind.ts'

export const SIGNING_CERTIFICATE_MANIFEST: ChildManifest<DesiredSigningCertificate> = {
  facts: SIGNING_CERTIFICATE,
  told: 'Exactly these signing certificates, each under a name of your own. `{}` = none; absent = not managed here.',
  schema: z.strictObject({
    body: bodyOrFileSchema('certificateBody').meta({
      description:
        'The certificate, in PEM, or `{ file: certificates/alice.pem }`. Its private key stays with who signs.',
    }),
    status: statusSchema,
  }),
  read: (reading) => {
    const body = reading.publicText('body')
    if (body === null) return null
    const certificate = readCertificate(body.text)
    if (certificate === null) {
      reading.report({
        code: 'manifest.bad-certificate',
        message: 'this is no certificate, or more than one',
        help: 'write one in PEM: `-----BEGIN CERTIFICATE-----` and what follows, as a block (`body: |`)',
        span: body.span,
      })
      return null
    }
    return { ...reading.child(certificate.fingerprint), body: body.text }
  },
}

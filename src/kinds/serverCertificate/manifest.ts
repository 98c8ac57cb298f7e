import { certificateFacts, certificatesIn, certificateText } from '../../credentials/certificates.ts'
import { errorOf, spanOf } from '../../diagnostics/index.ts'
import { manifestOf } from '../../manifest/attribute-form.ts'
import type { EntityReading } from '../../manifest/entities/entity-reading.ts'
import { pathForm, tagsForm } from '../../manifest/entities/forms.ts'
import { described, privateKeySchema, textOrFileSchema } from '../../manifest/schema/attribute-schemas.ts'
import type { AttributesOf } from '../attributes/attribute.ts'
import { path } from '../attributes/path.ts'
import { fingerprintOf, secretSource } from '../attributes/secret-source.ts'
import { tags } from '../attributes/tags.ts'
import { toldText } from '../attributes/told-text.ts'
import {
  CERTIFICATE_LENGTH,
  type DesiredServerCertificate,
  SERVER_CERTIFICATE,
  type ServerCertificateState,
} from './kind.ts'

const toldOf = (pem: string): readonly string[] =>
  certificatesIn(pem)?.map((each) => certificateText(certificateFacts(each))) ?? [
    '(not read: no certificate in PEM)',
  ]

/** In the order in which they are read. */
export const SERVER_CERTIFICATE_ATTRIBUTES = {
  path,
  certificateBody: toldText('certificateBody', { told: toldOf, loss: null }),
  certificateChain: toldText('certificateChain', { told: toldOf, loss: 'its chain' }),
  privateKey: secretSource('privateKey', {
    observed: ({ certificateBody }: ServerCertificateState) => fingerprintOf(certificateBody),
    declared: ({ certificateBody }: Pick<DesiredServerCertificate, 'certificateBody'>) =>
      fingerprintOf(certificateBody),
    loss: 'its private key',
  }),
  tags,
} as const satisfies AttributesOf<ServerCertificateState, DesiredServerCertificate>

export const SERVER_CERTIFICATE_MANIFEST = manifestOf<ServerCertificateState, DesiredServerCertificate>({
  kind: 'serverCertificate',
  facts: SERVER_CERTIFICATE,
  told: 'A certificate for TLS, with its private key from elsewhere.',
  attributes: SERVER_CERTIFICATE_ATTRIBUTES,
  forms: {
    path: pathForm,
    certificateBody: {
      schema: textOrFileSchema('certificate').meta(
        described('The certificate, in PEM. Can not be changed in place: another one replaces it.'),
      ),
      read: (reading) => ({
        certificateBody: readPem(reading, 'certificateBody', CERTIFICATE_LENGTH.body, 'one') ?? '',
      }),
    },
    certificateChain: {
      schema: textOrFileSchema('certificate')
        .nullable()
        .optional()
        .meta(
          described(
            'Those that it is signed by, one after the other. `null` = none; absent = not managed here.',
          ),
        ),
      read: (reading) => {
        if (reading.isAbsent('certificateChain')) return {}
        return { certificateChain: readPem(reading, 'certificateChain', CERTIFICATE_LENGTH.chain, 'some') }
      },
    },
    privateKey: {
      schema: privateKeySchema,
      read: readPrivateKey,
    },
    tags: tagsForm('tagsPerServerCertificate'),
  },
  ends: ({ certificateBody, certificateChain }) => [
    ...endsOf('certificateBody', certificateBody),
    ...endsOf('certificateChain', certificateChain ?? ''),
  ],
  elsewhere: [
    { keys: ['body', 'certificate'], help: 'it is called `certificateBody` here' },
    { keys: ['chain'], help: 'it is called `certificateChain` here' },
    { keys: ['key'], help: 'it is called `privateKey` here: where it comes from, never itself' },
  ],
})

const endsOf = (of: string, pem: string) =>
  (certificatesIn(pem) ?? []).map((each) => {
    const { subject, until } = certificateFacts(each)
    return { of, what: `the certificate \`${subject}\``, until }
  })

/** A key that is made here fits no certificate. */
function readPrivateKey(reading: EntityReading): Pick<DesiredServerCertificate, 'privateKey'> {
  const declared = reading.secretSource('privateKey')
  if (declared.privateKey === undefined || !('generate' in declared.privateKey.source)) return declared
  reading.report(
    errorOf({
      code: 'manifest.bad-secret',
      message: 'a private key is not generated: it belongs to its certificate',
      help: 'write `{ env: NAME }` or `{ file: path/to/it }`',
      span: declared.privateKey.span,
    }),
  )
  return {}
}

function readPem(
  reading: EntityReading,
  key: 'certificateBody' | 'certificateChain',
  longest: number,
  count: 'one' | 'some',
): string | null {
  const placed = reading.textOrFile(key)
  if (placed === null) return null
  const { text, span, file } = placed
  if (/PRIVATE KEY/.test(text)) {
    reading.report({
      ...errorOf({
        code: 'manifest.literal-secret',
        message: 'a private key never stands in a manifest, only where it comes from',
        help: `keep certificates alone in \`${key}\`, and write \`privateKey: { file: path/to/it }\`; change the key wherever it is used`,
        span,
      }),
      hides: [spanOf(span)],
    })
    return null
  }
  const found = certificatesIn(text)
  const what = file === null ? `\`${key}\`` : `\`${file}\``
  const problem =
    found === null
      ? `${what} is no certificate in PEM that can be parsed`
      : count === 'one' && found.length > 1
        ? `${what} has ${found.length} certificates, and \`${key}\` takes one`
        : text.length > longest
          ? `${what} has ${text.length} characters, and IAM takes ${longest} at most`
          : null
  if (problem !== null)
    reading.report(
      errorOf({
        code: 'manifest.bad-certificate',
        message: problem,
        help: 'write what stands from `-----BEGIN CERTIFICATE-----` to its end; those that signed it stand in `certificateChain`',
        span,
      }),
    )
  return text
}

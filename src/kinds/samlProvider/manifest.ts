import { certificateText, dayOf } from '../../credentials/certificates.ts'
import { readSamlMetadata } from '../../credentials/saml-metadata.ts'
import { errorOf } from '../../diagnostics/index.ts'
import { manifestOf } from '../../manifest/attribute-form.ts'
import type { EntityReading } from '../../manifest/entities/entity-reading.ts'
import { tagsForm } from '../../manifest/entities/forms.ts'
import { described, textOrFileSchema } from '../../manifest/schema/attribute-schemas.ts'
import type { AttributesOf } from '../attributes/attribute.ts'
import { tags } from '../attributes/tags.ts'
import { toldText } from '../attributes/told-text.ts'
import { type DesiredSamlProvider, SAML_PROVIDER, type SamlProviderState } from './kind.ts'

/** In the order in which they are read. */
export const SAML_PROVIDER_ATTRIBUTES = {
  metadata: toldText('metadata', { told: toldOf, loss: null }),
  tags,
} as const satisfies AttributesOf<SamlProviderState, DesiredSamlProvider>

function toldOf(text: string): readonly string[] {
  const read = readSamlMetadata(text)
  if ('problem' in read) return [`(not read: ${read.problem})`]
  const { issuer, certificates, validUntil } = read
  return [
    `issuer ${issuer}`,
    ...certificates.map((each) => `certificate ${certificateText(each)}`),
    ...(validUntil === null ? [] : [`valid until ${dayOf(validUntil)}`]),
  ]
}

export const SAML_PROVIDER_MANIFEST = manifestOf<SamlProviderState, DesiredSamlProvider>({
  kind: 'samlProvider',
  facts: SAML_PROVIDER,
  told: 'An identity provider by SAML 2.0.',
  attributes: SAML_PROVIDER_ATTRIBUTES,
  forms: {
    metadata: {
      schema: textOrFileSchema('metadata').meta(
        described('The metadata that the identity provider publishes: `{ file: sso/metadata.xml }`.'),
      ),
      read: (reading) => ({ metadata: readMetadata(reading) }),
    },
    tags: tagsForm('tagsPerSamlProvider'),
  },
  ends: ({ metadata }) => {
    const read = readSamlMetadata(metadata)
    if ('problem' in read) return []
    const of = 'metadata'
    return [
      ...read.certificates.map(({ subject, until }) => ({
        of,
        what: `the certificate \`${subject}\``,
        until,
      })),
      ...(read.validUntil === null ? [] : [{ of, what: 'the metadata', until: read.validUntil }]),
    ]
  },
  elsewhere: [
    {
      keys: ['samlmetadatadocument', 'metadatadocument', 'metadataxml'],
      help: 'it is called `metadata` here',
    },
    { keys: ['path'], help: 'providers have no path' },
  ],
})

function readMetadata(reading: EntityReading): string {
  const placed = reading.textOrFile('metadata')
  if (placed === null) return ''
  const read = readSamlMetadata(placed.text)
  if ('problem' in read)
    reading.report(
      errorOf({
        code: 'manifest.bad-metadata',
        message: `IAM would refuse ${placed.file === null ? 'this metadata' : `the metadata in \`${placed.file}\``}: ${read.problem}`,
        help: 'take the document that the identity provider publishes, as it is',
        span: placed.span,
      }),
    )
  return placed.text
}

import { type CertificateFacts, certificateFacts, certificateOf } from './certificates.ts'
import { readXml, type XmlElement } from './xml.ts'

/** What metadata of an identity provider says that matters to who trusts it. */
interface SamlMetadata {
  /** Its `entityID`: who signs. */
  readonly issuer: string
  /** With which it signs. */
  readonly certificates: readonly CertificateFacts[]
  /** Milliseconds since the epoch; null: it doesn't say until when it is good. */
  readonly validUntil: number | null
}

const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata'
const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#'

/** Characters. @see IAM API Reference, CreateSAMLProvider: SAMLMetadataDocument */
export const METADATA_LENGTH = { least: 1000, most: 10_000_000 } as const

/**
 * Reads what `CreateSAMLProvider` takes.
 * @returns why it is refused, in words that go on "the metadata is refused: "
 * @see IAM User Guide, "Create a SAML identity provider in IAM"; SAML 2.0 Metadata, sections 2.3.2 and 2.4.3
 */
export function readSamlMetadata(text: string): SamlMetadata | { readonly problem: string } {
  const { least, most } = METADATA_LENGTH
  if (text.length < least || text.length > most)
    return { problem: `it has ${text.length} characters, and IAM takes ${least} to 10,000,000` }
  const root = readXml(text)
  if ('problem' in root) return root
  if (!isElement(root, METADATA, 'EntityDescriptor'))
    return { problem: 'it is no `EntityDescriptor` of SAML 2.0' }
  const issuer = root.attributes.get('entityID') ?? ''
  if (issuer === '') return { problem: 'its `EntityDescriptor` has no `entityID`' }
  const [provider] = elementsBelow(root, METADATA, 'IDPSSODescriptor')
  if (provider === undefined)
    return { problem: 'it has no `IDPSSODescriptor`, so that nobody signs in by it' }
  const certificates: CertificateFacts[] = []
  for (const written of signingCertificates(provider)) {
    const certificate = certificateOf(written)
    if (certificate === null) return { problem: 'one of its certificates can not be parsed' }
    certificates.push(certificateFacts(certificate))
  }
  if (certificates.length === 0) return { problem: 'its `IDPSSODescriptor` has no certificate to sign with' }
  const ends = [root, provider].flatMap(({ attributes }) => attributes.get('validUntil') ?? [])
  const moments = ends.map(momentOf)
  if (moments.some((moment) => moment === null)) return { problem: 'its `validUntil` is no moment' }
  const until = moments.filter((moment) => moment !== null)
  return { issuer, certificates, validUntil: until.length === 0 ? null : Math.min(...until) }
}

/** Who signs assertions. */
export interface SamlSigner {
  readonly issuer: string
  /** In base 64, without white space. */
  readonly certificates: readonly string[]
  /** Milliseconds since the epoch; null: there is no end of it. */
  readonly validUntil: number | null
}

/** What metadata that was taken says of who signs; null: it wasn't taken like this. */
export function samlSignerIn(text: string): SamlSigner | null {
  const read = readSamlMetadata(text)
  const root = readXml(text)
  if ('problem' in read || 'problem' in root) return null
  const [provider] = elementsBelow(root, METADATA, 'IDPSSODescriptor')
  const certificates = provider === undefined ? [] : signingCertificates(provider)
  return {
    issuer: read.issuer,
    certificates: certificates.map((written) => written.replace(/\s+/g, '')),
    validUntil: read.validUntil,
  }
}

/** Keys without a `use` are for all. */
const signingCertificates = (provider: XmlElement): readonly string[] =>
  elementsBelow(provider, METADATA, 'KeyDescriptor')
    .filter(({ attributes }) => (attributes.get('use') ?? 'signing') === 'signing')
    .flatMap((key) => elementsBelow(key, SIGNATURE, 'KeyInfo'))
    .flatMap((info) => elementsBelow(info, SIGNATURE, 'X509Data'))
    .flatMap((data) => elementsBelow(data, SIGNATURE, 'X509Certificate'))
    .map(({ text }) => text)

export const isElement = (element: XmlElement, namespace: string, name: string): boolean =>
  element.namespace === namespace && element.name === name

export const elementsBelow = (element: XmlElement, namespace: string, name: string): readonly XmlElement[] =>
  element.children.filter((child) => isElement(child, namespace, name))

/** An `xs:dateTime`, in milliseconds since the epoch. */
export function momentOf(text: string): number | null {
  const written = text.trim()
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/.test(written)) return null
  const moment = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(written) ? written : `${written}Z`)
  return Number.isNaN(moment) ? null : moment
}

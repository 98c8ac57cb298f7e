import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** A certificate that a test makes, with its key: none of either is kept anywhere. */
interface MadeCertificate {
  readonly pem: string
  readonly der: Uint8Array
  /** PEM. */
  readonly key: string
  readonly subject: string
  readonly signer: KeyObject
}

interface Made {
  readonly subject: string
  /** Absent: itself. */
  readonly issuer?: MadeCertificate
  readonly from?: string
  readonly until?: string
  /** What its key is; absent: one of elliptic curves. */
  readonly keyType?: 'rsa'
}

// ASN.1 in DER, as much as a certificate takes. @see ITU-T X.690; RFC 5280, section 4.1

const der = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Uint8Array.of(tag, ...size), content])
}
const text = (tag: number, value: string) => der(tag, Buffer.from(value, 'ascii'))
const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts)
const identifier = (...bytes: readonly number[]) => der(0x06, Uint8Array.from(bytes))
const bits = (content: Uint8Array) => der(0x03, Uint8Array.of(0), content)

const ECDSA_WITH_SHA256 = sequence(identifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
const RSA_WITH_SHA256 = sequence(identifier(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), der(0x05))
const nameOf = (subject: string) =>
  sequence(der(0x31, sequence(identifier(0x55, 0x04, 0x03), text(0x0c, subject))))
/** `2030-01-01` as a GeneralizedTime. */
const timeOf = (day: string) => text(0x18, `${day.replaceAll('-', '')}000000Z`)

let serial = 0

export function madeCertificate({
  subject,
  issuer,
  from = '2020-01-01',
  until = '2060-01-01',
  keyType,
}: Made): MadeCertificate {
  const { privateKey, publicKey } =
    keyType === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signed =
    (issuer?.signer ?? privateKey).asymmetricKeyType === 'rsa' ? RSA_WITH_SHA256 : ECDSA_WITH_SHA256
  const toSign = sequence(
    der(0xa0, der(0x02, Uint8Array.of(2))),
    der(0x02, Uint8Array.of(++serial & 0x7f)),
    signed,
    nameOf(issuer?.subject ?? subject),
    sequence(timeOf(from), timeOf(until)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = sign('sha256', toSign, issuer?.signer ?? privateKey)
  const bytes = sequence(toSign, signed, bits(signature))
  const base64 = Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  return {
    pem: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    der: bytes,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    subject,
    signer: privateKey,
  }
}

interface Metadata {
  readonly issuer?: string
  readonly certificates?: readonly MadeCertificate[]
  /** Attributes of its first element: `validUntil="…"`. */
  readonly attributes?: string
}

/** Metadata of an identity provider, as one publishes it. */
export function madeMetadata({
  issuer = 'https://idp.example/saml',
  certificates = [],
  attributes = '',
}: Metadata): string {
  const keys = certificates.map(
    ({ der: bytes }) =>
      `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${Buffer.from(bytes).toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  )
  const services = ['Redirect', 'POST', 'SOAP'].map(
    (binding) =>
      `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-${binding}" Location="https://idp.example/sso/${binding}?a=1&amp;b=2"/>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- published by the identity provider -->
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${issuer}" ${attributes}>
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    ${keys.join('\n    ')}
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    ${services.join('\n    ')}
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
`
}

import { X509Certificate } from 'node:crypto'

/** What is told of a certificate. */
export interface CertificateFacts {
  /** `CN=web.example`, on one line. */
  readonly subject: string
  /** `sha256:` and hex, of its bytes. */
  readonly fingerprint: string
  /** Milliseconds since the epoch; the last moment that it is good for. */
  readonly until: number
}

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g

/** The certificates of a text in PEM, in its order; null: there is something else in it, or one that can't be parsed. */
export function certificatesIn(pem: string): readonly X509Certificate[] | null {
  const blocks = pem.match(BLOCK) ?? []
  if (blocks.length === 0 || pem.replace(BLOCK, '').trim() !== '') return null
  const found = blocks.flatMap((block) => parsed(block) ?? [])
  return found.length === blocks.length ? found : null
}

/** @param der what is base64 of a certificate's bytes, with white space */
export const certificateOf = (der: string): X509Certificate | null =>
  /^[A-Za-z0-9+/=\s]+$/.test(der) ? parsed(Buffer.from(der.replace(/\s+/g, ''), 'base64')) : null

function parsed(source: string | Buffer): X509Certificate | null {
  try {
    return new X509Certificate(source)
  } catch {
    return null
  }
}

export const certificateFacts = (certificate: X509Certificate): CertificateFacts => ({
  subject: certificate.subject.split('\n').filter(Boolean).join(', '),
  fingerprint: `sha256:${certificate.fingerprint256.replaceAll(':', '').toLowerCase()}`,
  // Node.js 20 has no `validToDate`.
  until: Date.parse(certificate.validTo),
})

/** `2027-01-31` */
export const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10)

/** `CN=web.example, until 2027-01-31, sha256:…` */
export const certificateText = ({ subject, fingerprint, until }: CertificateFacts): string =>
  [subject, `until ${dayOf(until)}`, fingerprint].filter((part) => part !== '').join(', ')

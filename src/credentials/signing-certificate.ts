import { X509Certificate } from 'node:crypto'

interface ReadCertificate {
  /** Of all its bytes, as OpenSSL shows it: `SHA256:AB:CD:…`. */
  readonly fingerprint: string
  /** Milliseconds since the epoch. */
  readonly end: number
}

/** @returns null: it is no certificate in PEM, or more than one */
export function readCertificate(text: string): ReadCertificate | null {
  if (!/^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/.test(text)) return null
  try {
    const { fingerprint256, validTo } = new X509Certificate(text)
    return { fingerprint: `SHA256:${fingerprint256}`, end: Date.parse(validTo) }
  } catch {
    return null
  }
}

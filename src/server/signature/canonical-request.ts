import { createHash, createHmac } from 'node:crypto'
import { readPairs } from '../protocol/read-form.ts'
import type { IncomingRequest } from './incoming-request.ts'

export const ALGORITHM = 'AWS4-HMAC-SHA256'
const SIGNATURE = 'X-Amz-Signature'

/** What a signature is for. */
export interface CredentialScope {
  /** `20261127` */
  readonly date: string
  readonly region: string
  readonly service: string
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Uint8Array, data: string): Buffer =>
  createHmac('sha256', key).update(data).digest()

/** @see IAM User Guide, "Create a signed AWS API request": derive a signing key */
export const signingKey = (secret: string, { date, region, service }: CredentialScope): Buffer =>
  hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request')

/** @param time `20261127T081500Z` */
export const signatureOf = (
  key: Uint8Array,
  time: string,
  scope: CredentialScope,
  canonical: string,
): string => hmac(key, [ALGORITHM, time, scopeText(scope), sha256(canonical)].join('\n')).toString('hex')

export const scopeText = ({ date, region, service }: CredentialScope): string =>
  `${date}/${region}/${service}/aws4_request`

/**
 * @param signed names of headers, in lower case
 * @see IAM User Guide, "Create a signed AWS API request": create a canonical request
 */
export function canonicalRequest(request: IncomingRequest, signed: readonly string[]): string {
  const { method, path, query, headers, body } = request
  return [
    method,
    canonicalPath(path),
    canonicalQuery(query),
    ...signed.map((name) => `${name}:${(headers.get(name) ?? []).map(trimmed).join(',')}`),
    '',
    signed.join(';'),
    sha256(body),
  ].join('\n')
}

const trimmed = (value: string): string => value.trim().replace(/ +/g, ' ')

/** Every part is encoded once more than it came. */
const canonicalPath = (path: string): string => (path === '' ? '/' : path.split('/').map(encoded).join('/'))

function canonicalQuery(query: string): string {
  return readPairs(query)
    .filter(([name]) => name !== SIGNATURE)
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a, x], [b, y]) => byBytes(a, b) || byBytes(x, y))
    .map((pair) => pair.join('='))
    .join('&')
}

/** What is compared is ASCII. */
const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** As RFC 3986 has it: what isn't reserved stays. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)

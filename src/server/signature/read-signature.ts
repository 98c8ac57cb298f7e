import { ProtocolError } from '../protocol/protocol-error.ts'
import { readPairs } from '../protocol/read-form.ts'
import { ALGORITHM, type CredentialScope } from './canonical-request.ts'
import { headerOf, type IncomingRequest } from './incoming-request.ts'

/** What a request says of its signature. */
export interface ReadSignature {
  readonly accessKeyId: string
  readonly scope: CredentialScope
  /** `20261127T081500Z` */
  readonly time: string
  /** Names of headers, in lower case. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
  readonly sessionToken: string | null
  /** Seconds for which a presigned request holds; null: it isn't presigned. */
  readonly expires: number | null
}

/** @see IAM API Reference, "Common Errors": IncompleteSignature */
const incomplete = (message: string) => new ProtocolError('IncompleteSignature', message, 400)

const LONGEST = 2048
const ACCESS_KEY_ID = /^\w{16,128}$/
/** @see AWS STS: a presigned request holds for seven days at most */
const LONGEST_EXPIRY = 604_800

/** @returns null: the request isn't signed */
export function readSignature(request: IncomingRequest): ReadSignature | null {
  const authorization = headerOf(request, 'authorization')
  const query = new Map(readPairs(request.query))
  if (authorization === null) return query.has('X-Amz-Algorithm') ? presigned(request, query) : null
  return byHeader(request, authorization)
}

function byHeader(request: IncomingRequest, authorization: string): ReadSignature {
  if (authorization.length > LONGEST || !authorization.startsWith(`${ALGORITHM} `))
    throw incomplete(`Authorization header must be of ${ALGORITHM}.`)
  const parts = new Map(
    authorization
      .slice(ALGORITHM.length + 1)
      .split(',')
      .map((part) => {
        const equals = part.indexOf('=')
        return [part.slice(0, equals).trim(), part.slice(equals + 1).trim()] as const
      }),
  )
  const part = (name: string) => {
    const value = parts.get(name)
    if (value === undefined || value === '')
      throw incomplete(`Authorization header requires '${name}' parameter.`)
    return value
  }
  const [credential, signature, headers] = [part('Credential'), part('Signature'), part('SignedHeaders')]
  return {
    ...readCredential(credential),
    time: timeOf(headerOf(request, 'x-amz-date'), "'X-Amz-Date' or 'Date'"),
    signedHeaders: signedHeaders(headers),
    signature,
    sessionToken: headerOf(request, 'x-amz-security-token'),
    expires: null,
  }
}

function presigned(_: IncomingRequest, query: ReadonlyMap<string, string>): ReadSignature {
  const part = (name: string) => {
    const value = query.get(name)
    if (value === undefined || value === '')
      throw incomplete(`AWS query-string parameters must include '${name}'.`)
    return value
  }
  if (part('X-Amz-Algorithm') !== ALGORITHM) throw incomplete(`X-Amz-Algorithm must be ${ALGORITHM}.`)
  const expires = Number(part('X-Amz-Expires'))
  if (!Number.isInteger(expires) || expires < 1 || expires > LONGEST_EXPIRY)
    throw incomplete(`X-Amz-Expires must be from 1 to ${LONGEST_EXPIRY}.`)
  return {
    ...readCredential(part('X-Amz-Credential')),
    time: timeOf(part('X-Amz-Date'), "'X-Amz-Date'"),
    signedHeaders: signedHeaders(part('X-Amz-SignedHeaders')),
    signature: part('X-Amz-Signature'),
    sessionToken: query.get('X-Amz-Security-Token') ?? null,
    expires,
  }
}

function readCredential(credential: string): Pick<ReadSignature, 'accessKeyId' | 'scope'> {
  const [accessKeyId = '', date = '', region = '', service = '', end, more] = credential.split('/')
  if (
    end !== 'aws4_request' ||
    more !== undefined ||
    !/^\d{8}$/.test(date) ||
    region === '' ||
    service === ''
  )
    throw incomplete(
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
    )
  if (!ACCESS_KEY_ID.test(accessKeyId)) throw invalidToken()
  return { accessKeyId, scope: { date, region, service } }
}

function timeOf(value: string | null, wanted: string): string {
  if (value === null)
    throw incomplete(`Authorization header requires existence of either a ${wanted} header.`)
  if (!/^\d{8}T\d{6}Z$/.test(value)) throw incomplete('Date must be in ISO-8601 basic format.')
  return value
}

/** The host is signed, so that a request is for one service alone. */
function signedHeaders(value: string): readonly string[] {
  const names = value.split(';')
  if (!names.every((name) => /^[a-z0-9-]+$/.test(name)))
    throw incomplete('SignedHeaders must be names of headers in lower case, separated by semicolons.')
  // What is signed would be longer than the request by as much as it names one again.
  if (new Set(names).size < names.length) throw incomplete('SignedHeaders must name each header once.')
  if (!names.includes('host')) throw incomplete("'Host' must be a signed header.")
  return names
}

/** @see IAM API Reference, "Common Errors": InvalidClientTokenId */
export const invalidToken = (): ProtocolError =>
  new ProtocolError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403)

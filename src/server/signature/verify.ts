import { timingSafeEqual } from 'node:crypto'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { canonicalRequest, signatureOf, signingKey } from './canonical-request.ts'
import type { IncomingRequest } from './incoming-request.ts'
import { invalidToken, type ReadSignature, readSignature } from './read-signature.ts'

/** A credential that may sign. */
export interface SigningCredential<Identity> {
  readonly secret: string
  /** Of temporary ones, which sign with it alone; null: it is long-term. */
  readonly sessionToken: string | null
  readonly isActive: boolean
  /** Milliseconds since the epoch; null: it doesn't end. */
  readonly expires: number | null
  readonly identity: Identity
}

/**
 * @param sessionToken that the request has; null: none
 * @returns null: nobody has it
 */
type CredentialLookup<Identity> = (
  accessKeyId: string,
  sessionToken: string | null,
) => Promise<SigningCredential<Identity> | null>

/** What whoever signs has to have agreed with. */
interface Verifying<Identity> {
  /** Of which the scope must be. */
  readonly service: string
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly credentialOf: CredentialLookup<Identity>
}

const MINUTE = 60_000
/** @see IAM User Guide, "Signature Version 4 request elements": a request must arrive within five minutes; AWS takes fifteen */
const BACK = 15 * MINUTE
const FORWARD = 5 * MINUTE

/**
 * Who has signed a request.
 * @returns null: it isn't signed
 * @throws ProtocolError with the code that AWS has for what is wrong
 */
export async function verifySignature<Identity>(
  request: IncomingRequest,
  { service, now, credentialOf }: Verifying<Identity>,
): Promise<{ readonly accessKeyId: string; readonly region: string; readonly identity: Identity } | null> {
  const read = readSignature(request)
  if (read === null) return null
  const { accessKeyId, scope } = read
  if (scope.service !== service)
    throw mismatch(`Credential should be scoped to correct service: '${service}'.`)
  if (!read.time.startsWith(scope.date))
    throw mismatch(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.',
    )
  checkTime(read, now)
  const credential = await credentialOf(accessKeyId, read.sessionToken)
  if (
    credential === null ||
    !credential.isActive ||
    !isEqual(credential.sessionToken ?? '', read.sessionToken ?? '')
  )
    throw invalidToken()
  const expected = signatureOf(
    signingKey(credential.secret, scope),
    read.time,
    scope,
    canonicalRequest(request, read.signedHeaders),
  )
  if (!isEqual(expected, read.signature)) throw mismatch(NOT_EQUAL)
  if (credential.expires !== null && credential.expires <= now)
    throw new ProtocolError('ExpiredToken', 'The security token included in the request is expired', 403)
  return { accessKeyId, region: scope.region, identity: credential.identity }
}

const NOT_EQUAL =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

const mismatch = (message: string) => new ProtocolError('SignatureDoesNotMatch', message, 403)

function checkTime({ time, expires }: ReadSignature, now: number): void {
  const signed = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (Number.isNaN(signed))
    throw new ProtocolError('IncompleteSignature', 'Date must be in ISO-8601 basic format.', 400)
  const [oldest, back] = expires === null ? [now - BACK, '15 min.'] : [now - expires * 1000, `${expires} s.`]
  if (signed < oldest)
    throw mismatch(
      `Signature expired: ${time} is now earlier than ${basic(oldest)} (${basic(now)} - ${back})`,
    )
  if (signed > now + FORWARD)
    throw mismatch(
      `Signature not yet current: ${time} is still later than ${basic(now + FORWARD)} (${basic(now)} + 5 min.)`,
    )
}

const basic = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')

/** In a time that says nothing of where they differ. */
function isEqual(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

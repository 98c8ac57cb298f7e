import type * as sdk from '@aws-sdk/client-sts'
import type { JSONWebKeySet, JWTPayload } from 'jose'
import { oidcProviderNamed } from '../../kinds/oidcProvider/iam.ts'
import { OIDC_SCHEME } from '../../kinds/oidcProvider/kind.ts'
import { WELL_KNOWN_PROVIDERS } from '../../policy/principals.ts'
import type { Keys, RequestFacts } from '../authorization/call.ts'
import type { SessionTag } from '../caller.ts'
import { readSecret } from '../input.ts'
import { refused } from '../refusals.ts'
import { assumeWithProvider } from './assume-with-provider.ts'
import { readSessionName, readSessionTags, readSourceIdentity } from './session-input.ts'
import type { StsContext } from './sts-call.ts'

/** @see IAM User Guide, "Create an OpenID Connect (OIDC) identity provider in IAM": which algorithms AWS takes. None is symmetric. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']
const REQUIRED_CLAIMS = ['iss', 'sub', 'aud', 'exp', 'iat']
const TAGS_CLAIM = 'https://aws.amazon.com/tags'
const SOURCE_IDENTITY_CLAIM = 'https://aws.amazon.com/source_identity'
const GOOGLE = 'accounts.google.com'
/** Claims that the requests of a session have as well. @see IAM User Guide, "IAM and AWS STS condition context keys" */
const LASTING = ['sub', 'aud', 'amr', 'oaud']
const ACTION = 'sts:AssumeRoleWithWebIdentity'

type Request = Omit<sdk.AssumeRoleWithWebIdentityRequest, 'WebIdentityToken'> & {
  /** A `Secret`. */
  readonly WebIdentityToken?: unknown
}

/** @see AWS STS API Reference, AssumeRoleWithWebIdentity */
export async function assumeRoleWithWebIdentity(
  context: StsContext,
  input: Request,
  request: RequestFacts,
): Promise<sdk.AssumeRoleWithWebIdentityResponse> {
  const sessionName = readSessionName('roleSessionName', input.RoleSessionName)
  const token = readSecret('webIdentityToken', input.WebIdentityToken, { least: 4, most: 20_000 })
  if (input.ProviderId !== undefined)
    throw invalid('Access tokens of OAuth 2.0 are not taken, only tokens of OpenID Connect.')
  const verified = await verifiedToken(context, token, request.now)
  const { provider, claims, audiences } = verified
  const authorizer = await context.authorizer()
  const prefix = verified.name
  const keys = keysOf(verified, (key) => authorizer.carriesKey(ACTION, key))
  const { tags, transitive } = tagsIn(claims)
  const assumed = await assumeWithProvider(context, ACTION, input, request, {
    provider,
    sessionName,
    keys,
    lasting: keys.filter(([key]) => LASTING.some((claim) => key === `${prefix}:${claim}`)),
    tags,
    transitive,
    sourceIdentity: readSourceIdentity(claims[SOURCE_IDENTITY_CLAIM]),
    until: null,
  })
  return {
    ...assumed,
    SubjectFromWebIdentityToken: claims.sub,
    Provider: provider,
    Audience: audiences.join(','),
  }
}

interface VerifiedToken {
  /** As policies name the provider. */
  readonly provider: string
  /** What its keys begin with. */
  readonly name: string
  readonly claims: JWTPayload & { readonly sub: string }
  readonly audiences: readonly string[]
}

/** @throws IamError InvalidIdentityToken, ExpiredTokenException, IDPCommunicationError */
async function verifiedToken(context: StsContext, token: string, now: number): Promise<VerifiedToken> {
  const { decodeJwt, errors } = await import('jose')
  const issuer = issuerIn(() => decodeJwt(token))
  const found = await providerOf(context, issuer)
  let claims: JWTPayload
  try {
    claims = await signedClaims(context, token, issuer, now)
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      throw refused(
        'ExpiredTokenException',
        `Token expired: current date/time ${Math.floor(now / 1000)} must be before the expiration date/time${error.payload.exp === undefined ? '' : ` ${error.payload.exp}`}`,
      )
    if (error instanceof errors.JOSEError)
      throw invalid(`The ID Token provided is not valid: ${error.message}`)
    throw error
  }
  const { sub } = claims
  if (typeof sub !== 'string' || sub === '') throw invalid('The ID Token provided is not valid: no subject')
  return { ...found, claims: { ...claims, sub }, audiences: audiencesIn(claims, found.clientIds) }
}

/** @throws JOSEError; IamError IDPCommunicationError */
async function signedClaims(
  context: StsContext,
  token: string,
  issuer: string,
  now: number,
): Promise<JWTPayload> {
  const { createLocalJWKSet, errors, jwtVerify } = await import('jose')
  const verified = async (keys: JSONWebKeySet) => {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      algorithms: ALGORITHMS,
      requiredClaims: REQUIRED_CLAIMS,
      issuer,
      currentDate: new Date(now),
    })
    return payload
  }
  const keys = await keysOfProvider(context, issuer)
  try {
    return await verified(keys)
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
    // The provider may have begun to sign by another one since.
    const newer = await keysOfProvider(context, issuer, keys)
    if (newer === keys) throw error
    return verified(newer)
  }
}

function issuerIn(decode: () => JWTPayload): string {
  let issuer: unknown
  try {
    issuer = decode().iss
  } catch {
    throw invalid(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    )
  }
  if (typeof issuer !== 'string' || issuer === '') throw invalid('The ID Token provided has no issuer.')
  return issuer
}

async function providerOf({ read }: StsContext, issuer: string) {
  const name = issuer.startsWith(OIDC_SCHEME) ? issuer.slice(OIDC_SCHEME.length) : issuer
  // Their audiences are in no list: the conditions of trust policies tell them apart.
  if (WELL_KNOWN_PROVIDERS.includes(name)) return { provider: name, name, clientIds: null }
  const found = issuer === name ? null : await read((reading) => oidcProviderNamed(reading, name))
  if (found === null) throw invalid(`No OpenIDConnect provider found in your account for ${issuer}`)
  return { provider: found.arn, name, clientIds: found.clientIds }
}

async function keysOfProvider(
  { providerKeys }: StsContext,
  issuer: string,
  lacking?: JSONWebKeySet,
): Promise<JSONWebKeySet> {
  try {
    return await providerKeys(issuer, lacking)
  } catch {
    throw refused(
      'IDPCommunicationError',
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
    )
  }
}

/**
 * Each audience must be a client of the provider, and so must be whom the token was issued to.
 * @param clientIds null: whichever
 */
function audiencesIn(claims: JWTPayload, clientIds: readonly string[] | null): readonly string[] {
  const audiences = typeof claims.aud === 'string' ? [claims.aud] : (claims.aud ?? [])
  const issuedTo = claims.azp === undefined ? [] : [claims.azp]
  const all = [...audiences, ...issuedTo]
  if (audiences.length === 0 || !all.every((each) => typeof each === 'string'))
    throw invalid('Incorrect token audience')
  if (clientIds !== null && !all.every((each) => clientIds.includes(String(each))))
    throw invalid('Incorrect token audience')
  return audiences
}

/** @param carries whether requests may have a key. @see SEMANTICS of Google: `aud` is `azp` where the token has one */
function keysOf({ name, claims, audiences }: VerifiedToken, carries: (key: string) => boolean): Keys {
  const issuedTo = name === GOOGLE && typeof claims.azp === 'string' ? claims.azp : null
  const keys = new Map<string, readonly string[]>()
  for (const [claim, value] of Object.entries(claims)) {
    const key = `${name}:${claim}`
    const texts = textsOf(value)
    if (texts !== null && (claim === 'amr' || carries(key))) keys.set(key, texts)
  }
  keys.set(`${name}:sub`, [claims.sub])
  keys.set(`${name}:aud`, issuedTo === null ? audiences : [issuedTo])
  if (name === GOOGLE) keys.set(`${name}:oaud`, audiences)
  return [...keys]
}

function textsOf(value: unknown): readonly string[] | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return [String(value)]
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : null
}

/** @see IAM User Guide, "Pass session tags in AWS STS": passing session tags using AssumeRoleWithWebIdentity */
function tagsIn(claims: JWTPayload): {
  readonly tags: readonly SessionTag[]
  readonly transitive: readonly string[]
} {
  const claim = claims[TAGS_CLAIM]
  if (claim === undefined) return { tags: [], transitive: [] }
  // What the two are is asked below.
  const { principal_tags: given, transitive_tag_keys: transitive = [] } = (claim ?? {}) as {
    readonly principal_tags?: unknown
    readonly transitive_tag_keys?: unknown
  }
  if (typeof given !== 'object' || given === null || !Array.isArray(transitive))
    throw invalid('The tags of the token are malformed.')
  const Tags = Object.entries(given).map(([Key, value]: [string, unknown]) => {
    const texts = textsOf(value)
    if (texts?.length !== 1) throw invalid(`The tag ${Key} of the token has not one value.`)
    return { Key, Value: texts[0] }
  })
  return readSessionTags({ Tags, TransitiveTagKeys: transitive.map(String) })
}

const invalid = (message: string) => refused('InvalidIdentityToken', message)

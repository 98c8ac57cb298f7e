import { createHash } from 'node:crypto'
import type * as sdk from '@aws-sdk/client-sts'
import { samlSignerAt } from '../../kinds/samlProvider/iam.ts'
import { parseEntityArn } from '../../model/index.ts'
import type { Keys, RequestFacts } from '../authorization/call.ts'
import { readSecret, readText } from '../input.ts'
import { refused } from '../refusals.ts'
import { assumeWithProvider } from './assume-with-provider.ts'
import { type SamlAssertion, verifyAssertion } from './saml-assertion.ts'
import { readSessionName, readSessionTags, readSourceIdentity } from './session-input.ts'
import type { StsContext } from './sts-call.ts'

/** What names of attributes begin with that are for AWS. */
const OF_AWS = 'https://aws.amazon.com/SAML/Attributes/'
const ACTION = 'sts:AssumeRoleWithSAML'

type Request = Omit<sdk.AssumeRoleWithSAMLRequest, 'SAMLAssertion'> & {
  /** A `Secret`. */
  readonly SAMLAssertion?: unknown
}

/** @see AWS STS API Reference, AssumeRoleWithSAML */
export async function assumeRoleWithSaml(
  context: StsContext,
  input: Request,
  request: RequestFacts,
): Promise<sdk.AssumeRoleWithSAMLResponse> {
  const roleArn = readText('roleArn', input.RoleArn, { least: 20, most: 2048 })
  const provider = readText('principalArn', input.PrincipalArn, { least: 20, most: 2048 })
  const encoded = readSecret('sAMLAssertion', input.SAMLAssertion, { least: 4, most: 100_000 })
  const signer = await context.read((reading) => samlSignerAt(reading, provider))
  if (signer === null) throw invalid('No SAML provider found in your account for the given principal.')
  const verified = await verifyAssertion(encoded, signer, request.now)
  if ('problem' in verified)
    throw verified.isExpired
      ? refused('ExpiredTokenException', `Response has expired: ${verified.problem}`)
      : invalid(`Response signature invalid or assertion not accepted: ${verified.problem}`)
  if (!namesRole(verified, roleArn, provider))
    throw invalid('The assertion does not name the role and the provider together.')
  const qualifier = nameQualifier(signer.issuer, provider)
  const subject: Keys = [
    ['saml:namequalifier', [qualifier]],
    ['saml:sub', [verified.subject]],
    ['saml:sub_type', [verified.subjectType]],
  ]
  const { tags, transitive } = readSessionTags({
    Tags: tagsIn(verified),
    TransitiveTagKeys: [...valuesOf(verified, 'TransitiveTagKeys')],
  })
  const assumed = await assumeWithProvider(context, ACTION, withDuration(input, verified), request, {
    provider,
    sessionName: readSessionName('roleSessionName', oneOf(verified, 'RoleSessionName')),
    keys: [
      ...subject,
      // The recipient, whatever the key's name says.
      ['saml:aud', [verified.recipient]],
      ['saml:iss', [signer.issuer]],
      ['saml:doc', [docOf(provider)]],
    ],
    lasting: subject,
    tags,
    transitive,
    sourceIdentity: readSourceIdentity(oneOf(verified, 'SourceIdentity') ?? undefined),
    until: verified.sessionUntil,
  })
  return {
    ...assumed,
    Subject: verified.subject,
    SubjectType: verified.subjectType,
    Issuer: signer.issuer,
    Audience: verified.recipient,
    NameQualifier: qualifier,
  }
}

const valuesOf = ({ attributes }: SamlAssertion, name: string): readonly string[] =>
  attributes.get(`${OF_AWS}${name}`) ?? []

/** @throws IamError InvalidIdentityToken when there are several */
function oneOf(assertion: SamlAssertion, name: string): string | null {
  const values = valuesOf(assertion, name)
  if (values.length > 1) throw invalid(`The assertion has ${name} more than once.`)
  return values[0] ?? null
}

/** In either order, between a comma. */
const namesRole = (assertion: SamlAssertion, role: string, provider: string): boolean =>
  valuesOf(assertion, 'Role').some((value) => {
    const pair = value.split(',').map((part) => part.trim())
    return pair.length === 2 && pair.includes(role) && pair.includes(provider)
  })

const tagsIn = ({ attributes }: SamlAssertion): sdk.Tag[] =>
  [...attributes].flatMap(([name, values]) => {
    if (!name.startsWith(`${OF_AWS}PrincipalTag:`)) return []
    if (values.length !== 1) throw invalid('A tag of the assertion has not one value.')
    return [{ Key: name.slice(`${OF_AWS}PrincipalTag:`.length), Value: values[0] }]
  })

/** What the call asks for, within what the assertion lets it last. */
function withDuration(input: Request, assertion: SamlAssertion): Request {
  const told = oneOf(assertion, 'SessionDuration')
  if (told === null) return input
  if (!/^\d{1,6}$/.test(told)) throw invalid('The SessionDuration of the assertion is no number.')
  const most = Number(told)
  return { ...input, DurationSeconds: Math.min(input.DurationSeconds ?? most, most) }
}

/** @see AWS STS API Reference, AssumeRoleWithSAML: NameQualifier */
function nameQualifier(issuer: string, provider: string): string {
  const account = parseEntityArn(provider)?.account ?? ''
  const name = provider.slice(provider.lastIndexOf('/') + 1)
  return createHash('sha1').update(`${issuer}${account}/${name}`).digest('base64')
}

/** @see IAM User Guide, "IAM and AWS STS condition context keys": saml:doc is account and provider */
const docOf = (provider: string): string =>
  `${parseEntityArn(provider)?.account ?? ''}/${provider.slice(provider.lastIndexOf('/') + 1)}`

const invalid = (message: string) => refused('InvalidIdentityToken', message)

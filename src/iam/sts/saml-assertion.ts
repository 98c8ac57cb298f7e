import type { SamlSigner } from '../../credentials/saml-metadata.ts'
import { elementsBelow, isElement, momentOf } from '../../credentials/saml-metadata.ts'
import { readXml, type XmlElement } from '../../credentials/xml.ts'

/** What a verified assertion says. */
export interface SamlAssertion {
  readonly subject: string
  /** The last part of its format: `persistent`, `transient`, or all of it where it is no such name. */
  readonly subjectType: string
  readonly recipient: string
  /** By name. */
  readonly attributes: ReadonlyMap<string, readonly string[]>
  /** Milliseconds since the epoch; null: it doesn't say. */
  readonly sessionUntil: number | null
}

/** Why an assertion isn't taken; `expired`: only since its time is over. */
interface AssertionProblem {
  readonly problem: string
  readonly isExpired: boolean
}

const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion'
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const AUDIENCE = 'urn:amazon:webservices'
/** @see IAM User Guide, "Configure SAML assertions for the authentication response": Recipient */
const SIGN_IN =
  /^https:\/\/(?:[a-z0-9-]+\.)?signin\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com|aws\.amazonaws-us-gov\.com)\/saml(?:\/acs\/[\w-]+)?$/
/** What AWS takes for the same: the clocks of servers differ. */
const SKEW = 60_000

/**
 * Verifies an answer of an identity provider: its signature by the library, and besides that it has no DOCTYPE, one assertion, one
 * confirmation with recipient and end, and AWS as its audience. Nothing that isn't signed is read.
 * @param encoded in base 64
 * @param now milliseconds since the epoch
 */
export async function verifyAssertion(
  encoded: string,
  signer: SamlSigner,
  now: number,
): Promise<SamlAssertion | AssertionProblem> {
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  // Before anything parses it: no entity is ever declared.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return refusedFor('it has a DOCTYPE')
  const answer = readXml(text)
  if ('problem' in answer) return refusedFor(answer.problem)
  if (countOf(answer, 'Assertion') !== 1 || countOf(answer, 'EncryptedAssertion') !== 0)
    return refusedFor('it must have exactly one assertion')
  if (signer.validUntil !== null && now >= signer.validUntil)
    return refusedFor('the metadata of the provider is no longer good', true)
  const signed = await signedAssertion(encoded, signer)
  if (typeof signed !== 'string') return signed
  const assertion = readXml(signed)
  if ('problem' in assertion) return refusedFor(assertion.problem)
  if (!isElement(assertion, ASSERTION, 'Assertion')) return refusedFor('what is signed is no assertion')
  return readAssertion(assertion, signer, now)
}

/** The text of the assertion that a key of the provider has signed, itself or all of the answer. */
async function signedAssertion(encoded: string, signer: SamlSigner): Promise<string | AssertionProblem> {
  const { SAML, ValidateInResponseTo } = await import('@node-saml/node-saml')
  try {
    const saml = new SAML({
      callbackUrl: 'https://signin.aws.amazon.com/saml',
      issuer: AUDIENCE,
      audience: AUDIENCE,
      idpCert: [...signer.certificates],
      wantAssertionsSigned: false,
      wantAuthnResponseSigned: false,
      validateInResponseTo: ValidateInResponseTo.never,
      // Times are asked below, by the clock that is passed in.
      acceptedClockSkewMs: -1,
    })
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: encoded })
    const signed = profile?.getAssertionXml?.()
    return typeof signed === 'string' ? signed : refusedFor('it has no signed assertion')
  } catch (error) {
    return refusedFor(error instanceof Error ? error.message : 'its signature is not valid')
  }
}

function readAssertion(
  assertion: XmlElement,
  signer: SamlSigner,
  now: number,
): SamlAssertion | AssertionProblem {
  const child = (of: XmlElement, name: string) => elementsBelow(of, ASSERTION, name)
  const [issuer] = child(assertion, 'Issuer')
  if (issuer?.text.trim() !== signer.issuer) return refusedFor('its issuer is not that of the provider')
  const [subject] = child(assertion, 'Subject')
  const [name] = subject === undefined ? [] : child(subject, 'NameID')
  const confirmations = subject === undefined ? [] : child(subject, 'SubjectConfirmation')
  const [confirmation] = confirmations
  const [data] = confirmation === undefined ? [] : child(confirmation, 'SubjectConfirmationData')
  if (
    name === undefined ||
    data === undefined ||
    confirmations.length !== 1 ||
    confirmation?.attributes.get('Method') !== BEARER
  )
    return refusedFor('it must have a subject with exactly one bearer confirmation')
  const recipient = data.attributes.get('Recipient') ?? ''
  if (!SIGN_IN.test(recipient)) return refusedFor('its recipient is not the sign-in of AWS')
  const until = momentOf(data.attributes.get('NotOnOrAfter') ?? '')
  if (until === null) return refusedFor('its confirmation has no end')
  const [conditions] = child(assertion, 'Conditions')
  const audiences = (conditions === undefined ? [] : child(conditions, 'AudienceRestriction')).map((each) =>
    child(each, 'Audience').map(({ text }) => text.trim()),
  )
  // Every restriction must be met.
  if (audiences.length === 0 || !audiences.every((each) => each.some(isAws)))
    return refusedFor('its audience is not AWS')
  const statements = child(assertion, 'AuthnStatement')
  const ends = [until, ...endsIn(conditions)]
  const begins = conditions?.attributes.get('NotBefore')
  const begin = begins === undefined ? null : momentOf(begins)
  if (ends.includes(null) || (begins !== undefined && begin === null))
    return refusedFor('one of its times is none')
  if (begin !== null && begin > now + SKEW) return refusedFor('it is not good yet')
  if (ends.some((end) => now - SKEW >= (end ?? 0))) return refusedFor('its time is over', true)
  const sessionEnds = statements
    .flatMap(({ attributes }) => attributes.get('SessionNotOnOrAfter') ?? [])
    .map(momentOf)
  const sessionUntil = sessionEnds.length === 0 ? null : Math.min(...sessionEnds.map((end) => end ?? 0))
  if (sessionUntil !== null && now >= sessionUntil) return refusedFor('its session is over', true)
  return {
    subject: name.text.trim(),
    subjectType: formatName(name.attributes.get('Format') ?? ''),
    recipient,
    attributes: attributesIn(child(assertion, 'AttributeStatement')),
    sessionUntil,
  }
}

const isAws = (audience: string): boolean => audience === AUDIENCE || SIGN_IN.test(audience)

const endsIn = (conditions: XmlElement | undefined): readonly (number | null)[] => {
  const end = conditions?.attributes.get('NotOnOrAfter')
  return end === undefined ? [] : [momentOf(end)]
}

/** @see IAM User Guide, "IAM and AWS STS condition context keys": saml:sub_type */
const formatName = (format: string): string =>
  /^urn:oasis:names:tc:SAML:[\d.]+:nameid-format:(persistent|transient)$/.exec(format)?.[1] ?? format

function attributesIn(statements: readonly XmlElement[]): ReadonlyMap<string, readonly string[]> {
  const attributes = new Map<string, readonly string[]>()
  for (const attribute of statements.flatMap((each) => elementsBelow(each, ASSERTION, 'Attribute'))) {
    const name = attribute.attributes.get('Name') ?? ''
    const values = elementsBelow(attribute, ASSERTION, 'AttributeValue').map(({ text }) => text.trim())
    attributes.set(name, [...(attributes.get(name) ?? []), ...values])
  }
  return attributes
}

/** Wherever they stand, whatever their namespace. */
const countOf = (element: XmlElement, name: string): number =>
  (element.name === name ? 1 : 0) + element.children.reduce((sum, child) => sum + countOf(child, name), 0)

const refusedFor = (problem: string, isExpired = false): AssertionProblem => ({ problem, isExpired })

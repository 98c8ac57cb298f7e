import { createHash, createSign, type KeyObject } from 'node:crypto'

/** What an assertion says; each part may be left out or be another one. */
export interface Said {
  readonly id?: string
  readonly issuer?: string
  readonly subject?: string
  readonly recipient?: string | null
  readonly confirmations?: number
  readonly until?: string
  readonly audience?: string
  readonly attributes?: readonly (readonly [name: string, value: string])[]
}

const RECIPIENT = 'https://signin.aws.amazon.com/saml'
const OF_AWS = 'https://aws.amazon.com/SAML/Attributes/'
const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'

/**
 * An assertion in the form that exclusive canonicalization leaves as it is: what is signed is its very text.
 * @param signature stands after the issuer
 */
function assertionText(said: Said, now: number, signature: string): string {
  const at = (seconds: number) => new Date(now + seconds * 1000).toISOString()
  const { id = '_a', issuer = 'https://idp.example/saml', subject = 'alice', recipient = RECIPIENT } = said
  const to = recipient === null ? '' : ` Recipient="${recipient}"`
  const confirmation = `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${said.until ?? at(300)}"${to}></saml:SubjectConfirmationData></saml:SubjectConfirmation>`
  const attributes = (said.attributes ?? []).map(
    ([name, value]) =>
      `<saml:Attribute Name="${OF_AWS}${name}"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute>`,
  )
  return [
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" IssueInstant="${at(0)}" Version="2.0">`,
    `<saml:Issuer>${issuer}</saml:Issuer>${signature}`,
    `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${subject}</saml:NameID>${confirmation.repeat(said.confirmations ?? 1)}</saml:Subject>`,
    `<saml:Conditions NotBefore="${at(-60)}" NotOnOrAfter="${said.until ?? at(300)}"><saml:AudienceRestriction><saml:Audience>${said.audience ?? 'urn:amazon:webservices'}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${at(0)}"></saml:AuthnStatement>`,
    `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement></saml:Assertion>`,
  ].join('')
}

/** @see XML Signature Syntax and Processing, section 3.1 */
export function signedAssertion(said: Said, now: number, key: KeyObject): string {
  const digest = createHash('sha256')
    .update(assertionText(said, now, ''))
    .digest('base64')
  const info = `<ds:SignedInfo xmlns:ds="${DSIG}"><ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod><ds:Reference URI="#${said.id ?? '_a'}"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="${C14N}"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`
  const value = createSign('sha256').update(info).sign(key, 'base64')
  const plain = info.replace(` xmlns:ds="${DSIG}"`, '')
  const signature = `<ds:Signature xmlns:ds="${DSIG}">${plain}<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`
  return assertionText(said, now, signature)
}

export const unsignedAssertion = (said: Said, now: number): string => assertionText(said, now, '')

/** The answer of an identity provider, in base 64. @param inside what stands in it */
export function responseOf(inside: string, now: number, before = ''): string {
  const text = `${before}<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r" IssueInstant="${new Date(now).toISOString()}" Version="2.0"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>${inside}</samlp:Response>`
  return Buffer.from(text).toString('base64')
}

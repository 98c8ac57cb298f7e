import { isOfEndpoint, PUBLIC_ADDRESS } from '../../keys/endpoint-keys.ts'
import { comesByService, VIA_SERVICE } from '../../keys/sending-keys.ts'
import { isOpenToTemporary } from '../../module/action-facts.ts'
import type { OpenQuestion } from './relevant-statements.ts'

/*
 * Keys that say something of each other: a context that is tried is one that some request has.
 */

const MFA = 'aws:multifactorauthpresent'
const MFA_AGE = 'aws:multifactorauthage'
const ISSUED = 'aws:tokenissuetime'
const TAG_KEYS = 'aws:tagkeys'
const TRANSITIVE = 'sts:transitivetagkeys'
const REQUEST_TAG = 'aws:requesttag/'

/** Keys that tell the organization of whoever asks, of what is asked about, and for which a service asks, in lower case. */
export const ORGANIZATION_KEYS = ['principal', 'resource', 'source'].map((whose) => ({
  id: `aws:${whose}orgid`,
  paths: `aws:${whose}orgpaths`,
}))

const ASSUMES = /^sts:(?:assumerole|tagsession|setsourceidentity|setcontext)$/i

/** Whether a request can have a context. @param told keys, in lower case, of which the context says all that it says */
export function isOfOneRequest(
  context: ReadonlyMap<string, readonly string[]>,
  told: ReadonlyMap<string, unknown>,
  asking: OpenQuestion,
): boolean {
  const keys = new Map([...context].map(([key, values]) => [key.toLowerCase(), values]))
  return (
    isOfOneSignIn(keys, told, asking) &&
    isOfOneCall(keys, told, asking) &&
    isOfOneOrganization(keys, told) &&
    comesOneWay(keys, told) &&
    isSentOneWay(keys, told)
  )
}

/** What comes by way of services is sent by one. */
function isSentOneWay(
  keys: ReadonlyMap<string, readonly string[]>,
  told: ReadonlyMap<string, unknown>,
): boolean {
  const [isVia] = keys.get(VIA_SERVICE.toLowerCase()) ?? []
  if (isVia?.toLowerCase() !== 'false') return true
  return ![...keys.keys()].some((key) => comesByService(key) && told.has(key))
}

/**
 * An account is in one organization at a time: its id, and where it stands in it.
 * @see IAM User Guide, "AWS global condition context keys": aws:PrincipalOrgID, aws:PrincipalOrgPaths, aws:SourceOrgID
 */
function isOfOneOrganization(
  keys: ReadonlyMap<string, readonly string[]>,
  told: ReadonlyMap<string, unknown>,
): boolean {
  return ORGANIZATION_KEYS.every(({ id, paths }) => {
    if (!told.has(id) || !told.has(paths)) return true
    const [of] = keys.get(id) ?? []
    return (
      keys.has(paths) === (of !== undefined) &&
      (keys.get(paths) ?? []).every((path) => path.startsWith(`${of}/`))
    )
  })
}

/** From a public address, or through an endpoint: what a question gives itself is left as it is. */
function comesOneWay(keys: ReadonlyMap<string, unknown>, told: ReadonlyMap<string, unknown>): boolean {
  const isTold = (key: string) => told.has(key) && keys.has(key)
  return !isTold(PUBLIC_ADDRESS) || ![...keys.keys()].some((key) => isOfEndpoint(key) && isTold(key))
}

/**
 * How long ago somebody signed in with MFA is said of nobody who hasn't; and of MFA only sessions tell, or whoever passes a
 * code with a call that assumes a role.
 * @see IAM User Guide, "AWS global condition context keys": aws:MultiFactorAuthAge, aws:MultiFactorAuthPresent
 */
function isOfOneSignIn(
  keys: ReadonlyMap<string, readonly string[]>,
  told: ReadonlyMap<string, unknown>,
  { open: { principal, action } }: OpenQuestion,
): boolean {
  const isWith = keys.get(MFA)?.[0]?.toLowerCase() === 'true'
  if (keys.has(MFA_AGE) && !isWith && (keys.has(MFA) || told.has(MFA))) return false
  const { kind } = principal.facts
  // Where credentials of GetSessionToken are limited, this key tells them from those of the console.
  const mayBeOfConsole = kind === 'user' && /^(?:iam|sts):/i.test(action) && !isOpenToTemporary(action)
  const isLongTerm = /^(?:user|root)$/.test(kind) && !mayBeOfConsole && told.has(ISSUED) && !keys.has(ISSUED)
  return !isLongTerm || !keys.has(MFA) || (isWith && ASSUMES.test(action))
}

/**
 * Tags that are passed are named, and those that are handed on are passed; in calls to STS those that are named are passed.
 * @see IAM User Guide, "AWS global condition context keys": aws:TagKeys; AWS STS API Reference, AssumeRole: TransitiveTagKeys
 */
function isOfOneCall(
  keys: ReadonlyMap<string, readonly string[]>,
  told: ReadonlyMap<string, unknown>,
  { open: { action } }: OpenQuestion,
): boolean {
  const namesIn = (key: string) => (keys.get(key) ?? []).map((name) => name.toLowerCase())
  const [listed, handedOn] = [namesIn(TAG_KEYS), namesIn(TRANSITIVE)]
  const areNamed =
    !told.has(TAG_KEYS) ||
    (handedOn.every((name) => listed.includes(name)) &&
      tagsToName(keys.keys()).every((name) => listed.includes(name)))
  const passed = [...handedOn, ...(/^sts:/i.test(action) ? listed : [])]
  return areNamed && passed.every((name) => !told.has(REQUEST_TAG + name) || keys.has(REQUEST_TAG + name))
}

/** Names of tags that a request has to list where it passes them. @param told keys that are tried, in lower case */
export const tagsToName = (told: Iterable<string>): readonly string[] =>
  [...told].flatMap((key) => (key.startsWith(REQUEST_TAG) ? [key.slice(REQUEST_TAG.length)] : []))

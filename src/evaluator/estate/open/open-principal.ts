import { foreignRegionsBegin, parseArn, regionsBegin } from '../../../model/index.ts'
import { isBoolean, parseDate } from '../../../policy/condition-values.ts'
import type { ParsedPolicy } from '../../../policy/parsed.ts'
import { callerContext, principalContext, providerContext } from '../../keys/context.ts'
import { hasForm, KEY_FORMS, type KeyForm } from '../../keys/key-forms.ts'
import { isAlwaysThere, KEY_KINDS } from '../../keys/key-kinds.ts'
import { isOfSending, isTime } from '../../keys/sending-keys.ts'
import { isOfServiceCalls } from '../../keys/service-call-keys.ts'
import { isOfSignIn, letsSignIn, mayBeOf } from '../../keys/sign-in-keys.ts'
import type { PrincipalFacts } from '../../principal.ts'
import type { MayCarry } from '../account-policies.ts'
import type { AskedResource } from '../asked-resources.ts'
import type { EstatePrincipal } from '../estate-principals.ts'

/** What a key may be where nothing settles it. */
export interface OpenKey {
  /** Whether requests may lack it. */
  readonly mayBeAbsent: boolean
  /** What all of its values begin with. */
  readonly begins: string
  /** What those of each kind begin with, where there are several. */
  readonly kinds?: readonly string[]
  /** Whether what is tried for a pattern tells all that it may decide; absent: it does, of one pattern. */
  readonly patternsAreTold?: boolean
  /** What the wildcards of a pattern may stand for, beside words that stand for anything. */
  readonly fillings?: readonly string[]
  canBe(value: string): boolean
  /** Values that it may have whatever policies say. */
  readonly examples: readonly string[]
}

/** What a question leaves open about who asks, and about what. */
export interface OpenFacts {
  readonly principal: EstatePrincipal
  readonly resource: AskedResource
  readonly action: string
  readonly resourceArn: string
  /** The principal stands for everybody of its account. */
  readonly isAnyOfAccount: boolean
  /** null: none is declared. */
  readonly organization: { readonly id: string; isMember(account: string | null): boolean } | null
  readonly mayCarry: MayCarry
  /** By way of which services a request comes is open, and when it is made, from a time on; null: that is settled. Absent: all is. */
  readonly sending?: { readonly notBefore: Date | null }
  /** Of a role of whose sessions it is asked: who may tag them, and the keys that the question gives, in lower case. */
  readonly sessions?: { readonly trust: ParsedPolicy; readonly given: ReadonlySet<string> }
}

const anything: OpenKey = { mayBeAbsent: true, begins: '', canBe: () => true, examples: ['some-other-value'] }

/** In requests that nobody signs, or whose kind of principal has no such key, it is known to be absent. */
const OF_PRINCIPAL = /^aws:(?:principal.*|username|userid)$/

/** Of whatever service: an action that doesn't show tags under its name has no such key. */
const RESOURCE_TAG = /^[a-z0-9-]+:(?:resourcetag|(?!req-)[a-z-]+-tag|tag)\//

/**
 * What a key that a question doesn't give may be.
 * @param key in lower case
 * @returns null: it follows from who asks or what is asked about, or is known to be absent
 */
export function openKeyOf(key: string, facts: OpenFacts): OpenKey | null {
  if (!mayHave(key, facts)) return null
  if (isOfSending(key)) return facts.sending === undefined ? null : sendingKey(key, facts.sending.notBefore)
  if (OF_PRINCIPAL.test(key)) return principalKey(key, facts)
  if (key === 'kms:calleraccount') {
    const { account, kind } = facts.principal.facts
    const isKnown = callerContext(facts.principal.facts, facts.action).length > 0 || kind === 'anonymous'
    return isKnown || !/^kms:/i.test(facts.action) || (account === null && kind === 'service')
      ? null
      : anything
  }
  const { resource, organization } = facts
  if (key === 'aws:resourceaccount') return resource.ownerIsOpen ? anything : null
  if (key === 'aws:requestedregion') return regionKey(facts)
  if (/^aws:resourceorg/.test(key))
    return organizationKey(key, resource.owner ?? facts.principal.facts.account, organization)
  if (RESOURCE_TAG.test(key) && resource.tagsAreKnown) return null
  return { ...(ofKind(key) ?? ofForm(KEY_FORMS.get(key))), mayBeAbsent: !isAlwaysThere(key) }
}

/** No partition has regions of another. */
function regionKey({ principal, resourceArn }: OpenFacts): OpenKey {
  const partition = principal.facts.partition ?? parseArn(resourceArn)?.partition ?? 'aws'
  const begins = regionsBegin(partition)
  const foreign = foreignRegionsBegin(partition)
  return {
    mayBeAbsent: false,
    begins,
    canBe: (value) => value.startsWith(begins) && !foreign.some((begin) => value.startsWith(begin)),
    examples: anything.examples.map((example) => `${begins}${example}`),
  }
}

/** @returns null: its values are text */
function ofKind(key: string): OpenKey | null {
  const kind = KEY_KINDS.get(key)
  if (kind === undefined) return null
  const { examples, fillings, areAll } = kind
  return { ...anything, canBe: kind.is, examples, fillings, patternsAreTold: areAll }
}

/** Whether requests for the action, and those of whoever asks, can have a key at all. */
function mayHave(key: string, { action, principal, mayCarry, sessions }: OpenFacts): boolean {
  const { kind } = principal.facts
  if (!mayCarry(action.toLowerCase(), key) || !mayBeOf(kind, key)) return false
  if (key === 'aws:sourceidentity') return kind === 'role'
  // Temporary credentials of IAM alone tell it.
  if (key === 'aws:tokenissuetime') return kind !== 'service' && kind !== 'anonymous'
  // For whom a service asks, only services say.
  if (isOfServiceCalls(key)) return kind === 'service'
  return sessions === undefined || !isOfSignIn(key) || letsSignIn(sessions.trust)
}

/** @see IAM User Guide, "AWS global condition context keys": aws:CalledVia, aws:CurrentTime, aws:EpochTime, aws:ViaAWSService */
function sendingKey(key: string, notBefore: Date | null): OpenKey | null {
  if (isTime(key))
    return notBefore === null
      ? null
      : {
          mayBeAbsent: false,
          begins: '',
          canBe: (value) => (parseDate(value) ?? Number.NEGATIVE_INFINITY) >= notBefore.getTime(),
          examples: [notBefore.toISOString()],
        }
  return key === 'aws:viaawsservice'
    ? { mayBeAbsent: false, begins: '', canBe: isBoolean, examples: ['false', 'true'] }
    : anything
}

function principalKey(key: string, facts: OpenFacts): OpenKey | null {
  const { principal, isAnyOfAccount, organization } = facts
  const { kind, account } = principal.facts
  if (isAnyOfAccount && OF_ONE.has(key)) return anyOfAccount(key, principal.facts)
  if (key === 'aws:principalarn' && isOfUnknownRole(principal)) return roleOf(principal.facts)
  const derived = [
    ...principalContext(principal.facts, principal.base),
    ...providerContext(principal.facts, facts.action),
  ]
  if (derived.some(([name]) => name === key)) return null
  switch (kind) {
    case 'anonymous':
      return null
    case 'service':
      if (key === 'aws:principalaccount') return ofForm(KEY_FORMS.get('aws:sourceaccount'))
      return OF_SIGNED.has(key) ? anything : null
    case 'provider':
      return /^sts:/i.test(facts.action) ? null : somebodysKey(key)
    case 'canonicalUser':
    case 'uniqueId':
      return somebodysKey(key)
    default:
      if (key === 'aws:userid')
        return principal.uniqueId === null ? (USER_IDS[kind] ?? null) : sessionOf(principal.uniqueId)
      if (/^aws:principalorg/.test(key)) return organizationKey(key, account, organization)
      return !principal.isKnown && key.startsWith('aws:principaltag/') ? anything : null
  }
}

/** @param form undefined: any text */
const ofForm = (form: KeyForm | undefined): OpenKey =>
  form === undefined
    ? anything
    : {
        ...anything,
        begins: form.begins,
        canBe: (value) => hasForm(form, value),
        examples: form.another === undefined ? [form.example] : [form.example, form.another],
        ...(form.fillings === undefined ? {} : { fillings: form.fillings }),
        // Twelve digits that are like a pattern aren't made by filling its wildcards.
        ...(form.rest === 'account' ? { patternsAreTold: false } : {}),
      }

/**
 * Our id has been derived by now, should it be ours, and where the account stands as far as the ids of units are known; and no
 * two ids differ by case alone.
 */
function organizationKey(
  key: string,
  account: string | null,
  ours: OpenFacts['organization'],
): OpenKey | null {
  const any = ofForm(KEY_FORMS.get(key.replace('principal', 'resource')))
  const isOurs = (value: string) => value.split('/', 1)[0]?.toLowerCase() === ours?.id
  if (ours?.isMember(account) !== true)
    return { ...any, canBe: (value) => any.canBe(value) && !isOurs(value) }
  if (!key.endsWith('paths')) return null
  const begins = `${ours.id}/`
  return {
    ...any,
    mayBeAbsent: false,
    begins,
    canBe: (value) => any.canBe(value) && value.startsWith(begins),
    // A condition may name one of them.
    examples: [`${begins}r-ab12/`, `${begins}r-example/`],
  }
}

/** Of somebody of whom only this isn't known: who they are. */
const somebodysKey = (key: string): OpenKey => ({ ...anything, mayBeAbsent: !OF_SIGNED.has(key) })

/** What every signed request says; whether those of services do is not documented. */
const OF_SIGNED: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principaltype',
  'aws:userid',
  'aws:principalarn',
])
/** What the requests of services say of an account, a principal and its id is not documented. @param key in lower case */
export const isUndocumentedOfServices = (key: string): boolean =>
  OF_SIGNED.has(key) || key === 'kms:calleraccount'

const OF_ONE: ReadonlySet<string> = new Set([
  'aws:principalarn',
  'aws:principaltype',
  'aws:username',
  'aws:userid',
])

function anyOfAccount(key: string, { partition, account }: PrincipalFacts): OpenKey {
  if (key !== 'aws:principalarn') return anything
  const of = (service: string) => `arn:${partition}:${service}::${account}:`
  return {
    mayBeAbsent: false,
    begins: `arn:${partition}:`,
    kinds: [`${of('iam')}role/`, `${of('iam')}user/`, `${of('sts')}federated-user/`],
    canBe: (value) =>
      (value.startsWith(of('iam')) && /:(?:root|(?:user|role)\/(?:.*\/)?[^/*?]+)$/.test(value)) ||
      (value.startsWith(of('sts')) && /:federated-user\/[^/*?]+$/.test(value)),
    examples: [`${of('iam')}role/example`, `${of('iam')}user/example`, `${of('sts')}federated-user/example`],
  }
}

/** A session's ARN doesn't tell the path of its role. */
const isOfUnknownRole = ({ base, facts: { kind, text, roleArn } }: EstatePrincipal): boolean =>
  kind === 'role' && base === null && text !== roleArn

function roleOf({ partition, account, name }: PrincipalFacts): OpenKey {
  const begins = `arn:${partition}:iam::${account}:role/`
  return {
    mayBeAbsent: false,
    begins,
    canBe: (value) =>
      value === `${begins}${name}` ||
      (value.startsWith(begins) && value.endsWith(`/${name}`) && value[begins.length] !== '/'),
    kinds: [begins],
    fillings: [name ?? '', `example/${name}`],
    examples: [`${begins}${name}`, `${begins}example/${name}`],
  }
}

const uniqueIds = (begins: string, form: RegExp, example: string): OpenKey => ({
  mayBeAbsent: false,
  begins,
  canBe: (value) => form.test(value),
  examples: [example],
})

/** Some session of a role whose unique id is known. */
const sessionOf = (id: string): OpenKey => ({
  mayBeAbsent: false,
  begins: `${id}:`,
  canBe: (value) => value.startsWith(`${id}:`) && /^[\w+=,.@-]{2,64}$/.test(value.slice(id.length + 1)),
  examples: [`${id}:session`],
})

/** @see IAM User Guide, "IAM JSON policy elements: Variables and tags": principal key values */
const USER_IDS: Readonly<Partial<Record<PrincipalFacts['kind'], OpenKey>>> = {
  user: uniqueIds('AIDA', /^AIDA[A-Z0-9]+$/, 'AIDAEXAMPLEEXAMPLE00'),
  role: uniqueIds('AROA', /^AROA[A-Z0-9]+:[\w+=,.@-]{2,64}$/, 'AROAEXAMPLEEXAMPLE00:session'),
}

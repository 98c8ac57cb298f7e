import {
  ACTION_ASSUMES,
  ACTION_LISTS_BUCKETS,
  ACTION_USES_KEYS,
  KIND_ANONYMOUS,
  KIND_FEDERATED_USER,
  KIND_PROVIDER,
  KIND_ROLE,
  KIND_ROOT,
  KIND_SERVICE,
  KIND_USER,
} from '../../assembly/wire.ts'

/** What is special about an action, whatever the policies. */
export interface ActionFacts {
  /** In lower case. */
  readonly text: string
  readonly service: string
  /** ACTION_… */
  readonly flags: number
  /** Bits of the KIND_… that need no policy for it, and can't be denied it. */
  readonly always: number
  /** Bits of the KIND_… that can never call it. */
  readonly never: number
  /** The same two, for requests that were made with temporary credentials of a user without MFA. */
  readonly temporary: { readonly always: number; readonly never: number }
}

const USER = 1 << KIND_USER
const ROLE = 1 << KIND_ROLE
const FEDERATED_USER = 1 << KIND_FEDERATED_USER
const ROOT = 1 << KIND_ROOT
const SERVICE = 1 << KIND_SERVICE
const ANONYMOUS = 1 << KIND_ANONYMOUS
const PROVIDER = 1 << KIND_PROVIDER

/** @returns null when it isn't of the form `service:Name` */
export function actionFacts(action: string): ActionFacts | null {
  if (!/^[A-Za-z0-9-]+:[A-Za-z0-9_-]+$/.test(action)) return null
  const text = action.toLowerCase()
  const service = text.slice(0, text.indexOf(':'))
  let flags = 0
  if (/^sts:(?:assumerole|tagsession|setsourceidentity)/.test(text)) flags |= ACTION_ASSUMES
  if (service === 'kms') flags |= ACTION_USES_KEYS
  if (text === 's3:listallmybuckets') flags |= ACTION_LISTS_BUCKETS
  const always = alwaysFor(text)
  const never = neverFor(text, service)
  const isOpen = !/^(?:iam|sts):/.test(text) || /^sts:(?:assumerole|getcalleridentity)$/.test(text)
  const temporary = isOpen ? { always, never } : { always: always & ~USER, never: never | USER }
  return { text, service, flags, always, never, temporary }
}

/** @see IAM User Guide, "Compare AWS STS credentials" */
function alwaysFor(text: string): number {
  if (text === 'sts:getcalleridentity') return USER | ROLE | FEDERATED_USER | ROOT | SERVICE
  return text === 'sts:getsessiontoken' ? USER | ROOT : 0
}

function neverFor(text: string, service: string): number {
  let never = 0
  if (service === 'sts') never |= ANONYMOUS
  // Whoever comes from a provider has no credentials of AWS yet.
  if (/^sts:assumerolewith(?:saml|webidentity)$/.test(text))
    return never | USER | ROLE | FEDERATED_USER | ROOT | SERVICE
  if (text !== 'sts:tagsession' && text !== 'sts:setsourceidentity') never |= PROVIDER
  if (text === 'sts:assumerole') never |= ROOT
  if (text === 'sts:getsessiontoken' || text === 'sts:getfederationtoken') never |= ROLE
  if ((service === 'iam' || service === 'sts') && text !== 'sts:getcalleridentity') never |= FEDERATED_USER
  return never
}

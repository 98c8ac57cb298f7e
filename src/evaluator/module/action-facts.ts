import {
  ACTION_ASSUMES,
  ACTION_ASSUMES_ROOT,
  ACTION_CHANGES,
  ACTION_LISTS_BUCKETS,
  ACTION_STAYS,
  ACTION_USES_KEYS,
  KIND_ANONYMOUS,
  KIND_CANONICAL_USER,
  KIND_FEDERATED_USER,
  KIND_PROVIDER,
  KIND_ROLE,
  KIND_ROOT,
  KIND_SERVICE,
  KIND_UNIQUE_ID,
  KIND_USER,
} from '../../../assembly/wire.ts'
import type { Credentials } from '../credentials.ts'

/** Bits of the KIND_… for which policies don't matter. */
interface FixedAnswers {
  /** Who needs no policy for it, and can't be denied it. */
  readonly always: number
  /** Who can never call it. */
  readonly never: number
}

/** What is special about an action, whatever the policies. */
export interface EvaluatedAction {
  /** In lower case. */
  readonly text: string
  readonly service: string
  /** ACTION_… */
  readonly flags: number
  /** By how a user's credentials were made. */
  readonly fixed: Readonly<Record<Credentials, FixedAnswers>>
}

const USER = 1 << KIND_USER
const ROLE = 1 << KIND_ROLE
const FEDERATED_USER = 1 << KIND_FEDERATED_USER
const ROOT = 1 << KIND_ROOT
const SERVICE = 1 << KIND_SERVICE
const ANONYMOUS = 1 << KIND_ANONYMOUS
const PROVIDER = 1 << KIND_PROVIDER
const CANONICAL_USER = 1 << KIND_CANONICAL_USER
const UNIQUE_ID = 1 << KIND_UNIQUE_ID

/** @returns null when it isn't of the form `service:Name` */
export function actionFacts(action: string): EvaluatedAction | null {
  if (!/^[A-Za-z0-9-]+:[A-Za-z0-9_-]+$/.test(action)) return null
  const text = action.toLowerCase()
  const service = text.slice(0, text.indexOf(':'))
  let flags = 0
  if (isDecidedByTrust(text)) flags |= ACTION_ASSUMES
  if (service === 'kms') flags |= ACTION_USES_KEYS
  if (text === 's3:listallmybuckets') flags |= ACTION_LISTS_BUCKETS
  if (isAssumeRoot(text)) flags |= ACTION_ASSUMES_ROOT
  if (service === 'iam') flags |= ACTION_STAYS
  if ((service === 'iam' && !/^iam:(?:get|list|simulate|generate)/.test(text)) || CHANGES_ALIASES.test(text))
    flags |= ACTION_CHANGES
  const other = { always: alwaysFor(text), never: neverFor(text, service) }
  const refused = { always: other.always & ~USER, never: other.never | USER }
  const temporaryWithMfa = service === 'sts' && !isOpenToTemporary(text) ? refused : other
  const temporary = service === 'iam' ? refused : temporaryWithMfa
  return { text, service, flags, fixed: { other, temporary, temporaryWithMfa } }
}

/**
 * Whether credentials of GetSessionToken may be used for an action of STS, with MFA or without. Three are no operations:
 * whoever may call AssumeRole may need them for its parameters.
 */
export const isOpenToTemporary = (action: string): boolean =>
  /^sts:(?:assumerole|getcalleridentity|tagsession|setsourceidentity|setcontext)$/i.test(action)

/** Root of a member account, for its organization's management account: neither has a policy that says so. */
export const isAssumeRoot = (action: string): boolean => /^sts:assumeroot$/i.test(action)

const CHANGES_ALIASES = /^kms:(?:create|update|delete)alias$/

/**
 * Whether an action is decided by the trust policy of the role that it is about. All but AssumeRole… are parameters of
 * it that need a permission of their own.
 */
export const isDecidedByTrust = (action: string): boolean =>
  /^sts:(?:assumerole|tagsession$|setsourceidentity$|setcontext$)/i.test(action)

/** @see IAM User Guide, "Compare AWS STS credentials" */
function alwaysFor(text: string): number {
  if (text === 'sts:getcalleridentity') return USER | ROLE | FEDERATED_USER | ROOT | SERVICE
  return text === 'sts:getsessiontoken' ? USER | ROOT : 0
}

function neverFor(text: string, service: string): number {
  let never = 0
  if (service === 'sts') never |= ANONYMOUS
  // Whoever signs in by a provider has no credentials of AWS yet, and whoever has some doesn't sign in.
  if (/^sts:assumerolewith(?:saml|webidentity)$/.test(text))
    return never | USER | ROLE | FEDERATED_USER | ROOT | SERVICE | CANONICAL_USER | UNIQUE_ID
  if (service === 'iam' || (service === 'sts' && !isDecidedByTrust(text)) || text === 'sts:assumerole')
    never |= PROVIDER
  if (text === 'sts:assumerole' || text === 'sts:assumeroot') never |= ROOT
  if (text === 'sts:getsessiontoken' || text === 'sts:getfederationtoken') never |= ROLE
  if ((service === 'iam' || service === 'sts') && text !== 'sts:getcalleridentity') never |= FEDERATED_USER
  return never
}

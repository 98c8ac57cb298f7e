import { sameMeaning } from '../../kinds/attributes/same-meaning.ts'
import {
  type Account,
  type DesiredRole,
  jsonOf,
  type PlacedDocument,
  type PolicyDocument,
  parseEntityArn,
  type RoleState,
  type StateDocument,
} from '../../model/index.ts'
import type { Planning } from '../planning.ts'
import { withNewNames, withPrincipals } from './renamed-principals.ts'
import { reducedTrust, trustedElsewhere } from './trust.ts'

/**
 * What is to happen to the trust policy of a role that stays. `later`: all that differs is principals of other accounts
 * that were deleted and are declared again, but aren't there yet. Who is made anew under an old name is somebody else,
 * and is trusted only once a plan says so that finds it there. `incomplete`: all that differs is principals whose account
 * isn't applied by this command, which has yet to make them.
 */
type TrustChange = 'none' | 'write' | 'later' | 'incomplete'

/** Whom a trust policy names of other accounts that are yet to make them, and do so after this one, or not now. */
export const yetToCome = (
  { others, observed: { account } }: Planning,
  { trustPolicy: { json } }: Pick<DesiredRole, 'trustPolicy'>,
  when: 'after' | 'not',
): readonly string[] => trustedElsewhere(json, account).filter((arn) => others.comes(arn) === when)

/** The trust policy that this plan leads to: without those whom it can't name yet, since AWS refuses who isn't there. */
export function trustForNow(planning: Planning, desired: DesiredRole): PlacedDocument {
  const absent = yetToCome(planning, desired, 'not')
  return absent.length === 0
    ? desired.trustPolicy
    : {
        json: reducedTrust(desired.trustPolicy.json, new Set(absent), planning.observed.account),
        located: null,
      }
}

export function trustChange(planning: Planning, stored: StateDocument, desired: DesiredRole): TrustChange {
  const {
    others,
    observed: { account },
  } = planning
  const { json } = desired.trustPolicy
  const observed = jsonOf(stored)
  if (observed === null) return 'write'
  if (sameMeaning(observed, json, account)) return 'none'
  const { moved } = others
  const before = moved.size === 0 ? observed : withNewNames(observed, moved)
  if (before !== observed && sameMeaning(before, json, account)) return 'none'
  const dead = withStandIns(before, isUniqueId)
  const coming = dead === before ? null : withStandIns(json, (entry) => others.fateOf(entry) === 'comes')
  if (coming !== null && sameMeaning(dead, coming, account)) return 'later'
  const now = trustForNow(planning, desired)
  return now !== desired.trustPolicy && sameMeaning(before, now.json, account) ? 'incomplete' : 'write'
}

/** Whether a stored trust policy is the declared one, but for some of other accounts whom it doesn't name yet. */
export function isIncomplete({ trustPolicy }: RoleState, declared: DesiredRole): boolean {
  const account = trustPolicy === declared.trustPolicy ? null : parseEntityArn(declared.arn)
  if (account === null) return false
  const own = { id: account.account }
  const wanted = trustedElsewhere(declared.trustPolicy.json, own)
  const stored = wanted.length === 0 ? null : jsonOf(trustPolicy)
  if (stored === null) return false
  const named = trustedElsewhere(stored, own)
  return named.length < wanted.length && named.every((arn) => wanted.includes(arn))
}

/** Whether somebody whom a role's stored trust policy names is gone, and nobody wrote that id. */
export function trustsTheDeleted({ trustPolicy }: RoleState, declared: DesiredRole): boolean {
  if (trustPolicy === declared.trustPolicy) return false
  const stored = jsonOf(trustPolicy)
  if (stored === null) return false
  const written = new Set(idsIn(declared.trustPolicy.json))
  return idsIn(stored).some((id) => !written.has(id))
}

/** Whether what a stored trust policy shows hangs on accounts other than its own. */
export function namesOthers(stored: StateDocument, account: Account): boolean {
  const document = jsonOf(stored)
  return document !== null && (trustedElsewhere(document, account).length > 0 || idsIn(document).length > 0)
}

export function idsIn(document: PolicyDocument): readonly string[] {
  const ids: string[] = []
  withPrincipals(document, (entries) => {
    ids.push(...entries.filter(isUniqueId))
    return entries
  })
  return ids
}

/** In place of a principal that is gone, a stored policy shows its unique id. */
const isUniqueId = (entry: string): boolean => /^A(?:ROA|IDA)[A-Z0-9]+$/.test(entry)

/** Numbers the principals of each list that are meant, so that lists with as many of them are alike. */
const withStandIns = (document: PolicyDocument, isMeant: (entry: string) => boolean): PolicyDocument =>
  withPrincipals(document, (entries) => {
    if (!entries.some(isMeant)) return entries
    let count = 0
    return entries.map((entry) => (isMeant(entry) ? `stand-in ${++count}` : entry))
  })

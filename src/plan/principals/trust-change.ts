import { sameMeaning } from '../../kinds/attributes/same-meaning.ts'
import {
  type Account,
  type DesiredRole,
  jsonOf,
  type PolicyDocument,
  type RoleState,
  type StateDocument,
} from '../../model/index.ts'
import type { Planning } from '../planning.ts'
import { withNewNames, withPrincipals } from './renamed-principals.ts'
import { trustedElsewhere } from './trust.ts'

/**
 * What is to happen to the trust policy of a role that stays. `later`: all that differs is principals of other accounts
 * that were deleted and are declared again, but aren't there yet. Who is made anew under an old name is somebody else,
 * and is trusted only once a plan says so that finds it there.
 */
type TrustChange = 'none' | 'write' | 'later'

export function trustChange(
  { others, observed: { account } }: Planning,
  stored: StateDocument,
  { trustPolicy: { json } }: DesiredRole,
): TrustChange {
  const observed = jsonOf(stored)
  if (observed === null) return 'write'
  if (sameMeaning(observed, json, account)) return 'none'
  const { moved } = others
  const before = moved.size === 0 ? observed : withNewNames(observed, moved)
  if (before !== observed && sameMeaning(before, json, account)) return 'none'
  const dead = withStandIns(before, isUniqueId)
  if (dead === before) return 'write'
  const coming = withStandIns(json, (entry) => others.fateOf(entry) === 'comes')
  return sameMeaning(dead, coming, account) ? 'later' : 'write'
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

function idsIn(document: PolicyDocument): readonly string[] {
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

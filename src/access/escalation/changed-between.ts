import {
  type AccountState,
  type Estate,
  type GroupState,
  isUnknown,
  type PolicyState,
  ROLE_BY_NAME,
  type RoleState,
  recordFacts,
  type StateDocument,
} from '../../model/index.ts'
import type { EstateView } from '../estate-view.ts'
import { isBoundAlike, UnchangedPrincipals } from '../principals/changed-principals.ts'
import { UnlikeEntries, valuesNamed } from '../principals/unlike-entries.ts'
import { nameKey } from './powers/holder.ts'

/** Who, and what, isn't the same in two states. */
export interface Changed {
  /** ARNs as they are afterwards. */
  readonly arns: readonly string[]
  /** Of an ARN of either state. */
  readonly has: (arn: string) => boolean
}

/**
 * Whose own policies, groups, tags, boundary or trust aren't the same in two states, and which roles something else has or vouches for.
 * @returns null: something changed that may bear on everybody
 */
export function changedBetween(before: EstateView, after: EstateView): Changed | null {
  const isSame =
    sameFacts(before.estate, after.estate) &&
    sameThings(before.estate, after.estate) &&
    sameIds(before.estate.inventories, after.estate.inventories)
  if (!isSame) return null
  const lent = rolesLent(before, after)
  if (lent === null) return null
  const arns: string[] = [...lent]
  for (const [id, now] of after.accounts) {
    const old = before.accounts.get(id)
    if (old === undefined || !isBoundAlike(old, now)) return null
    if (old !== now) arns.push(...changedIn(old, now, after))
  }
  const names = new Set(arns.map(nameKey))
  return { arns, has: (arn) => names.has(nameKey(arn)) }
}

function* changedIn(old: AccountState, now: AccountState, { documents }: EstateView): Iterable<string> {
  const unchanged = new UnchangedPrincipals(old, now, documents)
  for (const { arn } of valuesNamed(now.entities.user, unchanged.unlike('user'))) yield arn
  const trusting = unlikeTrusts.between(old.entities.role, now.entities.role)
  const roles = new Set([...unchanged.unlike('role'), ...trusting])
  for (const { arn } of valuesNamed(now.entities.role, roles)) yield arn
  const policies = new Set<string>()
  for (const arn of changedAwsPolicies(old, now)) {
    policies.add(arn)
    yield arn
  }
  const rewritten = unlikePolicies.between(old.entities.policy, now.entities.policy)
  for (const { arn } of valuesNamed(now.entities.policy, rewritten)) {
    policies.add(arn)
    yield arn
  }
  const groups = unlikeGroups.between(old.entities.group, now.entities.group)
  for (const { name, arn, managedPolicies } of now.entities.group.values())
    if (groups.has(name) || managedPolicies.some((policy) => policies.has(policy))) yield arn
}

const unlikeTrusts = new UnlikeEntries<RoleState>((a, b) => isWrittenAlike(a.trustPolicy, b.trustPolicy))
const unlikePolicies = new UnlikeEntries<PolicyState>((a, b) => isWrittenAlike(a.document, b.document))
const unlikeGroups = new UnlikeEntries<GroupState>((a, b) => heldBy(a) === heldBy(b))

/** AWS's own policies of which both states don't have the same text; one that is as in the catalogue in one of them may be another. */
const changedAwsPolicies = (
  { awsPolicies: old = NONE }: AccountState,
  { awsPolicies: now = NONE }: AccountState,
): readonly string[] =>
  [...new Set([...old.keys(), ...now.keys()])].filter((arn) => {
    const [former, present] = [old.get(arn), now.get(arn)]
    return former === undefined || present === undefined || !isWrittenAlike(former, present)
  })

const NONE: ReadonlyMap<string, StateDocument> = new Map()

const sameFacts = (a: Estate, b: Estate): boolean =>
  (a.organization === b.organization && a.resources === b.resources) ||
  JSON.stringify([recordFacts(a), unknownIn(a)]) === JSON.stringify([recordFacts(b), unknownIn(b)])

/** What isn't known is the same where its text is. */
const unknownIn = ({ resources }: Estate): readonly string[] =>
  [...resources.values()].flatMap(({ arn, policy }) =>
    policy !== null && isUnknown(policy) ? [`${arn} ${policy.text}`] : [],
  )

/** What has a role decides who may come to it. */
const sameThings = (a: Estate, b: Estate): boolean => thingsIn(a) === thingsIn(b)

const thingsIn = ({ running, withoutProfile }: Estate): string =>
  JSON.stringify([
    running?.map(({ thing, service, arn, has }) => [thing, service, arn, has].join(' ')).toSorted() ?? null,
    [...(withoutProfile ?? [])].toSorted(),
  ])

/** Written alike, known or not. */
export const isWrittenAlike = (a: StateDocument, b: StateDocument): boolean =>
  a === b || textOf(a) === textOf(b)

const heldBy = ({ arn, managedPolicies, inlinePolicies }: GroupState): string =>
  JSON.stringify([
    arn,
    managedPolicies,
    [...inlinePolicies].map(([name, document]) => [name, textOf(document)]),
  ])

/** Equal for documents that are written alike, known or not. */
const textOf = (document: StateDocument): string =>
  isUnknown(document) ? document.text : JSON.stringify(document.json)

/**
 * Roles that more may have, or less: those in a new instance profile, and those that trust an identity provider that came or went.
 * @returns ARNs; null: a profile went or has another role, so that it may be any role's for whoever's policies name it
 */
function rolesLent({ things: old }: EstateView, after: EstateView): readonly string[] | null {
  const { things: now } = after
  for (const [profile, role] of old.profiles) if (now.profiles.get(profile) !== role) return null
  const filled = [...now.profiles].flatMap(([profile, role]) => (old.profiles.has(profile) ? [] : [role]))
  const providers = new Set(
    [...now.providers, ...old.providers].filter((arn) => now.providers.has(arn) !== old.providers.has(arn)),
  )
  if (providers.size === 0) return filled
  const isTrusting = ({ arn }: RoleState) =>
    after
      .trustAtMost(arn)
      ?.statements.some(({ principal }) =>
        principal?.entries.some((entry) => entry.kind === 'federated' && providers.has(entry.provider)),
      ) === true
  const roles = [...after.accounts.values()].flatMap(({ entities }) => [
    ...entities[ROLE_BY_NAME.kind].values(),
  ])
  return [...filled, ...roles.filter(isTrusting).map(({ arn }) => arn)]
}

const sameIds = (a: ReadonlySet<string> = new Set(), b: ReadonlySet<string> = new Set()): boolean =>
  a.size === b.size && [...a].every((id) => b.has(id))

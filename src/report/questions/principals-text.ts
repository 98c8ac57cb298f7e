import {
  type Account,
  type AccountState,
  isAwsManagedPolicyArn,
  isIdentityKind,
  isPrincipalEntityKind,
  parseEntityArn,
  rootArn,
} from '../../model/index.ts'
import { printable } from '../layout/paint.ts'
import type { TextOptions } from '../plans/plan-text.ts'

/** `account`: the only one there is, whose principals are called by their names; null or absent: ARNs. */
export interface NamingOptions extends TextOptions {
  readonly account?: Account | null
}

/** Names of groups, and the ARNs of their members. */
export type GroupMembers = ReadonlyMap<string, readonly string[]>

export function groupMembers({ entities: { user: users, group: groups } }: AccountState): GroupMembers {
  const members = new Map<string, string[]>([...groups.keys()].map((name) => [name, []]))
  for (const user of users.values()) for (const group of user.groups) members.get(group)?.push(user.arn)
  return members
}

/** Principals whose names stand on a line before the rest is only counted. */
const MOST_NAMES = 3
/** A group of which nearly all are meant says more than their names. */
const FEWEST_OF_MANY = 5
const NEARLY_ALL = 0.8

/** @param account whose own principals are shown by their names; null: policies that anybody may hold */
export function principalsText(
  principals: readonly string[],
  account: Account | null,
  members: GroupMembers,
): string {
  if (principals.length === 0) return 'whoever holds it'
  const { groups, rest } = wholeGroups(principals, members)
  const names = [
    ...groups.map(
      ({ name, meant, all }) =>
        `group/${printable(name)} (${meant === all ? all : `${meant} of ${all}`} members)`,
    ),
    ...rest.map((principal) => shortPrincipal(principal, account)).sort(),
  ]
  const shown = names.slice(0, MOST_NAMES)
  const more = names.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}

interface MeantGroup {
  readonly name: string
  readonly meant: number
  readonly all: number
}

/** Groups all or nearly all of whose members are among the principals, the largest first, and those in none of them. */
function wholeGroups(
  principals: readonly string[],
  members: GroupMembers,
): { readonly groups: readonly MeantGroup[]; readonly rest: readonly string[] } {
  const all = new Set(principals)
  const rest = new Set(principals)
  const groups: MeantGroup[] = []
  const found = [...members].flatMap(([name, arns]) => {
    const meant = arns.filter((arn) => all.has(arn))
    const isWhole = meant.length === arns.length && arns.length >= 2
    const isNearlyWhole = arns.length >= FEWEST_OF_MANY && meant.length >= arns.length * NEARLY_ALL
    // A group of one says less than the member's name.
    return isWhole || isNearlyWhole ? [{ name, arns, meant }] : []
  })
  for (const { name, arns, meant } of found.sort(
    (a, b) => b.meant.length - a.meant.length || (a.name < b.name ? -1 : 1),
  )) {
    if (!meant.some((arn) => rest.has(arn))) continue
    for (const arn of meant) rest.delete(arn)
    groups.push({ name, meant: meant.length, all: arns.length })
  }
  return { groups, rest: [...rest] }
}

/** `user/alice`, `role/ci`, `role/ci/SESSION`, `root`; of other accounts, services and classes as it is. */
export function shortPrincipal(principal: string, account: Account | null): string {
  if (account !== null) {
    if (principal === rootArn(account)) return 'root'
    const entity = parseEntityArn(principal)
    if (entity?.account === account.id && isIdentityKind(entity.kind))
      return `${entity.kind}/${printable(entity.name)}`
    const credentials = `arn:${account.partition}:sts::${account.id}:`
    const session = principal.startsWith(credentials) ? principal.slice(credentials.length) : ''
    if (/^(?:assumed-role\/[^/]+|federated-user)\/[^/]+$/.test(session))
      return printable(session.replace(/^assumed-role\//, 'role/'))
  }
  return printable(principal)
}

/** A resource: an IAM entity of the account without the beginning of its ARN; a user or role by its name, as a principal. */
export function shortResource(resource: string, account: Account | null): string {
  const entity = account === null || /[*?$]/.test(resource) ? null : parseEntityArn(resource)
  if (entity !== null && isPrincipalEntityKind(entity.kind)) return shortPrincipal(resource, account)
  const start = account === null ? null : `arn:${account.partition}:iam::${account.id}:`
  return printable(start !== null && resource.startsWith(start) ? resource.slice(start.length) : resource)
}

/** Where a statement stands that is in no file. */
export function policyText(policy: string, account: Account | null): string {
  if (isAwsManagedPolicyArn(policy)) return `AWS's ${printable(policy.slice(policy.lastIndexOf('/') + 1))}`
  return policy.startsWith('inline:')
    ? `the inline policy ${printable(policy.slice('inline:'.length))}`
    : shortResource(policy, account)
}

import { membershipsOf } from '../../evaluator/estate/organization-levels.ts'
import type { Organization, OrganizationNode } from '../../model/index.ts'
import type { OrganizationMembers } from '../symbolic/organization-members.ts'

/** Marks in use at once: more are given anew, so that equal organizations may have two. */
const MOST_MARKS = 64

const known = new WeakMap<Organization, OrganizationMembers>()
const marks = new Map<string, number>()
let lastMark = 0

/** Who belongs to an organization. The same object for the same organization. */
export function declaredMembers(organization: Organization): OrganizationMembers {
  let members = known.get(organization)
  if (members === undefined) {
    const { id, root } = organization
    const paths = new Map(
      [...membershipsOf(organization)].map(([account, { orgPath }]) => [account, orgPath]),
    )
    const areAll = knowsAccounts(root)
    members = { mark: markOf(JSON.stringify([id, areAll, [...paths].sort()])), id, paths, areAll }
    known.set(organization, members)
  }
  return members
}

const knowsAccounts = ({ kind, id, children }: OrganizationNode): boolean =>
  (kind !== 'account' || id !== null) && children.every(knowsAccounts)

/** Short, since it is part of what each answer is remembered by. */
function markOf(content: string): string {
  let mark = marks.get(content)
  if (mark === undefined) {
    if (marks.size >= MOST_MARKS) marks.clear()
    mark = ++lastMark
    marks.set(content, mark)
  }
  return `organization ${mark}`
}

// Which accounts belong to the organization, and not to the project.
import type { EstatePair, EstateSpec } from './estate-spec.ts'
import { ORGANIZATION, ROOT_ID } from './world.ts'

/** Those that do in each state that declares an organization; null: none does, so that nobody knows. */
export function membersOutside({ before, after }: EstatePair): readonly string[] | null {
  const [first, ...others] = [before, after].flatMap(({ organization }) =>
    organization == null ? [] : [[...(organization.accounts ?? []), ...(organization.unit ?? [])]],
  )
  if (first === undefined) return null
  const isOwn = (id: string) => [before, after].some(({ accounts }) => id in accounts)
  return first.filter((id) => !isOwn(id) && others.every((members) => members.includes(id)))
}

/** Where an account stands in the organization of a state; null: there is none, or not in it. */
export function membershipIn({ organization }: EstateSpec, account: string | null) {
  if (organization == null || account === null) return null
  const root = `${ORGANIZATION}/${ROOT_ID}/`
  if (organization.unit?.includes(account) === true)
    return { id: ORGANIZATION, path: `${root}ou-ab12-unit0001/` }
  return organization.accounts?.includes(account) === true ? { id: ORGANIZATION, path: root } : null
}

interface Asking {
  readonly requester: { readonly kind: string; readonly account: string | null }
  readonly context: ReadonlyMap<string, unknown>
}

/** Whether a question leaves out where its caller stands, who does stand somewhere: the state doesn't say where. */
export const standsSomewhere = ({ requester, context }: Asking, spec: EstateSpec): boolean =>
  spec.organization?.hasNoIds === true &&
  requester.kind !== 'provider' &&
  membershipIn(spec, requester.account) !== null &&
  !context.has('aws:principalorgpaths')

// Which accounts belong to the organization, and not to the project.
import type { EstatePair } from './estate-spec.ts'

/** Those that do in each state that declares an organization; null: none does, so that nobody knows. */
export function membersOutside({ before, after }: EstatePair): readonly string[] | null {
  const [first, ...others] = [before, after].flatMap(({ organization }) =>
    organization == null ? [] : [[...(organization.accounts ?? []), ...(organization.unit ?? [])]],
  )
  if (first === undefined) return null
  const isOwn = (id: string) => [before, after].some(({ accounts }) => id in accounts)
  return first.filter((id) => !isOwn(id) && others.every((members) => members.includes(id)))
}

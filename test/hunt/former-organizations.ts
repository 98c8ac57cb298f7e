// In which organization an account was, or will be, that belongs to ours in one of two states: in none, or in any other.
import type { Context } from './contexts.ts'
import type { EstateSpec } from './estate-spec.ts'
import { membershipIn } from './members.ts'
import { ORGANIZATION } from './world.ts'

interface Sides {
  /** Where it belongs to our organization. */
  readonly here: EstateSpec
  /** Where it doesn't, although there is one. */
  readonly there: EstateSpec
}

/** What requests may say there in place of a context of here. */
export function* formerContexts(
  context: Context,
  { account, owner }: { readonly account: string | null; readonly owner: string | null },
  { here, there }: Sides,
): Iterable<Context> {
  if (there.organization == null) return
  const hasJoined = (id: string | null) => membershipIn(here, id) !== null && membershipIn(there, id) === null
  const joined = [
    ...(hasJoined(account) ? ['aws:PrincipalOrg'] : []),
    ...(hasJoined(owner) ? ['aws:ResourceOrg'] : []),
  ]
  const others = new Set(JSON.stringify(there).match(/o-[a-z0-9]{10}/g))
  others.delete(ORGANIZATION)
  for (const prefix of joined)
    for (const id of [null, ...others]) {
      const rest = [...context].filter(([key]) => !key.toLowerCase().startsWith(prefix.toLowerCase()))
      yield new Map(
        id === null ? rest : [...rest, [`${prefix}ID`, [id]], [`${prefix}Paths`, [`${id}/r-zz99/`]]],
      )
    }
}

// How an invariant may name somebody.
import type { InvariantPrincipal } from '../../src/manifest/desired.ts'
import type { Requester } from './requesters.ts'

const named = (kind: InvariantPrincipal['kind'], id: string): InvariantPrincipal => ({ text: id, kind, id })

/** Nobody that a random estate has. */
export const NOBODY = named('user', 'arn:aws:iam::111122223333:user/nobody')

/** By itself, as whose session it is, and by its account where that is outside. */
export function namesOf({ kind, after, account }: Requester): readonly InvariantPrincipal[] {
  if (after === null) return []
  const accounts =
    account !== null && /^(?:named|stranger|member)/.test(kind)
      ? [named('account', account), named('account', '*')]
      : []
  switch (kind) {
    case 'anonymous':
      return [named('anonymous', '*')]
    case 'service':
      return [named('service', after)]
    case 'provider':
      return [named('federated', after.replace(/^federated:/, ''))]
    case 'canonical user':
      return [named('canonicalUser', after)]
    case 'unique id':
      return [named('uniqueId', after)]
    case 'principal of another partition':
      return []
    default: {
      const role = /^(arn:[^:]*):sts::(\d+):assumed-role\/([^/]+)\//.exec(after)
      if (role !== null)
        return [
          named('session', after),
          named('role', `${role[1]}:iam::${role[2]}:role/${role[3]}`),
          ...accounts,
        ]
      if (after.includes(':federated-user/')) return [named('session', after), ...accounts]
      const own = after.endsWith(':root') ? 'root' : after.includes(':user/') ? 'user' : 'role'
      return [named(own, after), ...accounts]
    }
  }
}

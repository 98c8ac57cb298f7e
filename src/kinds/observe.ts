import type { ObserveKinds } from '../reconcile/observe-kind.ts'
import { accountAlias } from './accountAlias/observe.ts'
import { group } from './group/observe.ts'
import { passwordPolicy } from './passwordPolicy/observe.ts'
import { policy } from './policy/observe.ts'
import { role } from './role/observe.ts'
import { user } from './user/observe.ts'

/** How what an account has of each kind is read. */
export const OBSERVE_KINDS: ObserveKinds = {
  entities: { user, group, role, policy },
  settings: { passwordPolicy, accountAlias },
}

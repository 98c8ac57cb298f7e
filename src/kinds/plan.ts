import type { PlanKinds } from '../plan/planning.ts'
import { group } from './group/plan.ts'
import { policy } from './policy/plan.ts'
import { role } from './role/plan.ts'
import { user } from './user/plan.ts'

/** What plans know of each kind of entity. */
export const PLAN_KINDS: PlanKinds = { policy, group, user, role }

import type { PlanKinds } from '../plan/planning.ts'
import type { SettingPlans } from '../plan/setting-plan.ts'
import { accountAlias } from './accountAlias/plan.ts'
import { group } from './group/plan.ts'
import { passwordPolicy } from './passwordPolicy/plan.ts'
import { policy } from './policy/plan.ts'
import { role } from './role/plan.ts'
import { user } from './user/plan.ts'

/** What plans know of each kind of entity. */
export const PLAN_KINDS: PlanKinds = { policy, group, user, role }

/** What plans know of each setting of an account. */
export const SETTING_PLANS: SettingPlans = { passwordPolicy, accountAlias }

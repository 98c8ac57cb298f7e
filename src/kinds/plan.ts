import type { ChildPlans } from '../plan/children/child-plan.ts'
import type { PlanKinds } from '../plan/planning.ts'
import type { SettingPlans } from '../plan/setting-plan.ts'
import { accessKey } from './accessKey/plan.ts'
import { accountAlias } from './accountAlias/plan.ts'
import { group } from './group/plan.ts'
import { instanceProfile } from './instanceProfile/plan.ts'
import { mfaDevice } from './mfaDevice/plan.ts'
import { oidcProvider } from './oidcProvider/plan.ts'
import { passwordPolicy } from './passwordPolicy/plan.ts'
import { policy } from './policy/plan.ts'
import { role } from './role/plan.ts'
import { samlProvider } from './samlProvider/plan.ts'
import { serverCertificate } from './serverCertificate/plan.ts'
import { serviceLinkedRole } from './serviceLinkedRole/plan.ts'
import { serviceSpecificCredential } from './serviceSpecificCredential/plan.ts'
import { signingCertificate } from './signingCertificate/plan.ts'
import { sshPublicKey } from './sshPublicKey/plan.ts'
import { user } from './user/plan.ts'

/** What plans know of what is named under an entity. */
const CHILD_PLANS: ChildPlans = {
  accessKey,
  sshPublicKey,
  signingCertificate,
  serviceSpecificCredential,
  mfaDevice,
}

/** What plans know of each kind of entity. Whom roles trust is made before them, and goes after them. */
export const PLAN_KINDS: PlanKinds = {
  policy,
  oidcProvider,
  samlProvider,
  serverCertificate,
  group,
  user: { ...user, children: CHILD_PLANS },
  role,
  instanceProfile,
  serviceLinkedRole,
}

/** What plans know of each setting of an account. */
export const SETTING_PLANS: SettingPlans = { passwordPolicy, accountAlias }

import type { ObserveKinds } from '../reconcile/observe-kind.ts'
import { accessKey } from './accessKey/observe.ts'
import { accountAlias } from './accountAlias/observe.ts'
import { group } from './group/observe.ts'
import { instanceProfile, lostProfileAnswers } from './instanceProfile/observe.ts'
import { mfaDevice } from './mfaDevice/observe.ts'
import { oidcProvider } from './oidcProvider/observe.ts'
import { passwordPolicy } from './passwordPolicy/observe.ts'
import { lostPolicyAnswers, policy } from './policy/observe.ts'
import { role } from './role/observe.ts'
import { samlProvider } from './samlProvider/observe.ts'
import { serverCertificate } from './serverCertificate/observe.ts'
import { lostLinkedRoleAnswers, serviceLinkedRole } from './serviceLinkedRole/observe.ts'
import { serviceSpecificCredential } from './serviceSpecificCredential/observe.ts'
import { signingCertificate } from './signingCertificate/observe.ts'
import { sshPublicKey } from './sshPublicKey/observe.ts'
import { user } from './user/observe.ts'

/** How what an account has of each kind is read. */
export const OBSERVE_KINDS: ObserveKinds = {
  children: { accessKey, sshPublicKey, signingCertificate, serviceSpecificCredential, mfaDevice },
  entities: {
    user,
    group,
    role,
    policy,
    instanceProfile,
    serviceLinkedRole,
    oidcProvider,
    samlProvider,
    serverCertificate,
  },
  settings: { passwordPolicy, accountAlias },
  lostAnswers: { ...lostPolicyAnswers, ...lostProfileAnswers, ...lostLinkedRoleAnswers },
}

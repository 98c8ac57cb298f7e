import type { ObserveKinds } from '../reconcile/observe-kind.ts'
import { accountAlias } from './accountAlias/observe.ts'
import { group } from './group/observe.ts'
import { mfaDevice } from './mfaDevice/observe.ts'
import { passwordPolicy } from './passwordPolicy/observe.ts'
import { policy } from './policy/observe.ts'
import { role } from './role/observe.ts'
import { serviceSpecificCredential } from './serviceSpecificCredential/observe.ts'
import { signingCertificate } from './signingCertificate/observe.ts'
import { sshPublicKey } from './sshPublicKey/observe.ts'
import { user } from './user/observe.ts'

/** How what an account has of each kind is read. */
export const OBSERVE_KINDS: ObserveKinds = {
  entities: { user, group, role, policy },
  children: { sshPublicKey, signingCertificate, serviceSpecificCredential, mfaDevice },
  settings: { passwordPolicy, accountAlias },
}

import type { StoreKinds } from '../store/store-kind.ts'
import { accessKey } from './accessKey/store.ts'
import { accountAlias } from './accountAlias/store.ts'
import { group } from './group/store.ts'
import { instanceProfile } from './instanceProfile/store.ts'
import { mfaDevice } from './mfaDevice/store.ts'
import { oidcProvider } from './oidcProvider/store.ts'
import { passwordPolicy } from './passwordPolicy/store.ts'
import { policy } from './policy/store.ts'
import { role } from './role/store.ts'
import { samlProvider } from './samlProvider/store.ts'
import { serverCertificate } from './serverCertificate/store.ts'
import { serviceLinkedRole } from './serviceLinkedRole/store.ts'
import { serviceSpecificCredential } from './serviceSpecificCredential/store.ts'
import { signingCertificate } from './signingCertificate/store.ts'
import { sshPublicKey } from './sshPublicKey/store.ts'
import { user } from './user/store.ts'

/** How each kind is kept in a store. */
export const STORE_KINDS: StoreKinds = {
  user,
  group,
  role,
  policy,
  accessKey,
  sshPublicKey,
  signingCertificate,
  serviceSpecificCredential,
  mfaDevice,
  instanceProfile,
  serviceLinkedRole,
  oidcProvider,
  samlProvider,
  serverCertificate,
  passwordPolicy,
  accountAlias,
}

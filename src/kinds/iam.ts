import type { IamKindOf } from '../iam/iam-kind.ts'
import { accessKey } from './accessKey/iam.ts'
import { accountAlias } from './accountAlias/iam.ts'
import { group } from './group/iam.ts'
import { instanceProfile } from './instanceProfile/iam.ts'
import type { Kind } from './kind.ts'
import { mfaDevice } from './mfaDevice/iam.ts'
import { oidcProvider } from './oidcProvider/iam.ts'
import { passwordPolicy } from './passwordPolicy/iam.ts'
import { policy } from './policy/iam.ts'
import { role } from './role/iam.ts'
import { samlProvider } from './samlProvider/iam.ts'
import { serverCertificate } from './serverCertificate/iam.ts'
import { serviceLinkedRole } from './serviceLinkedRole/iam.ts'
import { serviceSpecificCredential } from './serviceSpecificCredential/iam.ts'
import { signingCertificate } from './signingCertificate/iam.ts'
import { sshPublicKey } from './sshPublicKey/iam.ts'
import { user } from './user/iam.ts'

/** What each kind is to the embedded IAM, in the order in which AWS lists them. */
export const IAM_KINDS: { readonly [K in Kind]: IamKindOf<K> } = {
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

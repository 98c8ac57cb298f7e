import type { ChildManifests, ManifestKinds } from '../manifest/manifest-kind.ts'
import { withChildren } from '../manifest/with-children.ts'
import { ACCESS_KEY_MANIFEST } from './accessKey/manifest.ts'
import { ACCOUNT_ALIAS_MANIFEST } from './accountAlias/manifest.ts'
import { GROUP_MANIFEST } from './group/manifest.ts'
import { INSTANCE_PROFILE_MANIFEST } from './instanceProfile/manifest.ts'
import { MFA_DEVICE_MANIFEST } from './mfaDevice/manifest.ts'
import { OIDC_PROVIDER_MANIFEST } from './oidcProvider/manifest.ts'
import { PASSWORD_POLICY_MANIFEST } from './passwordPolicy/manifest.ts'
import { POLICY_MANIFEST } from './policy/manifest.ts'
import { ROLE_MANIFEST } from './role/manifest.ts'
import { SAML_PROVIDER_MANIFEST } from './samlProvider/manifest.ts'
import { SERVER_CERTIFICATE_MANIFEST } from './serverCertificate/manifest.ts'
import { SERVICE_LINKED_ROLE_MANIFEST } from './serviceLinkedRole/manifest.ts'
import { SERVICE_SPECIFIC_CREDENTIAL_MANIFEST } from './serviceSpecificCredential/manifest.ts'
import { SIGNING_CERTIFICATE_MANIFEST } from './signingCertificate/manifest.ts'
import { SSH_PUBLIC_KEY_MANIFEST } from './sshPublicKey/manifest.ts'
import { USER_MANIFEST } from './user/manifest.ts'

/** What manifests know of what is named under an entity. */
const CHILD_MANIFESTS: ChildManifests = {
  accessKey: ACCESS_KEY_MANIFEST,
  sshPublicKey: SSH_PUBLIC_KEY_MANIFEST,
  signingCertificate: SIGNING_CERTIFICATE_MANIFEST,
  serviceSpecificCredential: SERVICE_SPECIFIC_CREDENTIAL_MANIFEST,
  mfaDevice: MFA_DEVICE_MANIFEST,
}

/** What manifests know of each kind. */
export const MANIFEST_KINDS: ManifestKinds = {
  entities: {
    user: withChildren(USER_MANIFEST, CHILD_MANIFESTS),
    group: GROUP_MANIFEST,
    role: ROLE_MANIFEST,
    policy: POLICY_MANIFEST,
    instanceProfile: INSTANCE_PROFILE_MANIFEST,
    serviceLinkedRole: SERVICE_LINKED_ROLE_MANIFEST,
    oidcProvider: OIDC_PROVIDER_MANIFEST,
    samlProvider: SAML_PROVIDER_MANIFEST,
    serverCertificate: SERVER_CERTIFICATE_MANIFEST,
  },
  children: CHILD_MANIFESTS,
  settings: {
    passwordPolicy: PASSWORD_POLICY_MANIFEST,
    accountAlias: ACCOUNT_ALIAS_MANIFEST,
  },
}

import type { ManifestKinds } from '../manifest/manifest-kind.ts'
import { ACCOUNT_ALIAS_MANIFEST } from './accountAlias/manifest.ts'
import { GROUP_MANIFEST } from './group/manifest.ts'
import { PASSWORD_POLICY_MANIFEST } from './passwordPolicy/manifest.ts'
import { POLICY_MANIFEST } from './policy/manifest.ts'
import { ROLE_MANIFEST } from './role/manifest.ts'
import { USER_MANIFEST } from './user/manifest.ts'

/** What manifests know of each kind. */
export const MANIFEST_KINDS: ManifestKinds = {
  entities: {
    user: USER_MANIFEST,
    group: GROUP_MANIFEST,
    role: ROLE_MANIFEST,
    policy: POLICY_MANIFEST,
  },
  settings: {
    passwordPolicy: PASSWORD_POLICY_MANIFEST,
    accountAlias: ACCOUNT_ALIAS_MANIFEST,
  },
}

import type { ManifestKinds } from '../manifest/manifest-kind.ts'
import { GROUP_MANIFEST } from './group/manifest.ts'
import { POLICY_MANIFEST } from './policy/manifest.ts'
import { ROLE_MANIFEST } from './role/manifest.ts'
import { USER_MANIFEST } from './user/manifest.ts'

/** What manifests know of each kind of entity. */
export const MANIFEST_KINDS: ManifestKinds = {
  user: USER_MANIFEST,
  group: GROUP_MANIFEST,
  role: ROLE_MANIFEST,
  policy: POLICY_MANIFEST,
}

import type { ManifestKind } from '../manifest/manifest-kind.ts'
import { GROUP_ATTRIBUTES } from './group/manifest.ts'
import type { EntityKind } from './kind.ts'
import { POLICY_ATTRIBUTES } from './policy/manifest.ts'
import { ROLE_ATTRIBUTES } from './role/manifest.ts'
import { USER_ATTRIBUTES } from './user/manifest.ts'

/** What manifests know of each kind of entity. */
export const MANIFEST_KINDS: { readonly [K in EntityKind]: ManifestKind<K> } = {
  policy: { attributes: Object.values(POLICY_ATTRIBUTES) },
  group: { attributes: Object.values(GROUP_ATTRIBUTES) },
  user: { attributes: Object.values(USER_ATTRIBUTES) },
  role: { attributes: Object.values(ROLE_ATTRIBUTES) },
}

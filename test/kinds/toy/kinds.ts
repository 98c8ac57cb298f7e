import { MANIFEST_KINDS } from '../../../src/kinds/manifest.ts'
import type { ManifestKinds } from '../../../src/manifest/manifest-kind.ts'
import { toy as manifest } from './manifest.ts'

// The lists of `src`, and one kind more than they ask for.

const manifestKinds = { ...MANIFEST_KINDS, toy: manifest }
export const TOY_MANIFEST_KINDS: ManifestKinds = manifestKinds

import type { DocumentsChange } from '../../kinds/attributes/documents.ts'
import type { ReferencesChange } from '../../kinds/attributes/references.ts'
import type { ScalarChange } from '../../kinds/attributes/scalar.ts'
import type { TagsChange } from '../../kinds/attributes/tags.ts'
import type { DesiredIdentity, IdentityEntityKind, IdentityState } from '../../model/index.ts'

/** What an entity's grants are before, and become. `observed` is null for one that is created. */
export interface Grants {
  readonly kind: IdentityEntityKind
  readonly name: string
  /** After the plan. */
  readonly arn: string
  readonly key: string
  readonly observed: IdentityState | null
  readonly desired: DesiredIdentity
  readonly groups: ReferencesChange
  readonly managed: ReferencesChange
  readonly inline: DocumentsChange
  readonly boundary: ScalarChange<string | null>
  readonly tags: TagsChange
}

import type { DocumentsChange } from '../../kinds/attributes/documents.ts'
import type { ReferencesChange } from '../../kinds/attributes/references.ts'
import type { ScalarChange } from '../../kinds/attributes/scalar.ts'
import type { TagsChange } from '../../kinds/attributes/tags.ts'
import type {
  DesiredGroup,
  DesiredRole,
  DesiredUser,
  GroupState,
  RoleState,
  UserState,
} from '../../model/index.ts'

export type PrincipalState = UserState | GroupState | RoleState

export type DesiredPrincipal = DesiredUser | DesiredGroup | DesiredRole

type PrincipalKind = PrincipalState['kind']

/** What an entity's grants are before, and become. `observed` is null for one that is created. */
export interface Grants {
  readonly kind: PrincipalKind
  readonly name: string
  /** After the plan. */
  readonly arn: string
  readonly key: string
  readonly observed: PrincipalState | null
  readonly desired: DesiredPrincipal
  readonly groups: ReferencesChange
  readonly managed: ReferencesChange
  readonly inline: DocumentsChange
  readonly boundary: ScalarChange<string | null>
  readonly tags: TagsChange
}

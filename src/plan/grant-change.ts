import type {
  DesiredGroup,
  DesiredRole,
  DesiredUser,
  GroupState,
  PlacedDocument,
  RoleState,
  UserState,
} from '../model/index.ts'
import type { MemberChange } from './ownership.ts'

export type PrincipalState = UserState | GroupState | RoleState

export type DesiredPrincipal = DesiredUser | DesiredGroup | DesiredRole

export type PrincipalKind = PrincipalState['kind']

/** What an entity's grants are before, and become. `observed` is null for one that is created. */
export interface Grants {
  readonly kind: PrincipalKind
  readonly name: string
  /** After the plan. */
  readonly arn: string
  readonly key: string
  readonly observed: PrincipalState | null
  readonly desired: DesiredPrincipal
  readonly managed: MemberChange
  readonly groups: MemberChange
  readonly inlineRemoved: readonly string[]
  readonly inlineUnmanaged: readonly string[]
  /** New and changed inline policies. */
  readonly inlinePut: readonly {
    readonly name: string
    readonly before: PlacedDocument | null
    readonly after: PlacedDocument
  }[]
  readonly boundaryBefore: string | null
  readonly boundaryAfter: string | null
  readonly tagsBefore: ReadonlyMap<string, string>
  readonly tagsAfter: ReadonlyMap<string, string>
  readonly tagsUnmanaged: readonly string[]
}

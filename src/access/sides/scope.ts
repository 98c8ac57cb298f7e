import type { CarriedKeys } from '../../catalog/carried-keys.ts'
import type { PrincipalKind } from '../../evaluator/principal.ts'
import type { ActionSet } from '../actions/action-set.ts'
import type { ActionTable } from '../actions/action-table.ts'
import type { Bounds } from '../regions/bounds.ts'
import type { ResourceTemplates } from '../regions/resource-templates.ts'
import type { Owners } from '../symbolic/domain.ts'
import type { KeyFacts } from '../symbolic/key-theory.ts'
import type { Lang } from '../symbolic/lang.ts'
import type { OrganizationMembers } from '../symbolic/organization-members.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import type { PrincipalSide } from './side.ts'

/** What is known of whoever asks besides values of keys. */
export interface PrincipalTraits {
  /** Equal ones are alike in the rest. */
  readonly id: string
  readonly kind: PrincipalKind
  readonly keyFacts: (key: string) => KeyFacts
  /** Of the declared organization, where whoever asks may be of any account. */
  readonly members?: OrganizationMembers
}

/** Which requests a comparison is about. */
export interface ResourceScope {
  /** The first one is any ARN. */
  readonly inside: readonly Lang[]
  readonly outside: readonly Lang[]
  /** Whether requests for `*` are among them. */
  readonly withStar: boolean
  /** Only actions of all these sets; absent: any. */
  readonly wanted?: readonly ActionSet[]
  /** One action of each class is enough: where it only matters whether there is any. */
  readonly once?: boolean
  /** Whether one request of a known type is enough: where it only matters whether there is any at all. */
  readonly first?: boolean
  /** Somebody has written which resources are meant: all of them count, whatever their types. */
  readonly asWritten?: boolean
  /** Resources that are there by name: they count, whatever their types. */
  readonly named?: () => Lang
  /** Where else resources of an action, in lower case, lie. The same object for actions that are alike. */
  readonly boundsFor?: (action: string) => Bounds
  /** To whom resources may belong; absent: no organization is declared. */
  readonly owners?: Owners
  readonly principal: PrincipalTraits
  /** Keys that the question gives, in lower case; null: absent. */
  readonly given?: ReadonlyMap<string, readonly string[] | null>
  /** The two sides as they are when some more keys are known. */
  readonly pinned: (keys: ReadonlyMap<string, readonly string[] | null>) => Sides
}

export interface Sides {
  readonly now: PrincipalSide
  readonly before: PrincipalSide
}

export interface Reasoning {
  readonly carried: CarriedKeys
  readonly symbols: Symbols
  readonly actions: ActionTable
  readonly templates: ResourceTemplates
}

import type { LocatedMap } from '../diagnostics/located.ts'
import type { Span } from '../diagnostics/span.ts'
import type { DeclaredChildren } from './child.ts'
import type { PlacedDocument } from './policy-document.ts'

/** What every entity has that an account holds. */
export interface EntityState {
  readonly name: string
  /** Begins and ends with `/`. */
  readonly path: string
  readonly arn: string
}

/** What every declared entity has. `path` absent in YAML means `/`: a path is part of the ARN, so it is always managed. */
export interface DesiredEntity {
  readonly name: string
  readonly path: string
  readonly arn: string
  /** The name where it is declared. */
  readonly span: Span
  /** The entity's own YAML, for the place of any attribute: `spanAt(node, ['groups', 2])`. */
  readonly node: LocatedMap
  /** What is named under it. Absent: nothing is said of any. */
  readonly children?: DeclaredChildren
  /** Kinds of which something is to be named under it, and where that is written: people make it, and a plan says who has none. Absent: none. */
  readonly requires?: ReadonlyMap<string, Span>
  /** Inline policies that are made for it, by name. Absent: none is. */
  readonly generated?: ReadonlyMap<string, PlacedDocument>
  /** Where it is said that nothing is to be named under it that makes requests without MFA. Absent: nobody says so. */
  readonly onlyWithMfa?: Span
  /** What others say of its lists, by attribute: a group, by its members, of the groups of a user. Absent: nobody does. */
  readonly listed?: ReadonlyMap<string, ListedBy>
  /** What it holds and nobody declares, and a plan doesn't tell for a while. Absent: nothing. */
  readonly ignored?: readonly IgnoredGrant[]
}

/** A grant that is known to be there, and is left alone. */
export interface IgnoredGrant {
  /** As `UnmanagedPart.key` has it; of a credential its section and id. */
  readonly key: string
  readonly reason: string
  /** The last day of it, ISO 8601, UTC. */
  readonly until: string
  readonly span: Span
}

/** What others say of a list that the entity itself doesn't declare: which of them are in it. */
export interface ListedBy {
  /** In the order in which they are declared. */
  readonly in: readonly string[]
  /** All that say who is in them. What else is in the list isn't managed here. */
  readonly by: ReadonlySet<string>
}

/** What of a declaration and of a state is the same. */
export const identityOf = ({ name, path, arn }: EntityState): EntityState => ({ name, path, arn })

/** Of a kind that has no paths. */
export interface PathlessState extends EntityState {
  readonly path: '/'
}

/** The same as it is declared. */
export interface DesiredPathless extends DesiredEntity {
  readonly path: '/'
}

/** What an account has one of, as it is declared. */
export interface DesiredSetting<V> {
  /** null = the account has none. */
  readonly value: V | null
  readonly span: Span
}

/** AWS's own entities are never created, changed or deleted by a project. */
export const isAwsOwnedPath = (path: string): boolean =>
  path.startsWith('/aws-service-role/') || path.startsWith('/aws-reserved/')

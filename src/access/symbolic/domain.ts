import type { KeyFacts } from './key-theory.ts'
import type { Lang } from './lang.ts'
import type { OrganizationMembers } from './organization-members.ts'
import type { Glob } from './tokens.ts'

export interface Owners {
  readonly members: OrganizationMembers
  /** The account that the resource is of; null: what is asked about tells. */
  readonly owner: string | null
  /** Whose it is taken to be where nothing tells; null: nobody's. */
  readonly taken: string | null
}

/** Where the resource and the action are looked for. */
export interface Domain {
  /** null: the resource is `*`, and no conjunction tests it. */
  readonly resource: { readonly inside: readonly Lang[]; readonly outside: readonly Lang[] } | null
  /** null: the action is one that is known. */
  readonly action: { readonly inside: readonly Lang[]; readonly outside: readonly Lang[] } | null
  readonly keyFacts: (key: string) => KeyFacts
  /** Of the organization that is declared, where whoever asks may be of any account; null: there is none, or the account is known. */
  readonly members: OrganizationMembers | null
  /** Those of the organization that is declared, of whose accounts the resource may be; null: there is none. */
  readonly owners: Owners | null
  /** Of the action, in lower case; null: the action isn't known. */
  readonly service: string | null
  /** Keys whose value is settled, so that nothing tests it, in lower case; null: absent. */
  readonly settled: ReadonlyMap<string, string | null>
  /** Keys about credentials that every request has as they are given, so that nothing tests them, in lower case; null: absent. */
  readonly given: ReadonlyMap<string, readonly string[] | null>
  /** What the text of a key is like where the resource doesn't tell it: of those that resources may tell. */
  readonly formOf: (key: string) => Glob
  /** Texts of that form that the key never has. */
  readonly neverOf: (key: string) => readonly Glob[]
  /** What temporary credentials of a user may be used for the action; `any`: these, and those of anybody else. */
  readonly temporary: 'any' | 'assuming' | 'withMfa' | 'none' | 'unlisted'
  /**
   * Whose credentials sign the request. `own`: of a user or root, long-term ones or those of a session; `session`: of a role,
   * or of somebody of whom nothing is known; `none`: nobody signs with credentials of IAM.
   */
  readonly credentials: 'own' | 'session' | 'none'
}

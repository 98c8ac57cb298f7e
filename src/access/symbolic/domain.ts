import type { KeyFacts } from './key-theory.ts'
import type { Lang } from './lang.ts'
import type { OrganizationMembers } from './organization-members.ts'
import type { Glob } from './tokens.ts'

/** Where the resource and the action are looked for. */
export interface Domain {
  /** null: the resource is `*`, and no conjunction tests it. */
  readonly resource: { readonly inside: readonly Lang[]; readonly outside: readonly Lang[] } | null
  /** null: the action is one that is known. */
  readonly action: { readonly inside: readonly Lang[]; readonly outside: readonly Lang[] } | null
  readonly keyFacts: (key: string) => KeyFacts
  /** Of the organization that is declared, where whoever asks may be of any account; null: there is none, or the account is known. */
  readonly members: OrganizationMembers | null
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

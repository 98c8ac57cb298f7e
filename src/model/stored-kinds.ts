import type { PasswordPolicy } from './account-state.ts'

/** A kind that keeps nothing beside its name and path, its links, documents and tags. */
export type NoBody = Readonly<Record<string, never>>

export interface RoleBody {
  readonly description: string
  /** Seconds. */
  readonly maxSessionDuration: number
}

export interface PolicyBody {
  readonly description: string
  readonly updated: number
  /** `3` is version `v3`. */
  readonly defaultVersion: number
  /** The highest number ever given; numbers are not used again. */
  readonly latestVersion: number
}

/** What each kind of entity keeps in a store. */
export interface StoredEntities {
  readonly user: NoBody
  readonly group: NoBody
  readonly role: RoleBody
  readonly policy: PolicyBody
}

/** What each setting of an account is. */
export interface StoredSettings {
  readonly passwordPolicy: PasswordPolicy
  readonly accountAlias: string
}

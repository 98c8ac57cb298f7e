import type { EntityFacts } from '../model/kind-facts.ts'
import type { QuotaName } from '../model/quotas.ts'
import type { StoredEntity } from './store-port.ts'

/** How the entities of a kind are named, found, counted and refused. */
export interface NamedKind<K extends string = string> {
  readonly kind: K
  readonly facts: EntityFacts
  /** As AWS calls the quota on how many there are in an account: `UsersPerAccount`. */
  readonly quotaLabel: string
  /** What is said when a name is taken; `taken` may differ in case. */
  readonly alreadyExists: (name: string, taken: string) => string
  /** What is said when there is none of a name; absent: the words of users, groups and roles. */
  readonly missing?: (name: string) => string
  /** Whether one belongs to AWS, so that it can't be changed. */
  readonly isProtected: (row: StoredEntity) => boolean
}

export interface TagRules {
  readonly quota: QuotaName
  /** @see IAM User Guide, "Tags for AWS Identity and Access Management resources": of users and roles only */
  readonly keysIgnoreCase: boolean
}

/** What bounds the policies of an identity. */
interface GrantRules {
  readonly attached: {
    readonly quota: QuotaName
    /** As AWS calls it: `PoliciesPerUser`. */
    readonly label: string
  }
  /** Of the sum of its inline policies. */
  readonly inlineSize: QuotaName
}

export interface IdentityKind<K extends string = string> extends NamedKind<K> {
  readonly grants: GrantRules
}

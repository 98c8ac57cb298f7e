import type { AccountState } from './account-state.ts'
import type { Organization } from './organization.ts'
import type { StateDocument } from './policy-document.ts'
import type { RunningThing } from './running-thing.ts'

/** Everything that decisions about several accounts go by. */
export interface Estate {
  /** One for each account whose principals and roles are known; their ids differ. */
  readonly accounts: readonly AccountState[]
  readonly organization: Organization | null
  /** By ARN. */
  readonly resources: ReadonlyMap<string, ResourceFacts>
  /** Of users and roles, by ARN, as far as a target has them; absent: none is known, as of what is only declared. */
  readonly uniqueIds?: ReadonlyMap<string, string>
  /**
   * Ids of accounts of which every user, group, role and policy is known, as of a target or an export. Of the others what
   * isn't here may be there all the same; absent: of all.
   */
  readonly inventories?: ReadonlySet<string>
  /** What may be there and isn't here, since nothing that was read holds it; absent: what isn't here isn't declared. */
  readonly unseen?: ReadonlySet<Unseen>
  /** Things that run with a role; others there may be. Absent: nothing that was read says of any. */
  readonly running?: readonly RunningThing[]
  /**
   * By the ARN of an instance profile, as far as an input says it, that of the role that is in it. Absent: the entities of the accounts
   * say it, all of it for those of `inventories`.
   */
  readonly instanceProfiles?: ReadonlyMap<string, string>
  /** ARNs of roles that are in no instance profile, by an input. */
  readonly withoutProfile?: ReadonlySet<string>
  /** ARNs of identity providers that are there by an input, beside others. Absent: the entities of the accounts say it, as above. */
  readonly providers?: ReadonlySet<string>
  /**
   * Two states of the same text are alike in all that neither holds: the sides of one plan, which changes nothing but what it
   * speaks of, and templates of one stack. Absent: of what isn't here nothing is known.
   */
  readonly sameBeyond?: string
}

/**
 * What inputs of others leave out. `principals`: users, groups, roles and policies that may be there beside those that are here.
 * `resourcePolicies`: all but the trust policies of roles. `controlPolicies`: the organization with its policies.
 * `changes`: what the change that leads here does besides.
 */
export type Unseen =
  | 'principals'
  | 'resourcePolicies'
  | 'controlPolicies'
  | 'providers'
  | 'accessKeys'
  | 'passwords'
  | 'changes'

/** What decisions go by besides the accounts, and what nothing is applied of. */
export type Facts = Pick<Estate, 'organization' | 'resources'>

/** A resource that is no IAM entity, such as a bucket or a key: facts for decisions, never applied. */
export interface ResourceFacts {
  readonly arn: string
  /** The id of the account that owns it. */
  readonly account: string
  /** Its resource policy (of a key its key policy); null: it has none. */
  readonly policy: StateDocument | null
  /** The ARN of whose policy it is; absent: its own. */
  readonly policyOf?: string
  readonly tags: ReadonlyMap<string, string>
  /** What declares that S3 blocks public access to it: it decides nothing; absent: nothing does. */
  readonly publicAccessBlock?: 'resource' | 'account'
}

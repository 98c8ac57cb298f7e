/** Which credentials somebody comes to. What a condition asks of them may hold for one kind and not for another. */
export type YieldedCredentials =
  /** As one has them: with a second factor, if one likes. */
  | 'own'
  /** A long-term key: no second factor, no time of issue. @see IAM User Guide, "AWS global condition context keys" */
  | 'key'
  /** A session of the console after a password alone. */
  | 'console'
  /** A role's session that a service holds: nobody typed a code for it. */
  | 'service'

/** Actions of which one suffices. */
export type OneOf = readonly string[]

/** Whose policies, or whose limits, are changed. */
export type WritingMeans =
  /** Any statement: inline. */
  | 'inline'
  /** A policy that is there already, which a condition on `iam:PolicyARN` may restrict. */
  | 'attached'
  /** Another version of a policy that is attached. */
  | 'version'
  /** An earlier version of it. */
  | 'earlier'
  /** The permissions boundary goes, or becomes another. */
  | 'boundary'
  /** A policy that denies something goes. */
  | 'deny'

export type WayEnd =
  /** Acts as a user. `only`: these actions of the user's alone, as patterns. */
  | { readonly type: 'user'; readonly yields: YieldedCredentials; readonly only?: readonly string[] }
  /** Becomes a member of a group. */
  | { readonly type: 'group' }
  /** Changes what an entity may do. */
  | {
      readonly type: 'writes'
      readonly of: 'user' | 'role' | 'group' | 'policy'
      readonly what: WritingMeans
    }
  /** Has a role trust whom one likes. */
  | { readonly type: 'trust' }
  /** Makes somebody new, with any permissions. */
  | { readonly type: 'new'; readonly kind: 'user' | 'role' }
  /** Starts something with a role, which must trust one of the services, or a provider. */
  | { readonly type: 'passed'; readonly services: readonly string[]; readonly provider?: string }
  /** Runs code in something that has a role already: of which roles, only their trust policies tell. */
  | {
      readonly type: 'running'
      readonly services: readonly string[]
      readonly things: string
      /** Hosts of providers whose identities the things have: roles that trust one of these count as well. */
      readonly hosts?: RegExp
      /** Name of the only role that it can be. */
      readonly role?: string
      /** Its first action is about something else than the thing itself. */
      readonly isBeside?: true
      /** AWS's ReadOnlyAccess lets do it, so that it is worth a word only where a role is known. */
      readonly onlyKnown?: true
    }
  /** Speaks for an identity provider. `unpinned`: only where a trust policy leaves the audience open. */
  | {
      readonly type: 'provider'
      readonly kind: 'saml' | 'oidc'
      readonly only?: 'unpinned' | 'absent' | 'private'
    }
  /** Assigns anything to anybody by IAM Identity Center. */
  | { readonly type: 'identityCenter' }
  /** Takes away what an organization forbids. `from`: who can do so. */
  | { readonly type: 'organization'; readonly from: 'management' | 'member' }
  /** Acts as root in accounts of the organization. */
  | { readonly type: 'root' }
  /** Lets others in by a resource's own policy. */
  | { readonly type: 'sharing' }

/** One way to gain power. */
export interface Way {
  /** The action that carries it, or a name where several do: tells ways apart. */
  readonly id: string
  /** All of these are needed; on what, the reach says: the first on its target, the others on anything of theirs. */
  readonly needs: readonly OneOf[]
  readonly reaches: WayEnd
  /** For people, after whoever does it; `{}` is the target: `takes an access key of {}`. */
  readonly does: string
  /** Something that isn't known anywhere here must be there as well. */
  readonly isPotential?: boolean
  /** Leads somewhere only where a level of the organization allows just what is listed there. */
  readonly isUnderLists?: boolean
  /** However much it gives, it matters no more, 0 to 100. */
  readonly atMost?: number
}

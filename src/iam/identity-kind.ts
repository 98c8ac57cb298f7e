/** The identities of IAM: what policies are attached to. */
export type IdentityKind = 'user' | 'group' | 'role'

/** Who makes a call, as its signature showed; nothing of it is taken from what the call says. */
export type Caller =
  | { readonly kind: 'root'; readonly accountId: string; readonly accessKeyId: string }
  | {
      readonly kind: 'user'
      readonly accountId: string
      readonly accessKeyId: string
      readonly userName: string
    }
  | {
      readonly kind: 'session'
      readonly accountId: string
      readonly accessKeyId: string
      readonly session: Session
    }

/** What temporary credentials stand for. Plain values alone: a session travels in its token. */
export interface Session {
  readonly bearer: SessionBearer
  /** Milliseconds since the epoch, whole seconds; so is `expires`. */
  readonly issued: number
  readonly expires: number
  /** They limit what it may do; both empty: nothing does. */
  readonly policies: { readonly inline: string | null; readonly arns: readonly string[] }
  readonly tags: readonly SessionTag[]
  /** Keys of `tags` that go on to the roles that it assumes. */
  readonly transitive: readonly string[]
  readonly sourceIdentity: string | null
  /** When the codes of a device were shown; null: they were not. */
  readonly mfa: number | null
  /** How many roles were assumed one after the other to come to it; above 0 it may last an hour. */
  readonly chained: number
  /** Keys of its requests that come of how it began (`aws:FederatedProvider`, `saml:sub`, `ec2:RoleDelivery`). */
  readonly context: readonly (readonly [key: string, values: readonly string[]])[]
}

/** Whose credentials they are. By its id somebody is found whatever the name is by now; gone and made anew it is somebody else. */
export type SessionBearer =
  | {
      readonly kind: 'role'
      readonly roleId: string
      readonly roleName: string
      readonly sessionName: string
    }
  /** Of GetFederationToken. */
  | {
      readonly kind: 'federatedUser'
      readonly name: string
      readonly parent: UserBearer | { readonly kind: 'root' }
    }
  /** Of GetSessionToken. */
  | UserBearer
  /** Of GetSessionToken, or of AssumeRoot by somebody of another account. */
  | { readonly kind: 'root' }

interface UserBearer {
  readonly kind: 'user'
  readonly userId: string
  readonly userName: string
}

export interface SessionTag {
  readonly key: string
  readonly value: string
}

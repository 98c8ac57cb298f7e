import type { CallingUser } from '../kinds/user/kind.ts'

/** Who makes a call, as its signature showed; nothing of it is taken from what the call says. */
export type Caller = CallingRoot | CallingUser | CallingSession

interface CallingRoot {
  readonly kind: 'root'
  readonly accountId: string
  readonly accessKeyId: string
}

export interface CallingSession {
  readonly kind: 'session'
  readonly accountId: string
  readonly accessKeyId: string
  /** Of a session of a user's own, what the user is called by now; else null. */
  readonly userName: string | null
  readonly session: Session
  /** As the account had them when the call came, for the audit log; absent: nobody looked. */
  readonly named?: NamedSession
}

interface NamedSession {
  readonly arn: string
  /** `aws:userid`. */
  readonly userId: string
  /** The user or role that it came from; null: root. */
  readonly issuer: { readonly arn: string; readonly id: string; readonly name: string } | null
}

/** What temporary credentials stand for. Plain values alone: a session travels in its token. */
export interface Session {
  readonly bearer: SessionBearer
  /** Milliseconds since the epoch, whole seconds; so is `expires`. */
  readonly issued: number
  readonly expires: number
  /** They limit what it may do; both empty: nothing does. */
  readonly policies: SessionPolicies
  readonly tags: readonly SessionTag[]
  /** Keys of `tags` that go on to the roles that it assumes. */
  readonly transitive: readonly string[]
  readonly sourceIdentity: string | null
  /** When the codes of a device were shown; null: they were not. */
  readonly mfa: number | null
  /** Keys of its requests that come of how it began (`aws:FederatedProvider`, `saml:sub`, `ec2:RoleDelivery`). */
  readonly context: readonly (readonly [key: string, values: readonly string[]])[]
}

export interface SessionPolicies {
  readonly inline: string | null
  readonly arns: readonly string[]
}

/** Whose credentials they are. By its id somebody is found whatever the name is by now; gone and made anew it is somebody else. */
export type SessionBearer =
  | { readonly kind: 'assumedRole'; readonly roleId: string; readonly sessionName: string }
  /** Of GetFederationToken; without `userId` root asked for it. */
  | { readonly kind: 'federatedUser'; readonly name: string; readonly userId: string | null }
  /** Of GetSessionToken. */
  | { readonly kind: 'sameUser'; readonly userId: string }
  /** Of GetSessionToken; `assumed`: of AssumeRoot. */
  | { readonly kind: 'root'; readonly assumed: boolean }

export interface SessionTag {
  readonly key: string
  readonly value: string
}

/** A question: may this principal do this? Shapes as in `evaluate --batch`. */
export interface Request {
  /**
   * An ARN (user, role, assumed-role session, federated user, root, provider), a service principal, a provider's name,
   * `canonical:ID`, `id:UNIQUE-ID`, or `*`.
   */
  readonly principal: string
  /** `service:Name`. */
  readonly action: string
  /** An ARN or `*`. */
  readonly resource: string
  /** The account that owns the resource; absent: the one in its ARN, else the principal's. */
  readonly resourceAccount?: string
  /** A key with several values has a list. A key given here wins over one that follows from the request. */
  readonly context: ReadonlyMap<string, readonly string[]>
}

export type Decision = 'allow' | 'explicit_deny' | 'implicit_deny'
export type Layer = 'identity' | 'boundary' | 'session' | 'scp' | 'rcp' | 'resource' | 'endpoint'

/** A statement that decided, or (for an implicit deny) a layer that did not allow: then `statement` is null. */
export interface Reason {
  readonly layer: Layer
  /** The policy's ARN, or `inline:NAME`. */
  readonly policy: string
  readonly effect: 'Allow' | 'Deny'
  readonly sid: string | null
  /** Index of the statement in its document. */
  readonly statement: number | null
}

import type { Diagnostic } from '../../diagnostics/index.ts'
import type { PlacedDocument } from '../../model/index.ts'
import type { Decision, Reason, Request } from '../decision.ts'
import type { EndpointType } from '../layers.ts'

/**
 * A question as people ask it. `principal`: an ARN, `user/NAME`, `role/NAME`, `role/NAME/SESSION`,
 * `federated-user/NAME`, `root`, a service principal, or `*`. The rest as in a request.
 */
export interface EstateQuestion extends Request {
  /** The id of the account that a name is meant in; absent: the only account there is. */
  readonly account?: string
  /** Passed when the session began: they limit what it may do. */
  readonly sessionPolicies?: readonly NamedDocument[]
  /** The resource's own policy, in place of a declared one. */
  readonly resourcePolicy?: NamedDocument
  /** The policies of the VPC endpoint that the request comes through. */
  readonly endpoint?: EndpointPolicies
  /** Who asked for a federated user's credentials: the ARN of a user, or `user/NAME`. */
  readonly parent?: string
}

export interface EndpointPolicies {
  readonly type: EndpointType
  readonly policies: readonly NamedDocument[]
}

export interface NamedDocument {
  /** What an answer calls it. */
  readonly id: string
  readonly document: PlacedDocument
}

/** A statement or layer that decided, and the document that it stands in (null for a layer as a whole). */
export type PlacedReason = Reason & { readonly document: PlacedDocument | null }

export interface EstateAnswer {
  /** The question with its principal as an ARN. */
  readonly request: Request
  readonly decision: Decision
  readonly reasons: readonly PlacedReason[]
  /** What the decision takes for granted, or rests on besides the reasons; null: nothing. */
  readonly note: Note | null
}

export interface Note {
  readonly code: string
  readonly message: string
}

export type Answered =
  | { readonly answer: EstateAnswer }
  | { readonly answer: null; readonly diagnostics: readonly Diagnostic[] }

/** An answer without why; `null`: the question can't be decided. */
export type Decided =
  | { readonly decision: Decision }
  | { readonly decision: null; readonly diagnostics: readonly Diagnostic[] }

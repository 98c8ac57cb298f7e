import type { Request } from './decision.ts'
import type { PolicyLayers } from './layers.ts'

/** A request, and the policies to decide it by. */
export interface Question {
  readonly request: Request
  readonly layers: PolicyLayers
  /**
   * The ARN of the role that a session was assumed from (absent: the role's name with path `/`), or of the user that
   * asked for a federated user's credentials (absent: not known).
   */
  readonly base?: string
  /** When the request is made; absent: `aws:CurrentTime` and `aws:EpochTime` are not known. */
  readonly now?: Date
}

import type { IamError, IamErrorCode } from '../iam/service-error.ts'

/** What is known of a call that was refused, or that no answer came of. */
interface FailedCall {
  readonly operation: string
  readonly error: IamError
  /** How many attempts in a row were slowed down, or came to no answer, this one counted. */
  readonly troubles: number
  /** Milliseconds that were spent waiting between those. */
  readonly waited: number
  /** Whether of an earlier attempt no answer came: it may have been carried out. */
  readonly wasUnanswered: boolean
  /** Whether it needs what this apply itself has done before. */
  readonly needsOwnWork: boolean
  /** Milliseconds within which the target shows what was written; 0: at once. */
  readonly settlesWithin: number
}

/**
 * What comes next: the same call again after a pause; a look whether it has been carried out, and again if not; nothing, since it is
 * done; nothing, since no retry can help.
 */
type NextMove = 'again' | 'look' | 'done' | 'fail'

const MINUTE = 60_000
/** With the pauses of `retries`: some 15 s at most, 7 s on average. */
const MOST_TROUBLES = 7
const LONGEST_LOCKED = MINUTE
const LONGEST_UNSEEN = 2 * MINUTE

/** Somebody else is at it. @see IAM API Reference, "Common Errors" of the operations that have these */
const LOCKED: readonly IamErrorCode[] = ['ConcurrentModification', 'EntityTemporarilyUnmodifiable']

/** What a call says that made something, when what it makes is there. */
const THERE_ALREADY: readonly IamErrorCode[] = [
  'EntityAlreadyExists',
  'DuplicateSSHPublicKey',
  'DuplicateCertificate',
]

/** A quota (`LimitExceeded`) never passes by waiting, whatever the AWS SDK takes it for. */
export function nextMove(failed: FailedCall): NextMove {
  const { error, troubles, waited } = failed
  if (error.unanswered) return troubles < MOST_TROUBLES ? 'look' : 'fail'
  if (error.retryable) return troubles < MOST_TROUBLES ? 'again' : 'fail'
  if (LOCKED.includes(error.code)) return waited < LONGEST_LOCKED ? 'again' : 'fail'
  if (failed.wasUnanswered && THERE_ALREADY.includes(error.code)) return 'done'
  const isGone = takesAway(failed.operation) && error.code === 'NoSuchEntity'
  if (isNotSeenYet(failed)) {
    // What was made a moment ago and can't be seen comes into sight; what never does is gone.
    if (waited < (isGone ? failed.settlesWithin : LONGEST_UNSEEN)) return 'again'
  }
  return isGone ? 'done' : 'fail'
}

/** Of what the call takes away there is no more once it isn't found. */
const takesAway = (operation: string): boolean => /^(?:Delete|Detach|Remove|Deactivate)/.test(operation)

/**
 * What this apply has made or taken away, and not every server knows of yet. What somebody else has made or taken away is never
 * waited for.
 * @see IAM User Guide, "Troubleshoot IAM": changes that I make are not always immediately visible
 */
function isNotSeenYet({ error, needsOwnWork, settlesWithin }: FailedCall): boolean {
  if (settlesWithin === 0 || !needsOwnWork) return false
  switch (error.code) {
    case 'NoSuchEntity':
    case 'PolicyNotAttachable':
    case 'DeleteConflict':
      return true
    case 'MalformedPolicyDocument':
      return error.message.includes('Invalid principal in policy')
    default:
      return false
  }
}

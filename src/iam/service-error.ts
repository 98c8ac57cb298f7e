/** AWS's own names for what a call can be refused with. @see IAM API Reference, "Common Errors" and each operation's "Errors" */
export type IamErrorCode =
  | 'NoSuchEntity'
  | 'EntityAlreadyExists'
  | 'DeleteConflict'
  | 'LimitExceeded'
  | 'MalformedPolicyDocument'
  | 'InvalidInput'
  | 'ValidationError'
  | 'UnmodifiableEntity'
  | 'PolicyNotAttachable'
  | 'InvalidAuthenticationCode'
  | 'NotSupportedService'
  | 'DuplicateSSHPublicKey'
  | 'DuplicateCertificate'
  | 'MalformedCertificate'
  | 'InvalidPublicKey'
  | 'UnrecognizedPublicKeyEncoding'
  | 'KeyPairMismatch'
  | 'PasswordPolicyViolation'
  | 'InvalidUserType'
  | 'ConcurrentModification'
  | 'EntityTemporarilyUnmodifiable'
  | 'AccessDenied'
  | 'InvalidClientTokenId'
  | 'ExpiredTokenException'
  | 'PackedPolicyTooLarge'
  | 'RegionDisabledException'
  | 'InvalidAuthorizationMessageException'
  | 'IDPRejectedClaim'
  | 'IDPCommunicationError'
  | 'InvalidIdentityToken'
  | 'InvalidParameterValue'
  | 'InvalidAction'
  | 'Throttling'
  | 'ServiceFailure'

/**
 * The one error that a driver of the IAM API throws.
 * `retryable` says whether the same call can succeed later without anything else changing; `unanswered`, that nobody knows whether it
 * was carried out: the connection went before an answer came.
 */
export class IamError extends Error {
  readonly code: IamErrorCode
  readonly retryable: boolean
  readonly unanswered: boolean

  constructor(
    code: IamErrorCode,
    message: string,
    {
      retryable = false,
      unanswered = false,
    }: { readonly retryable?: boolean; readonly unanswered?: boolean } = {},
  ) {
    super(message)
    this.name = 'IamError'
    this.code = code
    this.retryable = retryable
    this.unanswered = unanswered
  }
}

type BatchErrorCode = 'malformed_json' | 'invalid_request' | 'invalid_policy'

/** A line that can't be decided, and why. */
export class BatchError extends Error {
  readonly code: BatchErrorCode
  /** Of what is wrong with a set of policies: where in it, as keys and indexes. */
  readonly path: readonly PropertyKey[]

  constructor(code: BatchErrorCode, message: string, path: readonly PropertyKey[] = []) {
    super(message)
    this.code = code
    this.path = path
  }
}

export const invalidRequest = (message: string, path: readonly PropertyKey[] = []): BatchError =>
  new BatchError('invalid_request', message, path)

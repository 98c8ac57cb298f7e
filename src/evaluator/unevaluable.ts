/** A policy that has no clear meaning: evaluating it would be guessing. */
export class UnevaluablePolicyError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnevaluablePolicyError'
  }
}

/** A request that can't be decided as it stands. */
export class UnevaluableRequestError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnevaluableRequestError'
  }
}

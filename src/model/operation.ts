/** An operation of the IAM API: what it takes, and what it answers. */
export interface Operation<Input, Output = Nothing> {
  readonly input: Input
  readonly output: Output
}

/** Operations by AWS's names, of whatever kinds. */
export type OperationsLike<M> = {
  readonly [O in keyof M]: Operation<unknown, unknown>
}

/** What an operation without input takes, and one without output answers. */
export type Nothing = Record<string, never>

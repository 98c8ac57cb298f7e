/** An operation of the IAM API: what it takes, and what it answers. */
export interface Operation<Input, Output = Nothing> {
  readonly input: Input
  readonly output: Output
}

/** What an operation without input takes, and one without output answers. */
export type Nothing = Record<string, never>

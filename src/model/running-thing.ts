/** Something that runs with a role: whoever has a say in what it runs acts with the role's credentials. */
export interface RunningThing {
  /** In words, as it is called where one of them is meant: `a function`, `an instance`. */
  readonly thing: string
  /** The service that takes the role for it: `lambda.amazonaws.com`. */
  readonly service: string
  /** Its ARN, with `*` for what isn't known of it; null: actions on it name something else. */
  readonly arn: string | null
  /** ARN of the role that it has. */
  readonly has: string
}

import type { WriteOperation, WriteOperations } from './operations.ts'
import type { Planned } from './secret.ts'
import type { StepEffect } from './step-effect.ts'

/** What a plan gives to an operation: its input, with sources where the target is given secrets. */
type StepInput<O extends WriteOperation> = Planned<WriteOperations[O]['input']>

/** One call of the IAM API that changes something: an operation by AWS's name, and its own input. */
export type StepCall<O extends WriteOperation = WriteOperation> = {
  readonly [P in O]: { readonly operation: P; readonly input: StepInput<P> }
}[O]

/** A call, with what it does. */
export type EffectiveCall = StepCall & WithEffects

interface WithEffects {
  readonly effects: readonly StepEffect[]
}

/** A call in a plan. Its place in `Plan.steps` is its number. */
export type Step = EffectiveCall & {
  /** Numbers of earlier steps without whose success this one must not run. */
  readonly needs: readonly number[]
}

export const step = <O extends WriteOperation>(operation: O, input: StepInput<O>): StepCall<O> => ({
  operation,
  input,
})

import type { WriteOperation, WriteOperations } from './operations.ts'
import type { MadeSecret, Planned, ToldSecret } from './secret.ts'
import type { AnyEffect, StepEffect } from './step-effect.ts'

/** What a plan gives to an operation: its input, with sources where the target is given secrets. */
type StepInput<Operation> = Operation extends { readonly input: infer Input } ? Planned<Input> : never

/** One call of the IAM API that changes something: an operation by AWS's name, and its own input. */
export type StepCall<W = WriteOperations> = { readonly [O in keyof W]: CallOf<W, O> }[keyof W]

export interface CallOf<W, O extends keyof W> {
  readonly operation: O
  readonly input: StepInput<W[O]>
}

/** A call, with what it does. */
export type EffectiveCall<W = WriteOperations, E = StepEffect> = StepCall<W> & WithEffects<E>

interface WithEffects<E> {
  readonly effects: readonly E[]
  /** Whom the secret is for that it is given. Absent: nobody has to know it. */
  readonly makes?: MadeSecret
  /** What its answer tells of. Absent: nothing that is secret. */
  readonly tells?: ToldSecret
  /** What it is not carried out for if that was used since. Absent: it is. */
  readonly unlessUsed?: UnlessUsed
  /** What is nobody's after it, until a later step of the change deletes it. Absent: nothing is. */
  readonly frees?: FreedChild
}

/** Of something named under an entity: the account no longer says whose it was, so that the journal has to. */
export interface FreedChild {
  readonly kind: string
  readonly parent: string
  readonly id: string
}

/** A credential that is done with, unless somebody has made use of it since a moment, in milliseconds. */
export interface UnlessUsed {
  readonly kind: string
  readonly id: string
  readonly since: number
}

/** A call of whatever kind's operation, for who doesn't ask which it is. */
export interface AnyCall extends WithEffects<AnyEffect> {
  readonly operation: string
  readonly input: object
}

/** A call in a plan. Its place in `Plan.steps` is its number. */
export type Step<C = EffectiveCall> = C & {
  /** Numbers of earlier steps without whose success this one must not run. */
  readonly needs: readonly number[]
  /** ARNs of whom the same apply makes in other accounts before this step. Absent: it waits for nobody there. */
  readonly awaits?: readonly string[]
}

/** Makes calls of the operations of some kinds. */
export const stepsOf =
  <W>() =>
  <O extends keyof W>(operation: O, input: StepInput<W[O]>): CallOf<W, O> => ({ operation, input })

export const step: <O extends WriteOperation>(
  operation: O,
  input: StepInput<WriteOperations[O]>,
) => CallOf<WriteOperations, O> = stepsOf<WriteOperations>()

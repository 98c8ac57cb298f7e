import type { WriteOperation, WriteOperations } from '../model/operations.ts'
import { redacted } from '../model/redaction.ts'
import { isSecretSource, Secret } from '../model/secret.ts'
import type { CallOf } from '../model/step.ts'
import type { SecretSupply } from './secret-supply.ts'

/** A call as the target gets it: with secrets, where the plan has sources. */
export interface Delivery<O extends WriteOperation> {
  readonly operation: O
  readonly input: WriteOperations[O]['input']
  readonly secrets: readonly Secret[]
}

/** @throws DiagnosticError when a secret isn't there */
export async function deliveryOf<O extends WriteOperation>(
  { operation, input }: CallOf<WriteOperations, O>,
  supply: SecretSupply,
): Promise<Delivery<O>> {
  // Nearly all: what has no source in it is the target's input as it is.
  if (!Object.values(input).some(isSecretSource))
    return { operation, input: input as WriteOperations[O]['input'], secrets: [] }
  const fields = await Promise.all(
    Object.entries(input).map(async ([field, value]: readonly [string, unknown]) => [
      field,
      isSecretSource(value) ? await supply.take(value) : value,
    ]),
  )
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(fields)
  return {
    operation,
    // `StepInput` is the input with sources in place of secrets: they have just been put there.
    input: given as WriteOperations[O]['input'],
    secrets: Object.values(given).filter((value) => value instanceof Secret),
  }
}

/**
 * An error of nobody's expecting that came of a call with secrets: what it says may quote them, and so may its stack and what
 * it was caused by. Of one without, the error itself.
 */
export function withoutSecrets(error: unknown, secrets: readonly Secret[]): unknown {
  if (secrets.length === 0) return error
  if (!(error instanceof Error)) return new Error(redacted(String(error), secrets))
  const told = new Error(redacted(error.message, secrets))
  told.name = error.name
  told.stack = redacted(error.stack ?? '', secrets)
  return told
}

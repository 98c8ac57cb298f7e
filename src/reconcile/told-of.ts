import { DiagnosticError } from '../diagnostics/index.ts'
import { IamError } from '../iam/service-error.ts'
import { FailedAttempts } from './make-call.ts'

/** Why a call came to nothing, as it is told. */
export interface ToldError {
  readonly code: string
  readonly message: string
}

/** @throws what was thrown, where that is a defect */
export function toldOf(error: unknown): ToldError {
  const cause = error instanceof FailedAttempts ? error.cause : error
  if (cause instanceof IamError) return { code: cause.code, message: cause.message }
  const [first] = cause instanceof DiagnosticError ? cause.diagnostics : []
  if (first === undefined) throw cause
  return { code: first.code, message: first.message }
}

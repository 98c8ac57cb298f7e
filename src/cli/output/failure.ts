import { type Diagnostic, DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { systemFailure } from '../../diagnostics/system-failure.ts'
import { Refusal } from '../../evaluator/estate/refusal.ts'

/** Anything thrown, as diagnostics: a problem with what the user gave as it is, a defect of ours in a few words. */
export function diagnosticsOf(error: unknown): readonly Diagnostic[] {
  if (error instanceof DiagnosticError || error instanceof Refusal) return error.diagnostics
  if (isNamed(error, 'IamError'))
    return [
      errorOf({
        code: 'target.call-failed',
        message: `the target refused a call: ${'code' in error ? `${String(error.code)}: ` : ''}${error.message}`,
        help: 'nothing more was written; run the command again once the reason is gone',
      }),
    ]
  const refused = systemFailure(error)
  if (refused !== null)
    return [
      errorOf({
        code: 'system.refused',
        message: `the operating system refused a call: ${refused.text} (${refused.call})`,
        help: 'check the disk, the limits of this process (`ulimit -a`) and what you may read and write; then run it again',
      }),
    ]
  return [
    errorOf({
      code: 'internal',
      message: `this is a defect of iam-sync: ${error instanceof Error ? error.message : String(error)}`,
      help: 'run it again with `IAM_SYNC_DEBUG=1` in the environment to see where, and report it',
    }),
  ]
}

/** The stack of a defect, if the environment asks for it. */
export function stackOf(error: unknown): string | null {
  if (process.env.IAM_SYNC_DEBUG !== '1' || error instanceof DiagnosticError) return null
  return error instanceof Error ? (error.stack ?? null) : null
}

const isNamed = (error: unknown, name: string): error is Error =>
  error instanceof Error && error.name === name

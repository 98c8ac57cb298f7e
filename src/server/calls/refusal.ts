import { IamError } from '../../iam/service-error.ts'
import { StoreBusyError } from '../../iam/store-port.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import type { Service } from '../protocol/shapes.ts'

/** How a call is refused. */
export interface CallRefusal {
  readonly code: string
  readonly message: string
  /** Of HTTP. */
  readonly status: number
}

/** Errors that any operation may answer with. @see IAM API Reference, "Common Errors" */
const COMMON: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  ExpiredTokenException: 403,
  InternalFailure: 500,
  InvalidClientTokenId: 403,
  ServiceUnavailable: 503,
  Throttling: 400,
  ValidationError: 400,
}

/** @returns null: it is none of AWS's, but a failure of ours, of which nobody outside is told */
export function refusalOf(error: unknown, { model }: Pick<Service, 'model'>): CallRefusal | null {
  if (error instanceof ProtocolError) return error
  if (error instanceof StoreBusyError) return TEMPORARY_FAILURE
  if (!(error instanceof IamError)) return null
  const { code, message } = error
  const own = Object.hasOwn(model.errors, code) ? model.errors[code] : COMMON[code]
  return { code, message, status: own ?? 400 }
}

/** @see IAM API Reference, "Common Errors": ServiceUnavailable */
const TEMPORARY_FAILURE: CallRefusal = {
  code: 'ServiceUnavailable',
  message: 'The request has failed due to a temporary failure of the server.',
  status: 503,
}

export const INTERNAL_FAILURE: CallRefusal = {
  code: 'InternalFailure',
  message: 'The request processing has failed because of an unknown error, exception or failure.',
  status: 500,
}

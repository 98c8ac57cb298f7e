import { IamError, type IamErrorCode } from '../../iam/service-error.ts'
import { redacted } from '../../model/redaction.ts'
import type { Secret } from '../../model/secret.ts'

/** What AWS's client throws, as far as it is looked at. */
interface Thrown {
  readonly name: string
  readonly code?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly statusCode?: number }
}

const THROTTLED: ReadonlySet<string> = new Set([
  'Throttling',
  'ThrottlingException',
  'RequestThrottled',
  'RequestLimitExceeded',
  'TooManyRequestsException',
])

/** Nothing was sent. */
const UNREACHED: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'])

/** Classes of the client whose names aren't AWS's codes and `Exception`. */
const NAMED_OTHERWISE: Readonly<Record<string, string>> = {
  ServiceNotSupportedException: 'NotSupportedService',
  ReportGenerationLimitExceededException: 'ReportGenerationLimitExceeded',
  CredentialReportExpiredException: 'ReportExpired',
  CredentialReportNotPresentException: 'ReportNotPresent',
  CredentialReportNotReadyException: 'ReportInProgress',
}

/**
 * What the client of AWS threw, as the one error that targets throw.
 * @param secrets what was sent, and may be quoted by whoever answered: it is hidden
 */
export function sdkError(error: unknown, secrets: readonly Secret[]): unknown {
  if (!(error instanceof Error) || error instanceof IamError) return error
  const { name, code, $metadata, $response } = error as Thrown
  const message = redacted(error.message, secrets)
  const status = $metadata?.httpStatusCode ?? $response?.statusCode
  if (status === undefined) {
    const told = message === '' ? String(code ?? name) : message
    // Which error it was: of one of ours there is no code of the system, nor a name of the client's own.
    if (code === undefined && name !== 'TimeoutError') return error
    return new IamError('ServiceFailure', `no answer came: ${told}`, {
      retryable: true,
      unanswered: !UNREACHED.has(code),
    })
  }
  const known = NAMED_OTHERWISE[name] ?? name.replace(/Exception$/, '')
  if (THROTTLED.has(name) || status === 429) return new IamError('Throttling', message, { retryable: true })
  // A proxy's page, or half an answer, which the client fails to read.
  const isUnreadable = name === 'SyntaxError' || name === 'Error'
  if (isUnreadable || status >= 500) {
    // Whatever stands between may say so after the call was carried out; who refuses it has not done it.
    const isUnknown = status >= 500 || status < 300
    return new IamError('ServiceFailure', status >= 500 ? `${message} (HTTP ${status})` : message, {
      retryable: isUnknown,
      unanswered: isUnknown,
    })
  }
  // Codes that are AWS's, and none that is acted upon, are told as they are.
  return new IamError(known as IamErrorCode, message)
}

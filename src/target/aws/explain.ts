import { type Diagnostic, DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { IamError } from '../../iam/service-error.ts'

/** Codes of AWS's for credentials that it doesn't take, and what is wrong with them. */
const REFUSED_CREDENTIALS: Readonly<Record<string, string>> = {
  InvalidClientTokenId:
    'the access key is not known there, or not active, or its session token is that of another one',
  UnrecognizedClient: 'the access key is not known there',
  SignatureDoesNotMatch: 'the secret is not the one of the access key',
  IncompleteSignature: 'the signature is not whole',
  MissingAuthenticationToken: 'the signature is not there',
  MissingAuthenticationTokenException: 'the signature is not there',
  ExpiredToken: 'they have expired',
  RequestExpired: 'the clock of this machine is wrong',
  InvalidAccessKeyId: 'the access key is not known there',
  OptInRequired: 'the access key may not be used there',
}

/** What an error of the account at an endpoint means to whoever runs a command. @returns the error itself, if no more is known */
export function explainAws(error: unknown, endpoint: string, caller: string | null): unknown {
  if (!(error instanceof IamError)) return error
  const said = diagnosticOf(error, endpoint, caller)
  return said === null ? error : new DiagnosticError(said)
}

function diagnosticOf(
  { code, message }: IamError,
  endpoint: string,
  caller: string | null,
): Diagnostic | null {
  const name: string = code
  if (name === 'AccessDenied')
    return errorOf({
      code: 'aws.access-denied',
      message: `\`${endpoint}\` refused a call: ${message}`,
      help: `allow it to ${caller === null ? 'whom the credentials are of' : `\`${caller}\``}, or use the credentials of somebody who may`,
    })
  const why = Object.hasOwn(REFUSED_CREDENTIALS, name) ? REFUSED_CREDENTIALS[name] : undefined
  // AWS quotes what was signed, a session token too: its text isn't told.
  if (why !== undefined)
    return errorOf({
      code: 'aws.credentials-refused',
      message: `\`${endpoint}\` doesn't take the credentials of the environment: ${why} (${name})`,
      help: 'set `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, of temporary ones only, `AWS_SESSION_TOKEN` to those of one key',
    })
  if (name === 'ServiceFailure') return noAnswer(endpoint, message)
  return null
}

export const noAnswer = (endpoint: string, why: string): Diagnostic =>
  errorOf({
    code: 'aws.no-answer',
    message: `\`${endpoint}\` gave no answer that is one of IAM: ${why}`,
    help: 'check `target.endpoint` in iam-sync.yaml, and that what it names is up: `iam-sync serve --port PORT`',
  })

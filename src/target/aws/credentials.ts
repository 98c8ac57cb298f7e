import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'

/** By the names of the environment; null or empty: it isn't there. */
export interface EnvironmentCredentials {
  readonly AWS_ACCESS_KEY_ID: string | null
  readonly AWS_SECRET_ACCESS_KEY: string | null
  readonly AWS_SESSION_TOKEN: string | null
}

interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** What a header of HTTP can carry, so that no message of a client's has to tell what it can't. */
const SENDABLE = /^[\x21-\x7e]+$/

/** @throws DiagnosticError `aws.no-credentials`, `aws.bad-credentials`: by name, never by value */
export function environmentCredentials(environment: EnvironmentCredentials): Credentials {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = environment
  if (!accessKeyId || !secretAccessKey) {
    const lacking = [
      ...(accessKeyId ? [] : ['`AWS_ACCESS_KEY_ID`']),
      ...(secretAccessKey ? [] : ['`AWS_SECRET_ACCESS_KEY`']),
    ]
    throw new DiagnosticError(
      errorOf({
        code: 'aws.no-credentials',
        message: `an account of \`kind: aws\` needs credentials, and the environment has no ${lacking.join(' and no ')}`,
        help: 'set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, and `AWS_SESSION_TOKEN` for temporary ones; they are read from nowhere else',
      }),
    )
  }
  const broken = Object.entries(environment).flatMap(([name, value]) =>
    value && !SENDABLE.test(value) ? [`\`${name}\``] : [],
  )
  if (broken.length > 0)
    throw new DiagnosticError(
      errorOf({
        code: 'aws.bad-credentials',
        message: `${broken.join(' and ')} can't be sent: there is a blank, a line break or a character beyond ASCII in it`,
        help: 'set it again as it was given, without quotes or a line break',
      }),
    )
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
}

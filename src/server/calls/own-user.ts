import type { Caller } from '../../iam/caller.ts'

/**
 * Operations that are about whoever calls where they name no user.
 * @see IAM API Reference, each of them: "IAM determines the user name implicitly based on the AWS access key ID signing the request"
 */
const ABOUT_ONESELF: ReadonlySet<string> = new Set([
  'CreateAccessKey',
  'DeleteAccessKey',
  'DeleteServiceSpecificCredential',
  'DeleteSigningCertificate',
  'GetUser',
  'ListAccessKeys',
  'ListMFADevices',
  'ListSSHPublicKeys',
  'ListServiceSpecificCredentials',
  'ListSigningCertificates',
  'ResetServiceSpecificCredential',
  'UpdateAccessKey',
  'UpdateServiceSpecificCredential',
  'UpdateSigningCertificate',
  'UploadSigningCertificate',
])

/** The user who calls, be it with a session of his own; null: it is no user. */
export const userNameOf = (caller: Caller): string | null => (caller.kind === 'root' ? null : caller.userName)

export function withOwnName(operation: string, input: object, caller: Caller): object {
  const name = userNameOf(caller)
  return name === null || !ABOUT_ONESELF.has(operation) || 'UserName' in input
    ? input
    : { UserName: name, ...input }
}

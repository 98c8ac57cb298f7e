import { loadSdk } from './load-sdk.ts'
import { sdkError } from './sdk-error.ts'
import { clientOptions, type SdkParts, secretsIn } from './sdk-iam.ts'

/** Whom the credentials are of. */
export interface SdkCaller {
  /** Of the account; null: what answered is no STS. */
  readonly account: string | null
  readonly arn: string | null
}

/** @throws IamError; DiagnosticError `aws.no-sdk` */
export async function readCaller(parts: SdkParts): Promise<SdkCaller> {
  const { STSClient, GetCallerIdentityCommand } = await loadSdk(
    '@aws-sdk/client-sts',
    () => import('@aws-sdk/client-sts'),
  )
  const client = new STSClient(clientOptions(parts))
  try {
    const { Account = null, Arn = null } = await client.send(new GetCallerIdentityCommand({}))
    return { account: Account, arn: Arn }
  } catch (error) {
    throw sdkError(error, secretsIn(parts.credentials))
  } finally {
    client.destroy()
  }
}

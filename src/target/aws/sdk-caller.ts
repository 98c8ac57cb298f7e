import { loadSdk } from './load-sdk.ts'
import { sdkError } from './sdk-error.ts'
import { type SdkParts, secretsIn } from './sdk-iam.ts'

/** Whom the credentials are of. */
interface SdkCaller {
  /** Of the account; null: what answered is no STS. */
  readonly account: string | null
  readonly arn: string | null
}

/** @throws IamError; DiagnosticError `aws.no-sdk` */
export async function readCaller({ region, endpoint, credentials }: SdkParts): Promise<SdkCaller> {
  const { STSClient, GetCallerIdentityCommand } = await loadSdk(
    '@aws-sdk/client-sts',
    () => import('@aws-sdk/client-sts'),
  )
  const client = new STSClient({
    region,
    credentials,
    maxAttempts: 1,
    ...(endpoint === null ? {} : { endpoint }),
  })
  try {
    const { Account = null, Arn = null } = await client.send(new GetCallerIdentityCommand({}))
    return { account: Account, arn: Arn }
  } catch (error) {
    throw sdkError(error, secretsIn(credentials))
  } finally {
    client.destroy()
  }
}

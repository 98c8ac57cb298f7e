import { randomBytes } from 'node:crypto'
import { openEphemeral } from '../cli/serving/ephemeral-account.ts'
import type { OpenedAccount } from '../cli/serving/opened-account.ts'
import { endpointOf, serveAccount } from '../cli/serving/serve-account.ts'
import type { ProviderKeys } from '../iam/sts/provider-keys.ts'
import type { Iam, IamCredentials, IamOptions, IamSecret } from './iam.ts'

/** How long a call that is under way when it is stopped may still take, in milliseconds. */
const GRACE = 1000
const REGIONS: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
}

/**
 * Starts an IAM in this process: an account in memory behind a port of its own. Several at once know nothing of each other, and nothing
 * is written to the disk.
 * @throws an error that tells everything that is wrong with the project, with file and line
 */
export async function startIam(options: IamOptions = {}): Promise<Iam> {
  const secrets: IamSecret[] = []
  const opened = await openAccount(options, secrets)
  try {
    return await served(opened, options, secrets)
  } catch (error) {
    await opened.close()
    throw error
  }
}

async function openAccount(options: IamOptions, secrets: IamSecret[]): Promise<OpenedAccount> {
  const { project, accountId, apply = true } = options
  const providerKeys = keysIn(options)
  if (project === undefined)
    return openEphemeral({
      providerKeys,
      ...(accountId === undefined ? {} : { account: { id: accountId, partition: 'aws' } }),
    })
  // Reads manifests and plans: nobody else waits for it.
  const { declaredAccount } = await import('./declared-account.ts')
  const { account, organization, quotas, applyTo } = await declaredAccount(project, options.account ?? null)
  return openEphemeral({
    providerKeys,
    account,
    organization,
    quotas,
    fill: async (empty) => {
      secrets.length = 0
      if (apply) await applyTo(empty, (secret) => secrets.push(secret))
    },
  })
}

const keysIn =
  ({ providerKeys = {} }: IamOptions): ProviderKeys =>
  async (issuer) => {
    const keys = Object.hasOwn(providerKeys, issuer) ? providerKeys[issuer] : undefined
    if (keys === undefined) throw new Error(`no keys of ${issuer} are known`)
    // What a key has to have, whoever verifies by it asks.
    return keys as Awaited<ReturnType<ProviderKeys>>
  }

async function served(
  opened: OpenedAccount,
  options: IamOptions,
  secrets: readonly IamSecret[],
): Promise<Iam> {
  const { account } = opened
  const credentials = await opened.current().keys.makeRootKey(Date.now(), randomBytes)
  const bearerToken = randomBytes(24).toString('base64url')
  const serving = { host: '127.0.0.1', port: options.port ?? 0, tls: null, rate: null }
  const listening = await serveAccount(opened, serving, bearerToken, () => {})
  const endpoint = endpointOf(listening, serving)
  const region = options.region ?? REGIONS[account.partition] ?? 'us-east-1'
  const close = async (): Promise<void> => {
    await listening.stop(GRACE)
    await opened.close()
  }
  let stopped: Promise<void> | null = null
  const stop = (): Promise<void> => {
    stopped ??= close()
    return stopped
  }
  return {
    endpoint,
    region,
    accountId: account.id,
    credentials,
    bearerToken,
    env: environmentOf(endpoint, region, credentials),
    get secrets() {
      return [...secrets]
    },
    credentialsOf: (user) => newKey(opened, user),
    reset: async () => opened.reset?.(),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** @see AWS SDKs and Tools Reference Guide, "Service-specific endpoints" */
const environmentOf = (
  endpoint: string,
  region: string,
  { accessKeyId, secretAccessKey }: IamCredentials,
): Iam['env'] => ({
  AWS_ENDPOINT_URL_IAM: endpoint,
  AWS_ENDPOINT_URL_STS: endpoint,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  // One that whoever runs the tests has would be sent along with a key that it isn't of.
  AWS_SESSION_TOKEN: '',
})

async function newKey(opened: OpenedAccount, user: string): Promise<IamCredentials> {
  const { AccessKey } = await opened.current().iam.write('CreateAccessKey', { UserName: user })
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
}

import type { IamReading, IamWriting } from '../../iam/embedded-iam.ts'
import { Secret } from '../../model/secret.ts'
import { type Layered, onlyAnswers } from './answer-root.ts'
import { loadSdk } from './load-sdk.ts'
import { sdkError } from './sdk-error.ts'

export interface SdkParts {
  /** Milliseconds after which no answer is awaited any more; by default 60 s. */
  readonly answersWithin?: number
  readonly region: string
  /** null: AWS's own, by the region. */
  readonly endpoint: string | null
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
}

/** The IAM API of whatever answers AWS's client. */
interface SdkIam extends IamReading, IamWriting {
  close(): void
}

/** What the client is used for here. */
interface Client extends Layered {
  send(command: object): Promise<{ readonly $metadata: unknown }>
  destroy(): void
}

/**
 * Loads AWS's client when it is first needed: whoever has no account at AWS has none installed.
 * @throws DiagnosticError `aws.no-sdk`
 */
export async function openSdkIam(parts: SdkParts): Promise<SdkIam> {
  const loaded = await loadSdk('@aws-sdk/client-iam', () => import('@aws-sdk/client-iam'))
  const client = new loaded.IAMClient(clientOptions(parts)) as unknown as Client
  onlyAnswers(client)
  const secrets = secretsIn(parts.credentials)
  const call = async (operation: string, input: object): Promise<never> => {
    const Command = (loaded as unknown as Readonly<Record<string, new (input: object) => object>>)[
      `${operation}Command`
    ]
    if (Command === undefined) throw new Error(`the client has no operation ${operation}`)
    try {
      const { $metadata: _, ...answer } = await client.send(new Command(withSecrets(input)))
      // The client answers what the operation's type says: both are of the same schemas.
      return answer as never
    } catch (error) {
      throw sdkError(error, secrets)
    }
  }
  return {
    read: (operation, input) => call(operation, input),
    write: (operation, input) => call(operation, input),
    close: () => client.destroy(),
  }
}

/** How every client is made. */
export const clientOptions = ({ region, endpoint, credentials, answersWithin = 60_000 }: SdkParts) => ({
  region,
  credentials,
  // What is tried again, and when, is decided where it is known what this apply has done.
  maxAttempts: 1,
  // Left to itself, the client waits for ever.
  requestHandler: {
    connectionTimeout: Math.min(answersWithin, 10_000),
    requestTimeout: answersWithin,
    throwOnRequestTimeout: true,
  },
  ...(endpoint === null ? {} : { endpoint }),
})

/** What no message may quote. */
export const secretsIn = ({ secretAccessKey, sessionToken }: SdkParts['credentials']): readonly Secret[] =>
  [secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])].map((value) => new Secret(value))

/** Secrets are values on the wire, at the last moment. */
function withSecrets(value: object): object {
  const revealed = (inner: unknown): unknown => {
    if (inner instanceof Secret) return inner.reveal()
    if (Array.isArray(inner)) return inner.map(revealed)
    if (inner === null || typeof inner !== 'object' || Object.getPrototypeOf(inner) !== Object.prototype)
      return inner
    return withSecrets(inner)
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]))
}

import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import * as sdk from '@aws-sdk/client-iam'
import { openEphemeral } from '../../../src/cli/serving/ephemeral-account.ts'
import type { OpenedAccount } from '../../../src/cli/serving/opened-account.ts'
import { openProviderKeys } from '../../../src/cli/serving/provider-keys.ts'
import { serveAccount } from '../../../src/cli/serving/serve-account.ts'
import type { ServeOptions } from '../../../src/cli/serving/serve-options.ts'
import type { ProviderKeys } from '../../../src/iam/sts/provider-keys.ts'
import type { Account } from '../../../src/model/index.ts'
import { fixedBytes } from '../../fixed-seed.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface Served {
  readonly endpoint: string
  readonly port: number
  readonly root: Credentials
  readonly bearer: string
  readonly opened: OpenedAccount
  /** The lines of the log. */
  readonly log: readonly Readonly<Record<string, unknown>>[]
  /** Leaves the account open. */
  stopListening(): Promise<void>
  stop(): Promise<void>
}

const OPTIONS: ServeOptions = {
  isEphemeral: true,
  host: '127.0.0.1',
  port: 0,
  tls: null,
  rate: null,
  imds: null,
  providerKeys: null,
  partitionFromRegion: false,
  propagationDelay: 0,
  rootSessions: false,
  bootstrap: 'none',
}

/**
 * An account in memory behind a port, in this process.
 * @param more `isKept`: as an account of a project, which is in one partition
 */
export async function served(
  more: Partial<ServeOptions> & { readonly isKept?: boolean } = {},
  account?: Account,
  providerKeys: ProviderKeys = openProviderKeys(more.providerKeys ?? null),
): Promise<Served> {
  const ephemeral = await openEphemeral({
    providerKeys,
    propagationDelay: more.propagationDelay ?? 0,
    ...(account === undefined ? {} : { account }),
  })
  const opened = more.isKept === true ? { ...ephemeral, elsewhere: null } : ephemeral
  const root = await opened.current().keys.makeRootKey(Date.UTC(2026, 0, 1), fixedBytes)
  const log: Record<string, unknown>[] = []
  const bearer = 'bearer-of-the-test'
  const listening = await serveAccount(opened, { ...OPTIONS, ...more }, bearer, (line) =>
    log.push({ ...line }),
  )
  return {
    endpoint: `http://127.0.0.1:${listening.port}`,
    port: listening.port,
    root,
    bearer,
    opened,
    log,
    stopListening: () => listening.stop(1000),
    stop: async () => {
      await listening.stop(1000)
      await opened.close()
    },
  }
}

/** AWS's own client. */
export const clientOf = ({ endpoint }: Pick<Served, 'endpoint'>, credentials: Credentials): sdk.IAMClient =>
  new sdk.IAMClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })

/** What a call is refused with; null: it isn't. */
export const refusalBy = async (call: Promise<unknown>): Promise<string | null> =>
  call.then(
    () => null,
    (error: Error & { readonly Code?: string }) => error.Code ?? error.name,
  )

interface RawAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** A request as it is given, byte for byte. */
export const raw = (
  { port }: Pick<Served, 'port'>,
  {
    method = 'POST',
    path = '/',
    headers = {},
    body = '',
  }: {
    readonly method?: string
    readonly path?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string | Uint8Array
  },
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })

/** All that comes back for some bytes. */
export const exchanged = ({ port }: Pick<Served, 'port'>, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.on('data', (chunk) => {
      text += String(chunk)
    })
    socket.on('close', () => resolve(text))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(text) : reject(error),
    )
  })

// AWS's own clients over a transport of the test's.
import * as iam from '@aws-sdk/client-iam'
import * as sts from '@aws-sdk/client-sts'
import { vi } from 'vitest'
import type { ServiceName } from '../../../src/server/protocol/shapes.ts'
import type { IncomingRequest } from '../../../src/server/signature/incoming-request.ts'

interface SentRequest {
  readonly body: string
}
interface GivenResponse {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

const PACKAGES = { iam, sts } as const
const CLIENTS = { iam: iam.IAMClient, sts: sts.STSClient } as const

interface Wire {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface Signing {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** Milliseconds since the epoch. */
  readonly time: number
}

const NOBODY: Omit<Signing, 'time'> = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' }

async function callBy(
  service: ServiceName,
  operation: string,
  input: object,
  answer: (request: Wire) => GivenResponse,
  credentials: Omit<Signing, 'time'> = NOBODY,
): Promise<Record<string, unknown>> {
  const client = new CLIENTS[service]({
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: Wire) => {
        const { status, body, headers = {} } = answer(request)
        return {
          response: {
            statusCode: status,
            headers: { 'content-type': 'text/xml', ...headers },
            body: new Response(body).body,
          },
        }
      },
    } as never,
  })
  const name = `${operation}Command` as keyof (typeof PACKAGES)[ServiceName]
  const Command = PACKAGES[service][name] as unknown as new (input: object) => object
  const send = client.send.bind(client) as unknown as (command: object) => Promise<Record<string, unknown>>
  const { $metadata, ...output } = await send(new Command(input))
  return output
}

/** @returns what the client reads out of the answer; what it throws is thrown */
export const sendBy = (
  service: ServiceName,
  operation: string,
  input: object,
  answer: (request: SentRequest) => GivenResponse,
): Promise<Record<string, unknown>> => callBy(service, operation, input, answer)

/** The request that the client sends, signed. */
export async function signedBy(
  service: ServiceName,
  operation: string,
  input: object,
  { time, ...credentials }: Signing,
): Promise<IncomingRequest> {
  let sent: IncomingRequest | null = null
  const keep = ({ method, path, headers, body }: Wire): GivenResponse => {
    sent = {
      method,
      path,
      query: '',
      headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]])),
      body: new TextEncoder().encode(body),
    }
    return { status: 200, body: '<a/>' }
  }
  // The client signs by the clock.
  vi.useFakeTimers({ now: time, toFake: ['Date'] })
  try {
    await callBy(service, operation, input, keep, credentials)
  } finally {
    vi.useRealTimers()
  }
  if (sent === null) throw new Error('nothing was sent')
  return sent
}

/** What the client throws. */
export async function thrownBy(call: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await call
  } catch (error) {
    return error as Record<string, unknown>
  }
  throw new Error('nothing was thrown')
}

/** What the client calls an error, by the code that the service sends. */
export const exceptionOf = (service: ServiceName, code: string): string | undefined =>
  Object.values(PACKAGES[service] as object).flatMap((schema: unknown) => {
    if (!Array.isArray(schema) || schema[0] !== -3) return []
    const [, , name, traits] = schema as [
      number,
      string,
      string,
      { readonly awsQueryError?: readonly unknown[] },
    ]
    return (traits.awsQueryError?.[0] ?? name) === code ? [name] : []
  })[0]

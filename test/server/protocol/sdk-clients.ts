// AWS's own clients over a transport of the test's.
import * as iam from '@aws-sdk/client-iam'
import * as sts from '@aws-sdk/client-sts'
import type { ServiceName } from '../../../src/server/protocol/shapes.ts'

export interface SentRequest {
  readonly body: string
}
export interface GivenResponse {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

const PACKAGES = { iam, sts } as const
const CLIENTS = { iam: iam.IAMClient, sts: sts.STSClient } as const

/** @returns what the client reads out of the answer; what it throws is thrown */
export async function sendBy(
  service: ServiceName,
  operation: string,
  input: object,
  answer: (request: SentRequest) => GivenResponse,
): Promise<Record<string, unknown>> {
  const client = new CLIENTS[service]({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: { readonly body: string }) => {
        const { status, body, headers = {} } = answer({ body: request.body })
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

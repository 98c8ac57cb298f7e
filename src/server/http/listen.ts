import {
  createServer as createPlain,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { OutgoingAnswer, ReceivedRequest } from '../calls/answer-call.ts'

export interface ListeningParts {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  /** PEM; null: without. */
  readonly tls: { readonly certificate: string; readonly key: string } | null
  readonly answer: (request: ReceivedRequest) => Promise<OutgoingAnswer>
  /** What is answered to a request that is no HTTP, or more than anybody reads; as `answer` would. */
  readonly refuse: (status: number, code: string, message: string) => OutgoingAnswer
}

export interface Listening {
  readonly host: string
  readonly port: number
  /** Takes nothing new, and waits for what is under way; what takes longer than so many milliseconds is cut off. */
  stop(grace: number): Promise<void>
}

/** More than any call of IAM or STS has: the longest documents have some hundred thousand characters. */
const LARGEST_BODY = 1_048_576
const LARGEST_HEAD = 32_768
/** Milliseconds. */
const HEAD_WITHIN = 10_000
const REQUEST_WITHIN = 30_000
const KEPT_ALIVE = 60_000
const MOST_CONNECTIONS = 2_000

/** Serves one port. @throws what Node throws when it is taken or not allowed */
export async function listen(parts: ListeningParts): Promise<Listening> {
  const options = {
    maxHeaderSize: LARGEST_HEAD,
    headersTimeout: HEAD_WITHIN,
    requestTimeout: REQUEST_WITHIN,
    keepAliveTimeout: KEPT_ALIVE,
    connectionsCheckingInterval: HEAD_WITHIN,
    // Node's own refusal has no body that a client of AWS's could read.
    requireHostHeader: false,
  }
  let isStopping = false
  const onRequest = (incoming: IncomingMessage, response: ServerResponse) => {
    void answerOne(parts, incoming).then(({ status, headers, body }) => {
      const bytes = Buffer.from(body)
      response.writeHead(status, {
        ...headers,
        'content-length': String(bytes.length),
        ...(isStopping || !incoming.complete ? { connection: 'close' } : {}),
      })
      // What nobody reads any more would be waited for.
      if (!incoming.complete) response.once('finish', () => incoming.socket.destroySoon())
      response.end(incoming.method === 'HEAD' ? undefined : bytes)
    })
  }
  const server: Server =
    parts.tls === null
      ? createPlain(options, onRequest)
      : createSecure({ ...options, cert: parts.tls.certificate, key: parts.tls.key }, onRequest)
  server.maxConnections = MOST_CONNECTIONS
  // Likewise of what is expected beside `100-continue`.
  server.on('checkExpectation', onRequest)
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuseRaw(parts, error, socket))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(parts.port, parts.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { address, port } = server.address() as AddressInfo
  return {
    host: address,
    port,
    stop: async (grace) => {
      isStopping = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), grace)
      await closed
      clearTimeout(timer)
    },
  }
}

async function answerOne(parts: ListeningParts, incoming: IncomingMessage): Promise<OutgoingAnswer> {
  const body = await bodyOf(incoming)
  if (body === 'too large')
    return parts.refuse(413, 'RequestEntityTooLarge', 'Request size exceeded the maximum allowed size.')
  if (body === 'cut off') return parts.refuse(400, 'MalformedQueryString', 'The request ended early.')
  const [path, query] = targetOf(incoming.url ?? '/')
  return parts.answer({
    method: incoming.method ?? 'GET',
    path,
    query,
    headers: new Map(
      Object.entries(incoming.headersDistinct).flatMap(([name, values]) =>
        values === undefined ? [] : [[name, values] as const],
      ),
    ),
    body,
    sourceIp: plainAddress(incoming.socket.remoteAddress ?? ''),
    isSecure: parts.tls !== null,
  })
}

function targetOf(url: string): readonly [path: string, query: string] {
  // A proxy's form: `http://host/path`.
  const target = url.replace(/^https?:\/\/[^/?]*/i, '')
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  return [path === '' ? '/' : path, mark < 0 ? '' : target.slice(mark + 1)]
}

/** An IPv4 address comes in the form of IPv6 where both are listened to. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '')

function bodyOf(incoming: IncomingMessage): Promise<Uint8Array | 'too large' | 'cut off'> {
  if (Number(incoming.headers['content-length'] ?? 0) > LARGEST_BODY) return Promise.resolve('too large')
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > LARGEST_BODY) {
        incoming.pause()
        incoming.removeAllListeners('data')
        resolve('too large')
      } else chunks.push(chunk)
    })
    incoming.on('end', () => resolve(Buffer.concat(chunks)))
    incoming.on('error', () => resolve('cut off'))
    incoming.on('aborted', () => resolve('cut off'))
  })
}

/** A request that Node itself could not read. */
function refuseRaw({ refuse }: ListeningParts, { code }: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const [status, reason, name, message] =
    code === 'HPE_HEADER_OVERFLOW'
      ? [
          431,
          'Request Header Fields Too Large',
          'RequestEntityTooLarge',
          'The head of the request is too long.',
        ]
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout', 'RequestExpired', 'The request did not come in time.']
        : [400, 'Bad Request', 'MalformedQueryString', 'This is no HTTP request.']
  const answer = refuse(Number(status), String(name), String(message))
  const head = Object.entries({
    ...answer.headers,
    'content-length': String(Buffer.byteLength(answer.body)),
    connection: 'close',
  }).map(([header, value]) => `${header}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${String(status)} ${String(reason)}\r\n${head.join('')}\r\n${answer.body}`)
}

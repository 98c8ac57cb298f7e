import { Agent, createServer, type IncomingHttpHeaders, type RequestOptions, request } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What becomes of a call on its way. `after`: the server has carried it out, and its answer is there. */
export type Fate =
  | 'passed'
  | 'dropped after'
  | 'cut off after'
  | 'a 500 after'
  | 'a 503 after'
  | 'a 504 after'
  | 'a page after'
  | 'dropped before'
  | 'a 500 before'
  | 'a 503 before'
  | 'a page before'
  | 'throttled before'

/** A call that came by. */
interface PassedCall {
  readonly operation: string
  /** The same for the same call made again. */
  readonly form: string
  readonly fate: Fate
  /** What the server answered; null: it was never asked. */
  readonly status: number | null
}

interface Proxy {
  readonly endpoint: string
  readonly calls: readonly PassedCall[]
  stop(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

const errorXml = (code: string) =>
  `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Receiver</Type><Code>${code}</Code><Message>of the proxy</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`
const PAGE = '<html><body>bad gateway<br></body></html>'

/** What is answered in the server's place. */
const INSTEAD: Partial<Readonly<Record<Fate, readonly [status: number, type: string, body: string]>>> = {
  'a 500 after': [500, 'text/xml', errorXml('InternalFailure')],
  'a 503 after': [503, 'text/xml', errorXml('ServiceUnavailable')],
  'a 504 after': [504, 'text/html', PAGE],
  'a page after': [200, 'text/html', PAGE],
  'a 500 before': [500, 'text/html', PAGE],
  'a 503 before': [503, 'text/xml', errorXml('ServiceUnavailable')],
  // As well formed as an answer.
  'a page before': [200, 'text/html', '<html><body>back in a moment</body></html>'],
  'throttled before': [400, 'text/xml', errorXml('Throttling')],
}

/**
 * Stands before a server that signatures are verified by, and loses what passes between it and its clients.
 * @param fateOf `times`: how often this very call has come by before
 */
export async function losingProxy(
  port: number,
  fateOf: (call: { readonly operation: string; readonly times: number }) => Fate,
): Promise<Proxy> {
  const agent = new Agent({ keepAlive: true })
  const calls: PassedCall[] = []
  const seen = new Map<string, number>()
  const sockets = new Set<Socket>()
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const form = body.toString()
    const operation = new URLSearchParams(form).get('Action') ?? ''
    const times = seen.get(form) ?? 0
    seen.set(form, times + 1)
    const fate = fateOf({ operation, times })
    const { method = 'POST', url = '/', headers } = incoming
    const asked = fate.endsWith(' before')
      ? null
      : await answerOf({ host: '127.0.0.1', port, method, path: url, headers, agent }, body)
    calls.push({ operation, form, fate, status: asked?.status ?? null })
    const instead = INSTEAD[fate]
    if (instead !== undefined) {
      const [status, type, text] = instead
      outgoing.writeHead(status, { 'content-type': type }).end(text)
    } else if (asked === null || fate === 'dropped after') incoming.socket.destroy()
    else {
      outgoing.writeHead(asked.status, asked.headers)
      if (fate === 'passed') outgoing.end(asked.body)
      else
        outgoing.write(asked.body.subarray(0, asked.body.length / 2), () => {
          incoming.socket.destroySoon()
        })
    }
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    stop: async () => {
      agent.destroy()
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const answerOf = (options: RequestOptions, body: Buffer): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })

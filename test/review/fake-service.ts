import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { webPorts } from '../../src/cli/opening/web-ports.ts'
import type { PlannedCall } from '../../src/review/api-client.ts'
import type { Forge } from '../../src/review/forge.ts'
import type { WebPorts } from '../../src/review/http.ts'
import { type ForgePlace, openForge } from '../../src/review/open-forge.ts'

export interface Remark {
  readonly id: number
  readonly author: string
  body: string
  isHidden: boolean
}

export interface Said {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface Asked {
  readonly method: string
  /** Without the place of the API. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Record<string, unknown>
}

/** What was said of a commit: a check run's conclusion, or the state of a status. */
interface SaidOfCommit {
  readonly kind: 'check' | 'status'
  readonly commit: string
  readonly name: string
  readonly outcome: string
  readonly title: string
  readonly annotations: { readonly path: string; readonly start_line: number }[]
  /** Annotations that came with each call. */
  readonly perCall: number[]
}

/** A server with one pull request. Those of GitHub and GitLab are alike in this, and differ in what is asked. */
export abstract class FakeService {
  readonly remarks: Remark[] = []
  readonly labels = new Set<string>()
  readonly reports: SaidOfCommit[] = []
  /** What was asked: `POST /repos/acme/iam/issues/7/comments`. */
  readonly asked: string[] = []
  /** How long it was waited for. */
  readonly waits: number[] = []
  head = 'c0ffee'
  /** Characters that a comment may have. */
  longest = 65_536
  /** Elements of a page, whatever is asked for. */
  mostPerPage = 100
  /** Asked before all else; null: it has nothing against it. */
  refuse: (asked: Asked) => Said | null = () => null
  /** Called when something was asked, and before it is answered. */
  meanwhile: (asked: Asked) => Promise<void> | void = () => {}

  readonly #server = createServer((request, response) => void this.#serve(request, response))
  #ids = 100

  abstract readonly name: 'GitHub' | 'GitLab'
  abstract readonly me: string
  abstract answer(asked: Asked): Said
  abstract place(): ForgePlace

  /** Environment variables of a job that is about the pull request. */
  abstract environment(): Readonly<Record<string, string>>

  async open(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
    return this
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Writes are those that change something for a reader. */
  get writes(): readonly string[] {
    return this.asked.filter((each) => !each.startsWith('GET ') && !each.endsWith(' query'))
  }

  /** @param token another one than it takes */
  forge(token: string | null = 'token-of-the-job', planned: PlannedCall[] | null = null): Forge {
    return openForge(this.place(), token, this.#ports, planned)
  }

  get #ports(): WebPorts {
    return { send: webPorts.send, sleep: async (wait) => void this.waits.push(wait) }
  }

  add(author: string, body: string): Remark {
    const remark = { id: ++this.#ids, author, body, isHidden: false }
    this.remarks.push(remark)
    return remark
  }

  page(
    items: readonly unknown[],
    query: URLSearchParams,
  ): { items: readonly unknown[]; next: number | null } {
    const size = Math.min(Number(query.get('per_page') ?? 20), this.mostPerPage)
    const page = Number(query.get('page') ?? 1)
    return {
      items: items.slice((page - 1) * size, page * size),
      next: page * size < items.length ? page + 1 : null,
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const url = new URL(request.url ?? '/', this.url)
    const text = Buffer.concat(pieces).toString()
    const asked: Asked = {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      body: text === '' ? {} : JSON.parse(text),
    }
    const isQuery = typeof asked.body.query === 'string' && asked.body.query.startsWith('query')
    this.asked.push(`${asked.method} ${asked.path}${isQuery ? ' query' : ''}`)
    await this.meanwhile(asked)
    const said = this.#unauthorized(request) ?? this.refuse(asked) ?? this.answer(asked)
    response.writeHead(said.status, { 'content-type': 'application/json', ...said.headers })
    response.end(said.body === undefined ? '' : JSON.stringify(said.body))
  }

  #unauthorized({ headers }: IncomingMessage): Said | null {
    const given = headers.authorization ?? headers['private-token']
    return typeof given === 'string' && given.endsWith('token-of-the-job')
      ? null
      : { status: 401, body: { message: `Bad credentials: ${String(given)}` } }
  }
}

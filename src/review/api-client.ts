import { printable } from '../report/layout/paint.ts'
import { ForgeError } from './forge-error.ts'
import type { HttpAnswer, HttpRequest, WebPorts } from './http.ts'
import { waitBeforeRetry } from './retries.ts'

const PER_PAGE = 100
/** Of 100 each. A pull request with more comments is none that somebody reads. */
const MOST_PAGES = 100

/** A call that writes, in place of which nothing is sent. */
export interface PlannedCall {
  readonly method: HttpRequest['method']
  readonly url: string
}

interface ApiPlace {
  /** Which service it is, for what is said of it. */
  readonly name: string
  /** Without a slash at the end. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Stands in headers, and nowhere else. */
  readonly token: string
}

/** What a call does: `query` reads, though it is sent as if it wrote. */
interface Call {
  readonly method: HttpRequest['method']
  readonly url: string
  readonly body: object | null
}

/** JSON over HTTP: pages, retries, and errors in words. */
export class ApiClient {
  readonly #place: ApiPlace
  readonly #ports: WebPorts
  readonly #planned: PlannedCall[] | null

  /** @param planned takes what would be written, which then is not sent; null: all is sent */
  constructor(place: ApiPlace, ports: WebPorts, planned: PlannedCall[] | null) {
    this.#place = place
    this.#ports = ports
    this.#planned = planned
  }

  /** @throws ForgeError */
  async read(path: string): Promise<unknown> {
    return this.#json(await this.#answer({ method: 'GET', url: this.#urlOf(path), body: null }))
  }

  /** Every element of a list that comes in pages. @throws ForgeError */
  async pages(path: string): Promise<readonly unknown[]> {
    const items: unknown[] = []
    for (let page = 1; page <= MOST_PAGES; page++) {
      const url = `${this.#urlOf(path)}${path.includes('?') ? '&' : '?'}per_page=${PER_PAGE}&page=${page}`
      const answer = await this.#answer({ method: 'GET', url, body: null })
      const list = this.#json(answer)
      if (!Array.isArray(list)) throw this.#unread('a list was to come, and something else did')
      items.push(...list)
      if (!hasNextPage(answer)) return items
    }
    throw this.#unread(`\`${path}\` has more than ${MOST_PAGES * PER_PAGE} elements`)
  }

  /** @returns null: it was only planned. @throws ForgeError */
  async write(method: HttpRequest['method'], path: string, body: object | null): Promise<unknown> {
    return this.#send({ method, url: this.#urlOf(path), body })
  }

  /** A GraphQL query, which reads. @throws ForgeError where nothing of it was answered */
  async query(url: string, query: string, variables: object): Promise<unknown> {
    const answer = await this.#answer({ method: 'POST', url, body: { query, variables } })
    return this.#dataIn(this.#json(answer), 'query')
  }

  /** @returns null: it was only planned. @throws ForgeError */
  async mutate(url: string, query: string, variables: object): Promise<unknown> {
    const answered = await this.#send({ method: 'POST', url, body: { query, variables } })
    return answered === null ? null : this.#dataIn(answered, 'mutation')
  }

  async #send(call: Call): Promise<unknown> {
    if (this.#planned === null) return this.#json(await this.#answer(call))
    this.#planned.push({ method: call.method, url: call.url })
    return null
  }

  #urlOf(path: string): string {
    return `${this.#place.url}${path}`
  }

  async #answer({ method, url, body }: Call): Promise<HttpAnswer> {
    const headers = {
      ...this.#place.headers,
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    }
    const request = { method, url, headers, body: body === null ? null : JSON.stringify(body) }
    for (let tried = 1; ; tried++) {
      const sent = await this.#ports.send(request).then(
        (answer) => ({ answer, failure: null }),
        (failure: unknown) => ({ answer: null, failure }),
      )
      const wait = waitBeforeRetry(sent.answer, tried)
      if (sent.answer !== null && sent.answer.status >= 200 && sent.answer.status < 300) return sent.answer
      if (wait === null) throw this.#errorOf(request, sent.answer, sent.failure)
      await this.#ports.sleep(wait)
    }
  }

  #json(answer: HttpAnswer): unknown {
    if (answer.body.trim() === '') return {}
    try {
      return JSON.parse(answer.body)
    } catch {
      throw this.#unread('its answer is not JSON')
    }
  }

  /** Of a query a part may be answered, and errors say what wasn't. */
  #dataIn(answered: unknown, kind: 'query' | 'mutation'): unknown {
    const { data, errors } = answered as { data?: unknown; errors?: unknown }
    const hasErrors = Array.isArray(errors) && errors.length > 0
    if (hasErrors && (kind === 'mutation' || data === null || data === undefined))
      throw this.#unread(messageIn(errors[0]) ?? 'GraphQL errors')
    return data
  }

  #unread(why: string): ForgeError {
    return new ForgeError(`${this.#place.name}: ${this.#shown(why)}`)
  }

  #errorOf({ method, url }: HttpRequest, answer: HttpAnswer | null, failure: unknown): ForgeError {
    const { name } = this.#place
    const call = `\`${method} ${this.#shown(url)}\``
    if (answer === null) {
      const why = failure instanceof Error ? failure.message : String(failure)
      return new ForgeError(`${name} did not answer ${call}: ${this.#shown(why)}`)
    }
    const { status, body } = answer
    const said = saidIn(body)
    const moved =
      status >= 300 && status < 400 ? `it moved to ${answer.header('location') ?? 'elsewhere'}` : ''
    const why = [moved, said].filter((text) => text !== '').join(': ')
    const isTooLong =
      status === 413 || ((status === 422 || status === 400) && /too (?:long|large)/i.test(body))
    return new ForgeError(
      `${name} answered ${status} to ${call}${why === '' ? '' : `: ${this.#shown(why)}`}`,
      status,
      isTooLong,
    )
  }

  /** What a server says goes to a log: on one line, short, and without what was sent to it. */
  #shown(text: string): string {
    const { token } = this.#place
    const hidden = token === '' ? text : text.replaceAll(token, '***')
    const line = printable(hidden.replace(/\s+/g, ' ').trim())
    return line.length > LONGEST_SAID ? `${line.slice(0, LONGEST_SAID)}…` : line
  }
}

const LONGEST_SAID = 300

/** GitLab says it by number, both by a link. */
function hasNextPage(answer: HttpAnswer): boolean {
  const next = answer.header('x-next-page')
  if (next !== null) return next.trim() !== ''
  return /;\s*rel="?next"?/.test(answer.header('link') ?? '')
}

/** GitHub's `message` and `errors`, GitLab's `message` (of any shape) or `error`. */
function saidIn(body: string): string {
  try {
    const json = JSON.parse(body) as Record<string, unknown>
    const parts = [json.message ?? json.error, ...(Array.isArray(json.errors) ? json.errors : [])]
    return parts.flatMap((part) => messageIn(part) ?? []).join(': ')
  } catch {
    return ''
  }
}

function messageIn(part: unknown): string | null {
  if (part === undefined || part === null) return null
  if (typeof part === 'string') return part
  if (typeof part === 'object' && 'message' in part && typeof part.message === 'string') return part.message
  return JSON.stringify(part)
}

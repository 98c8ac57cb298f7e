import { setTimeout as wait } from 'node:timers/promises'
import type { HttpAnswer, WebPorts } from '../../review/http.ts'

/** A server that says nothing for so long has nothing to say. */
const PATIENCE = 30_000
/** Far more than a hundred comments are. */
const LONGEST_ANSWER = 32 * 1024 * 1024

/** HTTP as Node does it. Redirects are answers: a token goes to no server but the one that it is for. */
export const webPorts: WebPorts = {
  async send({ method, url, headers, body }): Promise<HttpAnswer> {
    const answer = await fetch(url, {
      method,
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    }).catch((error: unknown) => {
      throw new Error(networkReason(error))
    })
    const length = Number(answer.headers.get('content-length') ?? 0)
    if (length > LONGEST_ANSWER) throw new Error(`its answer has ${length.toLocaleString('en')} bytes`)
    const text = await answer.text()
    return { status: answer.status, header: (name) => answer.headers.get(name), body: text }
  },
  sleep: async (milliseconds) => {
    await wait(milliseconds)
  },
}

/** `fetch failed` says nothing; its cause does. */
function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `nothing came in ${PATIENCE / 1000} seconds`
  return error.cause instanceof Error ? error.cause.message : error.message
}

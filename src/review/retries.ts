import type { HttpAnswer } from './http.ts'

/** Tries of one request, the first among them. */
const MOST_TRIES = 4

/** A server that wants a longer rest is not waited for: a job is paid by the minute. */
const LONGEST_WAIT = 120_000

/** How long GitHub wants to be left alone where it doesn't say. @see GitHub REST API, "Rate limits": secondary rate limits */
const UNSAID_WAIT = 60_000

/**
 * How long to wait before a request is sent once more.
 * @param answer null: there was none
 * @param tried how often it has been sent
 * @returns milliseconds; null: trying again can't help, or takes too long
 */
export function waitBeforeRetry(answer: HttpAnswer | null, tried: number): number | null {
  if (tried >= MOST_TRIES) return null
  const backoff = 1000 * 2 ** (tried - 1)
  if (answer === null || answer.status >= 500) return bounded(saidWait(answer) ?? backoff)
  if (!isRateLimit(answer)) return null
  return bounded(saidWait(answer) ?? UNSAID_WAIT)
}

const bounded = (wait: number): number | null => (wait <= LONGEST_WAIT ? wait : null)

function isRateLimit(answer: HttpAnswer): boolean {
  if (answer.status === 429) return true
  return (
    answer.status === 403 &&
    (answer.header('retry-after') !== null ||
      answer.header('x-ratelimit-remaining') === '0' ||
      /\brate limit\b/i.test(answer.body))
  )
}

/** What the server says of it: seconds, or the time at which a limit begins anew, by its own clock. */
function saidWait(answer: HttpAnswer | null): number | null {
  if (answer === null) return null
  const after = answer.header('retry-after')
  if (after !== null && /^\d+$/.test(after.trim())) return Number(after) * 1000
  const now = Date.parse(answer.header('date') ?? '')
  if (after !== null) return between(now, Date.parse(after))
  const reset = answer.header('x-ratelimit-reset') ?? answer.header('ratelimit-reset')
  return answer.header('x-ratelimit-remaining') === '0' && reset !== null
    ? between(now, Number(reset) * 1000)
    : null
}

const between = (now: number, then: number): number | null =>
  Number.isFinite(now) && Number.isFinite(then) ? Math.max(0, then - now) : null

/** How often one key may call. */
export interface Rate {
  /** On average. */
  readonly perSecond: number
  /** At once, after a pause. */
  readonly burst: number
}

/** More keys than ever call within the time in which a bucket fills. */
const MOST_KEYS = 10_000

/** A bucket of tokens for each key: each call takes one, and they come back with time. */
export class RateLimit {
  readonly #rate: Rate
  readonly #buckets = new Map<string, { tokens: number; time: number }>()

  constructor(rate: Rate) {
    this.#rate = rate
  }

  /** @param now milliseconds */
  admits(key: string, now: number): boolean {
    const { perSecond, burst } = this.#rate
    const bucket = this.#buckets.get(key) ?? { tokens: burst, time: now }
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.time) / 1000) * perSecond)
    bucket.time = now
    // Who was asked last stands last.
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    if (this.#buckets.size > MOST_KEYS) {
      const [oldest] = this.#buckets.keys()
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }
}

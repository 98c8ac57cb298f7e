import { createHmac, timingSafeEqual } from 'node:crypto'

/** Seconds. @see EC2 User Guide, "Use the Instance Metadata Service": six hours */
export const LONGEST_TOKEN = 21_600

/** What is signed: when its time is over, and chance, so that no two are alike. */
const PAYLOAD_BYTES = 16
const TOKEN = /^[A-Za-z0-9_-]{64}$/

/** The tokens by which a metadata service knows who asked it before. Nothing of them is kept. */
export class MetadataTokens {
  readonly #key: Uint8Array
  readonly #clock: () => number
  readonly #randomBytes: (count: number) => Uint8Array

  /** @param clock milliseconds since the epoch */
  constructor(clock: () => number, randomBytes: (count: number) => Uint8Array) {
    this.#key = randomBytes(32)
    this.#clock = clock
    this.#randomBytes = randomBytes
  }

  issue(seconds: number): string {
    const payload = Buffer.alloc(PAYLOAD_BYTES)
    payload.writeDoubleBE(this.#clock() + seconds * 1000, 0)
    payload.set(this.#randomBytes(PAYLOAD_BYTES - 8), 8)
    return Buffer.concat([payload, this.#mark(payload)]).toString('base64url')
  }

  isGood(token: string): boolean {
    if (!TOKEN.test(token)) return false
    const bytes = Buffer.from(token, 'base64url')
    const payload = bytes.subarray(0, PAYLOAD_BYTES)
    return (
      timingSafeEqual(bytes.subarray(PAYLOAD_BYTES), this.#mark(payload)) &&
      payload.readDoubleBE(0) > this.#clock()
    )
  }

  #mark(payload: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#key).update(payload).digest()
  }
}

/** What GitHub or GitLab did not do, in words that may be shown: they hold no token. */
export class ForgeError extends Error {
  /** null: no answer came, or none that can be read. */
  readonly status: number | null
  /** Whether a shorter body may be taken. */
  readonly isTooLong: boolean

  constructor(message: string, status: number | null = null, isTooLong = false) {
    super(message)
    this.name = 'ForgeError'
    this.status = status
    this.isTooLong = isTooLong
  }

  /** What was to be changed isn't there any more. */
  get isGone(): boolean {
    return this.status === 404 || this.status === 410
  }
}

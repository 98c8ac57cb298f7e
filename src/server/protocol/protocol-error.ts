/** A request that is refused before anybody is asked. Texts as AWS has them, where they are documented. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'

  readonly code: string
  /** Of HTTP. */
  readonly status: number

  constructor(code: string, message: string, status: number) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** @see IAM API Reference, "Common Errors": MalformedQueryString */
export const malformedQuery = (message: string): ProtocolError =>
  new ProtocolError('MalformedQueryString', message, 404)

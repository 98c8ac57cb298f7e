/** A request as it came: nothing of it is decoded. */
export interface IncomingRequest {
  readonly method: string
  /** Without the query, as on the request line. */
  readonly path: string
  /** Without its question mark; empty: there is none. */
  readonly query: string
  /** By names in lower case; each as often as it came. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: Uint8Array
}

/** @returns null: not there; several are one with commas, as HTTP has it */
export const headerOf = ({ headers }: IncomingRequest, name: string): string | null => {
  const values = headers.get(name)
  return values === undefined ? null : values.join(',')
}

/** What is asked of a server. Whoever sends it follows no redirect: headers hold a token. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export interface HttpAnswer {
  readonly status: number
  /** By its name in lowercase; null: there is none. */
  header(name: string): string | null
  readonly body: string
}

/** What this room needs of the world. */
export interface WebPorts {
  /** @throws Error when no answer came, in words that may be shown */
  send(request: HttpRequest): Promise<HttpAnswer>
  sleep(milliseconds: number): Promise<void>
}

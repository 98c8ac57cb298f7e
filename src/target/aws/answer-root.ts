import { Readable } from 'node:stream'
import { IamError } from '../../iam/service-error.ts'

/** What the client's layers pass on, as far as it is looked at. */
interface Received {
  readonly response: { readonly statusCode: number; body: AsyncIterable<Uint8Array> }
}
type Layer = (
  next: (call: object) => Promise<Received>,
  context: { readonly commandName?: string },
) => (call: object) => Promise<Received>

/** A client, as far as something is put into it. */
export interface Layered {
  readonly middlewareStack: { add(layer: Layer, place: object): void }
}

const ROOT = /^\s*(?:<\?xml[^>]*\?>\s*)?<([\w:]+)/

/**
 * The client reads any XML as an answer that says nothing: a page of a proxy would be an account without anybody in it. With this it
 * takes only what says which operation it answers.
 */
export function onlyAnswers(client: Layered): void {
  const layer: Layer = (next, { commandName = '' }) => {
    const expected = `${commandName.replace(/Command$/, '')}Response`
    return async (call) => {
      const received = await next(call)
      const { response } = received
      if (response.statusCode >= 300) return received
      const chunks: Uint8Array[] = []
      for await (const chunk of response.body) chunks.push(chunk)
      const body = Buffer.concat(chunks)
      if (ROOT.exec(body.toString('utf8', 0, 1000))?.[1] !== expected)
        throw new IamError('ServiceFailure', `what came is no ${expected}`, {
          retryable: true,
          unanswered: true,
        })
      response.body = Readable.from([body])
      return received
    }
  }
  // Next to the connection, before anything is read out of it.
  client.middlewareStack.add(layer, { name: 'onlyAnswers', step: 'deserialize', priority: 'low' })
}

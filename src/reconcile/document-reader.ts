import { IamError } from '../iam/service-error.ts'
import type { PlacedDocument, PolicyDocument } from '../model/index.ts'

/** Decodes documents. Equal texts become one object, so that comparing them costs nothing. */
export class DocumentReader {
  readonly #read = new Map<string, PlacedDocument>()

  /** @param text URL-encoded (RFC 3986) JSON */
  read(text: string): PlacedDocument {
    let document = this.#read.get(text)
    if (document === undefined) {
      document = { json: decodeDocument(text), located: null }
      this.#read.set(text, document)
    }
    return document
  }
}

function decodeDocument(text: string): PolicyDocument {
  let json: unknown
  try {
    json = JSON.parse(decodeURIComponent(text))
  } catch {
    throw new IamError('ServiceFailure', 'the target returned a policy document that is not URL-encoded JSON')
  }
  if (!hasStatements(json))
    throw new IamError('ServiceFailure', 'the target returned a policy document without statements')
  return json as PolicyDocument
}

const hasStatements = (json: unknown): boolean =>
  typeof json === 'object' &&
  json !== null &&
  'Statement' in json &&
  typeof json.Statement === 'object' &&
  json.Statement !== null

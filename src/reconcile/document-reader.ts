import type { StateDocument } from '../model/index.ts'
import { isPolicyDocument } from '../policy/document-form.ts'

/** Decodes documents. Equal texts become one object, so that comparing them costs nothing. */
export class DocumentReader {
  readonly #read = new Map<string, StateDocument>()

  /** @param text URL-encoded (RFC 3986) JSON */
  read(text: string): StateDocument {
    let document = this.#read.get(text)
    if (document === undefined) {
      document = decodeDocument(text)
      this.#read.set(text, document)
    }
    return document
  }
}

/** One unreadable document is no reason to see nothing of the account. */
function decodeDocument(text: string): StateDocument {
  let json: unknown
  try {
    json = JSON.parse(decodeURIComponent(text))
  } catch {
    return { unknown: 'not-json', text, place: null }
  }
  return isPolicyDocument(json) ? { json, located: null } : { unknown: 'not-a-policy', text, place: null }
}

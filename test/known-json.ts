import { jsonOf, type PolicyDocument, type StateDocument } from '../src/model/index.ts'

/** What a document says, in tests whose accounts have none that nobody can read. */
export function knownJson(document: StateDocument | undefined): PolicyDocument {
  const json = document === undefined ? null : jsonOf(document)
  if (json === null) throw new Error('a document that is not known')
  return json
}

import { errorOf } from '../../diagnostics/index.ts'
import type { PlacedDocument } from '../../model/index.ts'
import { parsePolicy } from '../../policy/parse.ts'
import type { ParsedPolicy, PolicyUse } from '../../policy/parsed.ts'
import type { IdentifiedPolicy } from '../layers.ts'
import { Refusal } from './refusal.ts'

/** Documents taken apart, each once for each use; and the way back, for the places in an answer. */
export class ParsedDocuments {
  readonly #parsed = new WeakMap<object, Map<PolicyUse, ParsedPolicy>>()
  readonly #documents = new WeakMap<ParsedPolicy, PlacedDocument>()
  readonly #identified = new WeakMap<ParsedPolicy, Map<string, IdentifiedPolicy>>()

  /** @returns the same object for the same arguments. @throws Refusal when the document has no clear meaning */
  identified(id: string, document: PlacedDocument, use: PolicyUse): IdentifiedPolicy {
    const policy = this.#parse(id, document, use)
    const byId = this.#identified.get(policy) ?? new Map<string, IdentifiedPolicy>()
    this.#identified.set(policy, byId)
    let identified = byId.get(id)
    if (identified === undefined) {
      identified = { id, policy }
      byId.set(id, identified)
    }
    return identified
  }

  #parse(id: string, document: PlacedDocument, use: PolicyUse): ParsedPolicy {
    const uses = this.#parsed.get(document.json) ?? new Map<PolicyUse, ParsedPolicy>()
    const known = uses.get(use)
    if (known !== undefined) return known
    const { policy, diagnostics } = parsePolicy(document.json, document.located, use, 'evaluate')
    if (policy === null)
      throw new Refusal([
        errorOf({
          code: 'evaluate.invalid-policy',
          message: `policy \`${id}\` can't be evaluated`,
          help: 'see the errors below',
        }),
        ...diagnostics,
      ])
    this.#parsed.set(document.json, uses.set(use, policy))
    this.#documents.set(policy, document)
    return policy
  }

  /** The document that a policy was parsed from. */
  documentOf(policy: ParsedPolicy): PlacedDocument | null {
    return this.#documents.get(policy) ?? null
  }
}

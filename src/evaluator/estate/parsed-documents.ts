import { errorOf } from '../../diagnostics/index.ts'
import { isUnknown, type PlacedDocument, type StateDocument, unknownWords } from '../../model/index.ts'
import { parsePolicy } from '../../policy/parse.ts'
import type { ParsedPolicy, ParsedPrincipal, PolicyUse } from '../../policy/parsed.ts'
import type { IdentifiedPolicy } from '../layers.ts'
import { INVALID_POLICY, Refusal, refuse, UNKNOWN_DOCUMENT } from './refusal.ts'

/** Who lets others in by a trust policy. */
interface Trusting {
  readonly arn: string
  readonly trustPolicy: StateDocument
}

/** Documents taken apart, each once for each use; and the way back, for the places in an answer. */
export class ParsedDocuments {
  readonly #arns: ReadonlyMap<string, string>
  readonly #parsed = new WeakMap<object, Map<PolicyUse, ParsedPolicy>>()
  readonly #documents = new WeakMap<ParsedPolicy, PlacedDocument>()
  readonly #identified = new WeakMap<ParsedPolicy, Map<string, IdentifiedPolicy>>()
  readonly #trusts = new WeakMap<Trusting, IdentifiedPolicy>()

  /** @param uniqueIds of users and roles, by ARN */
  constructor(uniqueIds: ReadonlyMap<string, string> = new Map()) {
    this.#arns = new Map([...uniqueIds].map(([arn, id]) => [id, arn]))
  }

  /** @returns the same object for the same arguments. @throws Refusal when the document isn't known or has no clear meaning */
  identified(id: string, document: StateDocument, use: PolicyUse): IdentifiedPolicy {
    if (isUnknown(document))
      throw refuse(
        UNKNOWN_DOCUMENT,
        `what policy \`${id}\` says is not known: ${unknownWords(document)}`,
        'put it right in the account, or declare it',
      )
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

  /** Its trust policy. @throws Refusal as `identified` does */
  trustOf(trusting: Trusting): IdentifiedPolicy {
    let trust = this.#trusts.get(trusting)
    if (trust === undefined) {
      trust = this.identified(trusting.arn, trusting.trustPolicy, 'trust')
      this.#trusts.set(trusting, trust)
    }
    return trust
  }

  #parse(id: string, document: PlacedDocument, use: PolicyUse): ParsedPolicy {
    const uses = this.#parsed.get(document.json) ?? new Map<PolicyUse, ParsedPolicy>()
    const known = uses.get(use)
    if (known !== undefined) return known
    const { policy, diagnostics } = parsePolicy(document.json, document.located, use, 'evaluate')
    if (policy === null)
      throw new Refusal([
        errorOf({
          code: INVALID_POLICY,
          message: `policy \`${id}\` can't be evaluated`,
          help: 'see the errors below',
        }),
        ...diagnostics,
      ])
    const bound = this.#bound(policy)
    this.#parsed.set(document.json, uses.set(use, bound))
    this.#documents.set(bound, document)
    return bound
  }

  /** A unique id that somebody has stands for them. */
  #bound(policy: ParsedPolicy): ParsedPolicy {
    if (this.#arns.size === 0) return policy
    const boundOf = (entry: ParsedPrincipal): ParsedPrincipal => {
      const arn = entry.kind === 'uniqueId' ? this.#arns.get(entry.id) : undefined
      return arn === undefined ? entry : { kind: 'arn', arn }
    }
    return {
      ...policy,
      statements: policy.statements.map((statement) =>
        statement.principal === null
          ? statement
          : {
              ...statement,
              principal: { ...statement.principal, entries: statement.principal.entries.map(boundOf) },
            },
      ),
    }
  }

  /** The document that a policy was parsed from. */
  documentOf(policy: ParsedPolicy): PlacedDocument | null {
    return this.#documents.get(policy) ?? null
  }
}

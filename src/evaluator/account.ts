import { type Diagnostic, didYouMean, errorOf } from '../diagnostics/index.ts'
import {
  type AccountState,
  type PlacedDocument,
  type PolicyDocument,
  parseArn,
  parseEntityArn,
  type RoleState,
  type UserState,
} from '../model/index.ts'
import { parsePolicy } from '../policy/parse.ts'
import type { ParsedPolicy, PolicyUse } from '../policy/parsed.ts'
import { entityContext, resourceContext } from './account-context.ts'
import { type FoundPrincipal, findPrincipal } from './account-principal.ts'
import type { Decision, Reason, Request } from './decision.ts'
import type { IdentifiedPolicy, PolicyLayers } from './layers.ts'
import { createPolicyEvaluator, type PolicyEvaluator, type Question } from './policy-evaluator.ts'
import { Refusal, refuse } from './refusal.ts'
import { needsResourcePolicy, requestProblem } from './request-facts.ts'
import { UnevaluablePolicyError } from './unevaluable.ts'

/**
 * A question as people ask it. `principal`: an ARN, `user/NAME`, `role/NAME`, `role/NAME/SESSION`, `root`, a service
 * principal, or `*`. The rest as in a request.
 */
export type AccountQuestion = Request

/** A statement or layer that decided, and the document that it stands in (null for a layer as a whole). */
export type PlacedReason = Reason & { readonly document: PlacedDocument | null }

export interface AccountAnswer {
  /** The question with its principal as an ARN. */
  readonly request: Request
  readonly decision: Decision
  readonly reasons: readonly PlacedReason[]
}

export type Answered =
  | { readonly answer: AccountAnswer }
  | { readonly answer: null; readonly diagnostics: readonly Diagnostic[] }

export interface AccountFacts {
  /** The document of one of AWS's own policies, by ARN; null: there is none. */
  documentOf(arn: string): PolicyDocument | null
  /** When the requests are made. */
  readonly now: Date
}

/** A principal of the account with its policies. */
interface Asker extends FoundPrincipal {
  readonly layers: PolicyLayers
}

/** Once so many principals were compiled one by one, all others follow at once: each compile writes the program anew. */
const ONE_BY_ONE_AT_MOST = 16

/** Decides what the principals of one account may do, by the account's own policies and those of AWS in use. */
export class AccountEvaluator {
  readonly #evaluator: PolicyEvaluator
  readonly #state: AccountState
  readonly #facts: AccountFacts
  readonly #parsed = new Map<object, Map<PolicyUse, ParsedPolicy>>()
  readonly #managed = new Map<string, PlacedDocument>()
  readonly #identities = new Map<UserState | RoleState, PolicyLayers>()
  /** The same layers with a resource's policy; one object for each pair, so that each is compiled once. */
  readonly #withResource = new Map<PolicyLayers, Map<ParsedPolicy, PolicyLayers>>()
  readonly #documents = new Map<ParsedPolicy, PlacedDocument>()

  constructor(evaluator: PolicyEvaluator, state: AccountState, facts: AccountFacts) {
    this.#evaluator = evaluator
    this.#state = state
    this.#facts = facts
  }

  /** May this principal do this, and why? Diagnostics: the question can't be decided. */
  evaluate(question: AccountQuestion): Answered {
    try {
      return { answer: this.#answer(question) }
    } catch (error) {
      if (error instanceof Refusal) return { answer: null, diagnostics: error.diagnostics }
      if (error instanceof UnevaluablePolicyError)
        return {
          answer: null,
          diagnostics: [
            errorOf({
              code: 'evaluate.invalid-policy',
              message: `a policy of \`${question.principal}\` can't be evaluated: ${error.message}`,
            }),
          ],
        }
      throw error
    }
  }

  #answer(question: AccountQuestion): AccountAnswer {
    const asker = this.#asker(question.principal)
    const asked: Request = { ...question, principal: asker.facts.text }
    const problem = requestProblem(asked)
    if (problem !== null)
      throw refuse(
        'evaluate.invalid-request',
        problem,
        'see `iam-sync evaluate --help` for what a question is',
      )
    const layers = this.#layersFor(asked, asker)
    const request: Request = { ...asked, context: this.#contextOf(asked, asker) }
    const full: Question = {
      request,
      layers,
      now: this.#facts.now,
      ...(asker.entity?.kind === 'role' ? { base: asker.entity.arn } : {}),
    }
    const { decision, reasons } = this.#evaluator.evaluate(full)
    const policies = Object.values(layers).flat(2).filter(isIdentified)
    return {
      request: asked,
      decision,
      reasons: reasons.map((reason) => {
        const found = policies.find(
          ({ id, policy }) =>
            id === reason.policy &&
            (reason.statement === null || policy.statements.some(({ index }) => index === reason.statement)),
        )
        return {
          ...reason,
          document: found === undefined ? null : (this.#documents.get(found.policy) ?? null),
        }
      }),
    }
  }

  #asker(text: string): Asker {
    const { facts, entity } = findPrincipal(this.#state, text)
    return { facts, entity, layers: entity === null ? {} : this.#layersOf(entity) }
  }

  #layersOf(entity: UserState | RoleState): PolicyLayers {
    const known = this.#identities.get(entity)
    if (known !== undefined) return known
    const layers = this.#collect(entity)
    this.#identities.set(entity, layers)
    if (this.#identities.size === ONE_BY_ONE_AT_MOST) this.#prepareAll()
    return layers
  }

  #prepareAll(): void {
    for (const entity of [...this.#state.users.values(), ...this.#state.roles.values()]) {
      try {
        if (!this.#identities.has(entity)) this.#identities.set(entity, this.#collect(entity))
      } catch (error) {
        // Said when somebody asks for this principal.
        if (!(error instanceof Refusal || error instanceof UnevaluablePolicyError)) throw error
      }
    }
  }

  /** Own policies, those of the groups, and the boundary. */
  #collect(entity: UserState | RoleState): PolicyLayers {
    const holders = [
      entity,
      ...(entity.kind === 'user'
        ? entity.groups.flatMap((name) => {
            const group = this.#state.groups.get(name)
            if (group === undefined)
              throw refuse(
                'evaluate.unknown-group',
                `user \`${entity.name}\` is in group \`${name}\`, which is not there`,
                null,
              )
            return [group]
          })
        : []),
    ]
    const identity = holders.flatMap((holder) => [
      ...holder.managedPolicies.map((arn) => this.#managedPolicy(arn, 'identity')),
      ...[...holder.inlinePolicies].map(([name, document]) =>
        this.#identified(`inline:${name}`, document, 'identity'),
      ),
    ])
    const { permissionsBoundary } = entity
    const layers: PolicyLayers = {
      identity,
      boundary: permissionsBoundary === null ? null : [this.#managedPolicy(permissionsBoundary, 'boundary')],
    }
    this.#evaluator.prepare([layers])
    return layers
  }

  #managedPolicy(arn: string, use: PolicyUse): IdentifiedPolicy {
    return this.#identified(arn, this.#managedDocument(arn), use)
  }

  #managedDocument(arn: string): PlacedDocument {
    const known = this.#managed.get(arn)
    if (known !== undefined) return known
    const name = parseEntityArn(arn)?.name ?? ''
    const own = this.#state.policies.get(name)
    const json = own?.arn === arn ? null : this.#facts.documentOf(arn)
    const document = own?.arn === arn ? own.document : json === null ? null : { json, located: null }
    if (document === null)
      throw refuse(
        'evaluate.unknown-policy',
        `policy \`${arn}\` is attached, but its document is not known`,
        'declare the policy, or detach it',
      )
    this.#managed.set(arn, document)
    return document
  }

  #identified(id: string, document: PlacedDocument, use: PolicyUse): IdentifiedPolicy {
    return { id, policy: this.#parse(id, document, use) }
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

  /** The principal's layers, with the resource's policy where it takes part; refused where that is needed and not known. */
  #layersFor(request: Request, { facts, layers }: Asker): PolicyLayers {
    const { account, roles } = this.#state
    const arn = parseArn(request.resource)
    const owner = request.resourceAccount ?? (arn === null || arn.account === '' ? account.id : arn.account)
    if (needsResourcePolicy(request.action, request.resource)) {
      const named = parseEntityArn(request.resource)
      if (named === null || owner !== account.id)
        throw refuse(
          'evaluate.not-supported-yet',
          `\`${request.action}\` on \`${request.resource}\` is decided by that resource's own policy, which is not known`,
          'trust policies of this account are known; others can be declared in a later version',
        )
      const role = roles.get(named.name)
      if (role?.arn !== request.resource)
        throw refuse(
          'evaluate.unknown-resource',
          `there is no role \`${request.resource}\``,
          role === undefined
            ? didYouMean(named.name, roles.keys(), `account ${account.id} has ${roles.size} roles`)
            : `did you mean \`${role.arn}\`?`,
        )
      return this.#joined(layers, this.#identified(role.arn, role.trustPolicy, 'trust'))
    }
    if (owner !== account.id && arn !== null && /^\d{12}$/.test(owner))
      throw refuse(
        'evaluate.not-supported-yet',
        `\`${request.resource}\` belongs to account ${owner}, so its own policy must allow access too, which is not known`,
        'ask about resources of the same account',
      )
    if (facts.kind === 'service' || facts.kind === 'anonymous')
      throw refuse(
        'evaluate.not-supported-yet',
        `only a resource's own policy allows \`${facts.text}\` anything, and that of \`${request.resource}\` is not known`,
        'ask whether a service may assume a role: `--action sts:AssumeRole --resource ROLE-ARN`',
      )
    return layers
  }

  #joined(layers: PolicyLayers, resource: IdentifiedPolicy): PolicyLayers {
    const joined = this.#withResource.get(layers) ?? new Map<ParsedPolicy, PolicyLayers>()
    const known = joined.get(resource.policy)
    if (known !== undefined) return known
    const made = { ...layers, resource }
    this.#withResource.set(layers, joined.set(resource.policy, made))
    return made
  }

  /** What is given wins over what follows from the account; names ignore case. */
  #contextOf(request: Request, { entity, facts }: Asker): ReadonlyMap<string, readonly string[]> {
    const given = new Set([...request.context.keys()].map((key) => key.toLowerCase()))
    const context = new Map<string, readonly string[]>()
    const derived = [...entityContext(entity, facts), ...resourceContext(this.#state, request)]
    for (const [key, value] of derived) if (!given.has(key.toLowerCase())) context.set(key, [value])
    for (const [key, values] of request.context) context.set(key, values)
    return context
  }
}

const isIdentified = (value: unknown): value is IdentifiedPolicy =>
  typeof value === 'object' && value !== null && 'id' in value && 'policy' in value

export const createAccountEvaluator = async (
  state: AccountState,
  facts: AccountFacts,
): Promise<AccountEvaluator> => new AccountEvaluator(await createPolicyEvaluator(), state, facts)

/** One question about one account. For several, make an `AccountEvaluator` and keep it. */
export async function evaluateInAccount(
  state: AccountState,
  question: AccountQuestion,
  facts: AccountFacts,
): Promise<Answered> {
  return (await createAccountEvaluator(state, facts)).evaluate(question)
}

import { type ActionFacts, loadActions } from '../../catalog/actions.ts'
import type { Decision } from '../../evaluator/decision.ts'
import { type Membership, membershipsOf } from '../../evaluator/estate/organization-levels.ts'
import { isUnderResourceControl } from '../../evaluator/estate/resource-control.ts'
import { createPolicyEvaluator, type PolicyEvaluator } from '../../evaluator/policy-evaluator.ts'
import type { Question } from '../../evaluator/question.ts'
import { UnevaluablePolicyError } from '../../evaluator/unevaluable.ts'
import { passwordPolicyIn } from '../../kinds/passwordPolicy/iam.ts'
import type { Account, Organization } from '../../model/index.ts'
import type { Reading } from '../context.ts'
import { IamError } from '../service-error.ts'
import type { Call, Needed, RequestFacts } from './call.ts'
import { type CallingPrincipal, callingPrincipal } from './calling-principal.ts'
import { blamedLayer, type Denial, denialText } from './denial.ts'
import type { DenialMessages } from './denial-messages.ts'
import { type DenyingReason, denyingReason } from './denying-documents.ts'
import { iamNeeds } from './iam-needs.ts'
import { principalKeys, requestKeys, type Standing } from './principal-keys.ts'
import { refuseCredentials } from './session-limits.ts'
import { type ResourcePolicy, StoredLayers } from './stored-layers.ts'

interface AuthorizerParts {
  readonly account: Account
  /** null: none is known, and no control policies bind. */
  readonly organization: Organization | null
  /** Seals what a denial is about for whoever may decode it. */
  readonly messages: DenialMessages
}

/** What a permission is asked under besides who calls. */
interface AskedUnder {
  /** The policy of the role that is to be assumed; absent: nothing has one. */
  readonly resource?: ResourcePolicy | null
  /** Whose account it is; absent: that of the resource's ARN. */
  readonly resourceAccount?: string
  /** When codes were shown with this call; absent: they were not. */
  readonly mfa?: number
}

/** Decides calls of one account by its stored policies, with the evaluator that plans and tests go by. */
export class Authorizer {
  readonly #evaluator: PolicyEvaluator
  readonly #actions: ActionFacts
  readonly #parts: AuthorizerParts
  readonly #standing: Standing
  readonly #layers: StoredLayers

  constructor(evaluator: PolicyEvaluator, actions: ActionFacts, parts: AuthorizerParts) {
    this.#evaluator = evaluator
    this.#actions = actions
    this.#parts = parts
    const memberships = membershipsOf(parts.organization)
    this.#standing = { memberships, organizationId: parts.organization?.id ?? null }
    this.#layers = new StoredLayers(memberships.get(parts.account.id), () => evaluator.forget())
  }

  /**
   * Whether a call of IAM may be carried out.
   * @throws IamError AccessDenied in AWS's words; InvalidClientTokenId when the credentials are nobody's any more
   */
  async authorize(reading: Reading, call: Call): Promise<void> {
    const principal = await callingPrincipal(reading, call.caller)
    refuseCredentials(principal, 'iam', call.operation)
    for (const needed of await iamNeeds(reading, this.#actions, call, principal))
      await this.require(reading, call, principal, needed)
  }

  /** The questions that a call of IAM comes to. */
  async questionsOf(reading: Reading, call: Call): Promise<readonly Question[]> {
    const principal = await callingPrincipal(reading, call.caller)
    const questions: Question[] = []
    for (const needed of await iamNeeds(reading, this.#actions, call, principal))
      questions.push(await this.#questionOf(reading, call, principal, needed, {}))
    return questions
  }

  /** @throws IamError AccessDenied */
  async require(
    reading: Reading,
    call: Call,
    principal: CallingPrincipal,
    needed: Needed,
    under: AskedUnder = {},
  ): Promise<void> {
    const question = await this.#questionOf(reading, call, principal, needed, under)
    const decision = await this.#decide(reading, question)
    if (decision === 'allow') return
    throw await this.#denied(reading, principal, question, needed, under.resource ?? null)
  }

  /**
   * Whether somebody whom a provider vouches for may: the trust policy and resource control policies say it alone.
   * @param provider an ARN, or a name that everybody knows
   * @throws IamError AccessDenied
   */
  async requireOfProvider(
    reading: Reading,
    request: RequestFacts,
    provider: string,
    { action, resource, keys }: Needed,
    trust: ResourcePolicy | null,
  ): Promise<void> {
    const question: Question = {
      request: {
        principal: provider,
        action,
        resource,
        resourceAccount: reading.account.id,
        context: new Map([...keys, ...requestKeys(reading, action, request)]),
      },
      layers: await this.#layers.layersOf(
        reading,
        null,
        trust,
        this.#controlling(action, reading.account.id),
      ),
      now: new Date(request.now),
    }
    if (trust === null || (await this.#decide(reading, question)) !== 'allow')
      throw new IamError('AccessDenied', `Not authorized to perform ${action}`)
  }

  /** Whether requests for an action may carry a key that a provider has. */
  carriesKey(action: string, key: string): boolean {
    return this.#actions
      .conditionKeysOf(action)
      .some((known) => known === key || (known.includes('${') && patternOf(known).test(key)))
  }

  /** @throws IamError ServiceFailure when a policy has no clear meaning */
  async #decide(reading: Reading, question: Question): Promise<Decision> {
    try {
      const decision = this.#evaluator.decide(question)
      return decision === 'implicit_deny' && (await mayChangePassword(reading, question)) ? 'allow' : decision
    } catch (error) {
      if (error instanceof UnevaluablePolicyError) throw new IamError('ServiceFailure', error.message)
      throw error
    }
  }

  async #questionOf(
    reading: Reading,
    { request }: Call,
    principal: CallingPrincipal,
    { action, resource, keys }: Needed,
    { resource: policy = null, resourceAccount, mfa }: AskedUnder,
  ): Promise<Question> {
    const circumstances = { request, mfa: mfa ?? principal.session?.mfa ?? null, standing: this.#standing }
    const context = new Map([
      ...keys,
      // What follows of the caller and the request wins over what is asked for.
      ...(await principalKeys(reading, principal, circumstances)),
      ...requestKeys(reading, action, request),
    ])
    return {
      request: {
        principal: principal.arn,
        action,
        resource,
        context,
        ...(resourceAccount === undefined ? {} : { resourceAccount }),
      },
      layers: await this.#layers.layersOf(
        reading,
        principal,
        policy,
        this.#controlling(action, resourceAccount ?? reading.account.id),
      ),
      now: new Date(request.now),
      ...(principal.base === null ? {} : { base: principal.base }),
    }
  }

  /** Where the owner of a resource stands, whose resource control policies bind; undefined: none do. */
  #controlling(action: string, owner: string): Membership | undefined {
    return isUnderResourceControl(action) ? this.#standing.memberships.get(owner) : undefined
  }

  async #denied(
    reading: Reading,
    principal: CallingPrincipal,
    question: Question,
    needed: Needed,
    resource: ResourcePolicy | null,
  ): Promise<IamError> {
    const explanation = this.#evaluator.explain(question)
    const reasons: DenyingReason[] = []
    for (const reason of explanation.reasons)
      if (reason.effect === 'Deny') reasons.push(await denyingReason(reading, principal, resource, reason))
    const denial: Denial = {
      principal: question.request.principal,
      needed,
      decision: explanation.decision === 'explicit_deny' ? 'explicit_deny' : 'implicit_deny',
      layer: blamedLayer(explanation, needed.action),
      reasons,
      context: question.request.context,
    }
    const encoded = this.#parts.messages.encode(denial)
    return new IamError(
      'AccessDenied',
      `${denialText(denial)}. Encoded authorization failure message: ${encoded}`,
    )
  }
}

/** @see IAM User Guide, "Permit IAM users to change their own passwords": the password policy may let all of them */
async function mayChangePassword(reading: Reading, { request }: Question): Promise<boolean> {
  if (request.action !== 'iam:ChangePassword' || request.resource !== request.principal) return false
  return (await passwordPolicyIn(reading))?.allowUsersToChangePassword === true
}

/** `agent.${Domain}.buildkite.dev:pipeline_id` stands for keys of all such providers. */
const patternOf = (template: string): RegExp =>
  new RegExp(
    `^${template
      .split(/\$\{[^}]*\}/)
      .map((text) => text.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&'))
      .join('[^:/]+')}$`,
  )

/** The catalogue and the evaluator are loaded once. */
export async function createAuthorizer(parts: AuthorizerParts): Promise<Authorizer> {
  const [evaluator, actions] = await Promise.all([createPolicyEvaluator(), loadActions()])
  return new Authorizer(evaluator, actions, parts)
}

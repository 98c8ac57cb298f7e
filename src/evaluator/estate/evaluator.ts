import {
  type AccountState,
  type Estate,
  type PlacedDocument,
  type PrincipalEntity,
  principalEntitiesIn,
} from '../../model/index.ts'
import type { Layer } from '../decision.ts'
import type { Explanation } from '../explaining/explanation.ts'
import type { PolicyLayers } from '../layers.ts'
import { createPolicyEvaluator, type PolicyEvaluator } from '../policy-evaluator.ts'
import { UnevaluablePolicyError } from '../unevaluable.ts'
import type { AccountFacts, MayCarry, TagKeysOf } from './account-policies.ts'
import { AskedResources } from './asked-resources.ts'
import { callLimit, impliedActions } from './call-rules.ts'
import { sameForEachOwner } from './each-owner.ts'
import { type EstatePrincipal, EstatePrincipals, type KnownWorld } from './estate-principals.ts'
import type { Answered, Decided, EstateAnswer, EstateQuestion, Note } from './estate-question.ts'
import { Everybody } from './everybody.ts'
import { type Hinge, hingesOf } from './open/hinges.ts'
import { openFactsOf } from './open-facts.ts'
import { membershipsOf } from './organization-levels.ts'
import { ParsedDocuments } from './parsed-documents.ts'
import { placedIn } from './placed-reasons.ts'
import { type Put, PutQuestions } from './put-questions.ts'
import { Refusal, refusable } from './refusal.ts'
import { refuseOutsider, refuseUnknown } from './unknown-policy.ts'
import type { EverybodyQuestion, WhoCan } from './who-can.ts'

/** Once so many principals were compiled one by one, all others follow at once: each compile writes the program anew. */
const ONE_BY_ONE_AT_MOST = 16

/** An answer taken apart, layer by layer. */
export interface EstateExplanation extends EstateAnswer {
  readonly explained: {
    readonly explanation: Explanation
    /** The document of a policy that the explanation names; null: it isn't known. */
    documentOf(layer: Layer, policy: string): PlacedDocument | null
  }
}

export type EstateExplained =
  | { readonly answer: EstateExplanation }
  | Extract<Answered, { readonly answer: null }>

/**
 * Decides what anybody may do in an estate: by the policies of its accounts and those of AWS in use, by the
 * organization's control policies, and by the declared policies of resources.
 */
export class Evaluator {
  readonly #evaluator: PolicyEvaluator
  readonly #world: KnownWorld
  readonly #principals: EstatePrincipals
  readonly #questions: PutQuestions
  readonly #mayCarry: MayCarry
  readonly #everybody: Everybody
  #isPrepared = false

  constructor(
    evaluator: PolicyEvaluator,
    estate: Estate,
    facts: AccountFacts,
    { tagKeysOf, mayCarry }: { readonly tagKeysOf: TagKeysOf; readonly mayCarry: MayCarry },
  ) {
    this.#evaluator = evaluator
    this.#mayCarry = mayCarry
    this.#world = {
      accounts: new Map(estate.accounts.map((state) => [state.account.id, state])),
      memberships: membershipsOf(estate.organization),
      organizationId: estate.organization?.id ?? null,
      facts,
      documents: new ParsedDocuments(estate.uniqueIds),
      ...(estate.uniqueIds === undefined ? {} : { uniqueIds: estate.uniqueIds }),
    }
    this.#principals = new EstatePrincipals(this.#world)
    this.#questions = new PutQuestions(
      this.#world,
      this.#principals,
      new AskedResources(this.#world, estate.resources, tagKeysOf),
    )
    this.#everybody = new Everybody(evaluator, this.#world, mayCarry, (question) => this.#put(question))
  }

  /** May this principal do this, and why? Diagnostics: the question can't be decided. */
  evaluate(question: EstateQuestion): Answered {
    return refusable(question, () => this.#answer(question))
  }

  /** Many questions, without why: faster. @returns what `evaluate` decides, in the order of the questions */
  evaluateMany(questions: readonly EstateQuestion[]): readonly Decided[] {
    const puts = questions.map((question) =>
      refusable(question, () => {
        const put = this.#put(question)
        this.#evaluator.prepare([put.question.layers])
        return put
      }),
    )
    const decisions = this.#evaluator.evaluateMany(
      puts.flatMap(({ answer }) => (answer === null ? [] : [answer.question])),
    )
    let next = 0
    return puts.map((put, place) => {
      if (put.answer === null) return { decision: null, diagnostics: put.diagnostics }
      const decision = decisions[next++] ?? 'implicit_deny'
      const question = questions[place]
      if (question === undefined) return { decision }
      if (!put.answer.resource.ownerIsOpen && (decision !== 'allow' || isFinal(put.answer)))
        return { decision }
      const answered = this.evaluate(question)
      return answered.answer === null
        ? { decision: null, diagnostics: answered.diagnostics }
        : { decision: answered.answer.decision }
    })
  }

  /** The same as `evaluate`, with what every layer and statement said. */
  explain(question: EstateQuestion): EstateExplained {
    return refusable(question, () => {
      const answer = this.#answer(question)
      const put = this.#put({ ...question, action: answer.request.action })
      const { documents } = this.#world
      return {
        ...answer,
        explained: {
          explanation: this.#evaluator.explain(put.question),
          documentOf: (layer, policy) => {
            const found = [put.question.layers[layer] ?? []].flat(2).find(({ id }) => id === policy)
            return found === undefined ? null : documents.documentOf(found.policy)
          },
        },
      }
    })
  }

  /**
   * On what an answer hung that its question didn't settle: keys that were not given, rules that the documentation leaves
   * open. What several resources or accounts would have to say together is not looked for.
   */
  hinges(question: EstateQuestion, { request, decision }: EstateAnswer): readonly Hinge[] {
    const asked = { ...question, action: request.action }
    const found = refusable(asked, () => {
      const put = this.#put(asked)
      const { question: asking } = put
      return put.resource.unknown !== null || put.resource.ownerIsOpen
        ? []
        : hingesOf(
            { question: asking, open: openFactsOf(put, false, this.#world, this.#mayCarry) },
            decision,
            this.#evaluator,
          )
    })
    return found.answer ?? []
  }

  /** The policies that a principal brings along: identity, boundary, session and service control policies. */
  layersOf(
    principal: Pick<EstateQuestion, 'principal' | 'account' | 'parent' | 'sessionPolicies'>,
  ): { readonly answer: PolicyLayers } | Extract<Answered, { readonly answer: null }> {
    const question = { ...principal, action: '', resource: '', context: new Map() }
    return refusable(question, () => this.#principals.principalOf(question).layers)
  }

  /**
   * Who may do this? Users, roles and root of every account, and whoever else the resource's own policy names.
   * Contexts that the question leaves open are tried, not guessed: see `Grant`.
   * @param isMeant whom it is asked about, by how answers call them; absent: everybody
   */
  whoCan(question: EverybodyQuestion, isMeant?: (principal: string) => boolean): WhoCan {
    return this.#everybody.whoCan(question, isMeant)
  }

  #answer(question: EstateQuestion): EstateAnswer {
    const answer = this.#answerOne(question)
    if (answer.decision !== 'allow') return answer
    for (const { action, why } of impliedActions(answer.request)) {
      const implied = this.#answerOne({ ...question, action })
      if (implied.decision !== 'allow')
        return { ...implied, note: { code: 'evaluate.implied-action', message: why } }
    }
    return answer
  }

  #answerOne(question: EstateQuestion): EstateAnswer {
    const put = this.#put(question)
    const { principal, resource, request } = put
    if (resource.ownerIsOpen)
      return sameForEachOwner(
        principal.facts.account,
        this.#world.accounts.keys(),
        request,
        (resourceAccount) => this.#answerOne({ ...question, resourceAccount }),
      )
    const { decision, reasons } = this.#evaluator.evaluate(put.question)
    const limit = decision === 'implicit_deny' ? callLimit(principal.facts, request) : null
    if (limit !== null)
      return {
        request,
        decision,
        reasons: [],
        note: { code: 'evaluate.temporary-credentials', message: limit },
      }
    if (resource.unknown !== null && decision === 'allow')
      throw refuseUnknown(resource.unknown, request, principal)
    // With nothing but the stand-in for its policies, nothing was decided here.
    if (!principal.isKnown && decision === 'allow' && resource.layers.resource == null)
      throw refuseOutsider(principal)
    return {
      request,
      decision,
      // What stands in for an unknown policy is no reason.
      reasons: reasons
        .filter(({ policy, statement }) => policy !== '' || statement === null)
        .map(placedIn(put.question, this.#world)),
      note: principal.isKnown ? null : outsideNote(principal),
    }
  }

  #put(question: EstateQuestion): Put {
    const put = this.#questions.put(question)
    if (this.#principals.size >= ONE_BY_ONE_AT_MOST) this.#prepareAll()
    return put
  }

  /** Whoever of the estate makes requests. Those whose policies can't be known are refused when somebody asks for them. */
  *#entities(): Iterable<EstatePrincipal> {
    for (const { entities } of this.#world.accounts.values())
      for (const entity of principalEntitiesIn<PrincipalEntity>(entities)) {
        try {
          yield this.#principals.ofEntity(entity)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
        }
      }
  }

  #prepareAll(): void {
    if (this.#isPrepared) return
    this.#isPrepared = true
    for (const { layers } of this.#entities()) {
      try {
        this.#evaluator.prepare([layers])
      } catch (error) {
        // Said when somebody asks for this principal.
        if (!(error instanceof UnevaluablePolicyError)) throw error
      }
    }
  }
}

/** An allow is one, whatever isn't known, and needs no further action. */
const isFinal = ({ principal, resource, request }: Put): boolean =>
  principal.isKnown && resource.unknown === null && impliedActions(request).length === 0

const outsideNote = ({ name, facts }: EstatePrincipal): Note => ({
  code: 'evaluate.outside-account',
  message: `account ${facts.account} is not known here: \`${name}\` is taken to be allowed everything by its own account`,
})

/** An estate of one account alone. */
export const estateOf = (state: AccountState): Estate => ({
  accounts: [state],
  organization: null,
  resources: new Map(),
})

/** Decisions about an estate; see `Evaluator`. */
export async function createEvaluator(estate: Estate, facts: AccountFacts): Promise<Evaluator> {
  const hasTags = [...estate.resources.values()].some(({ tags }) => tags.size > 0)
  const [evaluator, tagKeysOf = () => [], mayCarry = () => true] = await Promise.all([
    createPolicyEvaluator(),
    hasTags ? facts.openTagKeys?.() : undefined,
    facts.openCarriedKeys?.(),
  ])
  return new Evaluator(evaluator, estate, facts, { tagKeysOf, mayCarry })
}

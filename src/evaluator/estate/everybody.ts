import { type Diagnostic, warningOf } from '../../diagnostics/index.ts'
import { type PrincipalEntity, parseArn, principalEntitiesIn, rootArn } from '../../model/index.ts'
import type { Reason } from '../decision.ts'
import { tellsTime } from '../keys/sending-keys.ts'
import type { PolicyEvaluator } from '../policy-evaluator.ts'
import type { MayCarry } from './account-policies.ts'
import { EVERYTHING_PASSED_ON, type KnownWorld } from './estate-principals.ts'
import type { EstateQuestion } from './estate-question.ts'
import { withOpenSending } from './open/open-sending.ts'
import { openFactsOf } from './open-facts.ts'
import { othersIn } from './others.ts'
import { placedIn } from './placed-reasons.ts'
import type { Put } from './put-questions.ts'
import { isOfPolicies, refusable } from './refusal.ts'
import { ownerUnknown } from './unknown-policy.ts'
import {
  type Candidate,
  type EverybodyQuestion,
  type Grant,
  grantOf,
  type WhoCan,
  widestGrants,
} from './who-can.ts'
import { decideCalls, questionsOfCall } from './whole-calls.ts'

/** Whoever may do something: one question, put for each of them. */
export class Everybody {
  readonly #evaluator: PolicyEvaluator
  readonly #world: KnownWorld
  readonly #mayCarry: MayCarry
  readonly #put: (question: EstateQuestion) => Put

  /** @param put throws Refusal when nothing can be asked so */
  constructor(
    evaluator: PolicyEvaluator,
    world: KnownWorld,
    mayCarry: MayCarry,
    put: (question: EstateQuestion) => Put,
  ) {
    this.#evaluator = evaluator
    this.#world = world
    this.#mayCarry = mayCarry
    this.#put = put
  }

  /** @param isMeant whom it is asked about, by how answers call them; absent: everybody */
  whoCan(question: EverybodyQuestion, isMeant: (principal: string) => boolean = () => true): WhoCan {
    const diagnostics = new Map<string, Diagnostic>()
    const { candidates, unknown } = this.#candidates(question, isMeant, diagnostics)
    const decisions = decideCalls(
      this.#evaluator,
      candidates.map((each) => each.question),
    )
    const grants = candidates.flatMap(
      (candidate, index) => grantOf(candidate, decisions[index] === 'allow', this.#evaluator) ?? [],
    )
    return { grants: widestGrants([...grants, ...unknown]), diagnostics: [...diagnostics.values()] }
  }

  /** Everybody's question, but of those whose policies can't be known: what is wrong with them is noted, and whether they may is unknown. */
  #candidates(
    question: EverybodyQuestion,
    isMeant: (principal: string) => boolean,
    diagnostics: Map<string, Diagnostic>,
  ): { readonly candidates: readonly Candidate[]; readonly unknown: readonly Grant[] } {
    const candidates: Candidate[] = []
    const refused: { readonly shown: string; readonly why: readonly Diagnostic[] }[] = []
    const add = (
      principal: string,
      shown = principal,
      from: Pick<EstateQuestion, 'parent' | 'sessionPolicies'> = {},
    ) => {
      if (!isMeant(shown)) return
      const asked = { ...question, principal, ...from }
      const answered = refusable(asked, () => this.#candidate(asked, shown))
      if (answered.answer !== null) candidates.push(answered.answer)
      else refused.push({ shown, why: answered.diagnostics })
    }
    for (const { account, entities } of this.#world.accounts.values()) {
      add(rootArn(account))
      for (const { arn } of principalEntitiesIn<PrincipalEntity>(entities)) add(arn)
    }
    const [first] = candidates
    if (first?.open.resource.ownerIsOpen === true) {
      const { code, message, help } = ownerUnknown(question.resource)
      diagnostics.set(code, warningOf({ code, message, help }))
    }
    if (first !== undefined)
      for (const { principal, shown, parents } of othersIn(
        first.question.layers.resource?.policy ?? null,
        this.#world,
        parseArn(question.resource)?.partition ?? 'aws',
        (first.question.layers.rcp ?? []).flat().flatMap(({ policy }) => policy.statements),
        question.resource,
      ))
        if (parents.length === 0) add(principal, shown)
        else
          for (const parent of parents)
            add(principal, shown, { parent, sessionPolicies: [EVERYTHING_PASSED_ON] })
    // What isn't known of some takes nothing from the others; where it is of everybody there is no answer.
    const isAnswer = candidates.length > 0
    const unknown: Grant[] = []
    for (const { shown, why } of refused) {
      const isUnknown = isAnswer && isOfPolicies(why)
      if (isUnknown) unknown.push({ principal: shown, decision: 'unknown', via: [], conditions: null })
      for (const each of why) {
        diagnostics.set(`${each.code} ${each.message}`, isUnknown ? { ...each, severity: 'warning' } : each)
      }
    }
    return { candidates, unknown }
  }

  #candidate(asked: EstateQuestion, shown: string): Candidate {
    const put = this.#put(asked)
    this.#evaluator.prepare([put.question.layers])
    const { entity } = put.principal
    return {
      shown,
      question: withOpenSending(put.question, asked.context),
      isUnknown: put.resource.unknown !== null || put.resource.ownerIsOpen,
      open: {
        ...openFactsOf(put, shown.startsWith('account:'), this.#world, this.#mayCarry),
        sending: { notBefore: tellsTime(asked.context) ? null : this.#world.facts.now },
        ...(entity?.kind === 'role'
          ? {
              sessions: {
                trust: this.#world.documents.identified(entity.arn, entity.trustPolicy, 'trust').policy,
                given: new Set([...asked.context.keys()].map((key) => key.toLowerCase())),
              },
            }
          : {}),
      },
      reasonsIn: (context) =>
        questionsOfCall({ ...put.question, request: { ...put.question.request, context } })
          .flatMap((each) => this.#evaluator.evaluate(each).reasons)
          .filter(({ effect, statement }) => effect === 'Allow' && statement !== null)
          // Control policies only limit; and what stands in for an unknown policy is no reason.
          .filter(({ layer, policy }) => policy !== '' && layer !== 'scp' && layer !== 'rcp')
          .filter(isFirst)
          .map(placedIn(put.question, this.#world)),
    }
  }
}

/** One statement may allow a call and what it passes along. */
const isFirst = ({ layer, policy, statement }: Reason, place: number, all: readonly Reason[]): boolean =>
  all.findIndex((each) => each.layer === layer && each.policy === policy && each.statement === statement) ===
  place

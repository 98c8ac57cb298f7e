import { type Diagnostic, warningOf } from '../../diagnostics/index.ts'
import { type PrincipalEntity, parseArn, principalEntitiesIn, rootArn } from '../../model/index.ts'
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
import { refusable } from './refusal.ts'
import { ownerUnknown } from './unknown-policy.ts'
import { type Candidate, type EverybodyQuestion, grantOf, type WhoCan, widestGrants } from './who-can.ts'

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

  whoCan(question: EverybodyQuestion): WhoCan {
    const diagnostics = new Map<string, Diagnostic>()
    const candidates = this.#candidates(question, diagnostics)
    const decisions = this.#evaluator.evaluateMany(candidates.map((each) => each.question))
    const grants = candidates.flatMap(
      (candidate, index) => grantOf(candidate, decisions[index] === 'allow', this.#evaluator) ?? [],
    )
    return { grants: widestGrants(grants), diagnostics: [...diagnostics.values()] }
  }

  /** Everybody's question, but of those whose policies can't be known: what is wrong with them is noted. */
  #candidates(question: EverybodyQuestion, diagnostics: Map<string, Diagnostic>): readonly Candidate[] {
    const candidates: Candidate[] = []
    const add = (
      principal: string,
      shown = principal,
      from: Pick<EstateQuestion, 'parent' | 'sessionPolicies'> = {},
    ) => {
      const asked = { ...question, principal, ...from }
      const answered = refusable(asked, () => this.#candidate(asked, shown))
      if (answered.answer !== null) candidates.push(answered.answer)
      else for (const each of answered.diagnostics) diagnostics.set(`${each.code} ${each.message}`, each)
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
    return candidates
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
        this.#evaluator
          .evaluate({ ...put.question, request: { ...put.question.request, context } })
          .reasons.filter(({ effect, statement }) => effect === 'Allow' && statement !== null)
          // Control policies only limit; and what stands in for an unknown policy is no reason.
          .filter(({ layer, policy }) => policy !== '' && layer !== 'scp' && layer !== 'rcp')
          .map(placedIn(put.question, this.#world)),
    }
  }
}

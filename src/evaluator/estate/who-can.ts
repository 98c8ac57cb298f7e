import type { Diagnostic } from '../../diagnostics/index.ts'
import { operatorText } from '../../policy/operator-spelling.ts'
import type { ParsedCondition, ParsedStatement } from '../../policy/parsed.ts'
import { isTime } from '../keys/sending-keys.ts'
import type { PolicyEvaluator } from '../policy-evaluator.ts'
import { parsePrincipal } from '../principal.ts'
import type { EstateQuestion, PlacedReason } from './estate-question.ts'
import { mergedContext } from './merged-context.ts'
import { isOfOneRequest } from './open/one-request.ts'
import { candidatesFor, combinations } from './open/open-keys.ts'
import { asOrganizations, withOrganizations } from './open/open-organizations.ts'
import { isUndocumentedOfServices } from './open/open-principal.ts'
import { momentsFor, withMoment } from './open/open-sending.ts'
import { textsWith } from './open/open-texts.ts'
import {
  knownValuesIn,
  mentionsOpenKeys,
  type OpenQuestion,
  openKey,
  openVariables,
  type Relevant,
  relevantStatements,
} from './open/relevant-statements.ts'
import { someCombinations, testsOf } from './open/tests-of-keys.ts'
import { withMostAllowed } from './open/without-open.ts'
import { decideCalls, questionsOfCall } from './whole-calls.ts'

/** A question about everybody: who may do this? */
export type EverybodyQuestion = Omit<EstateQuestion, 'principal' | 'account' | 'parent' | 'sessionPolicies'>

/** Somebody who may. */
export interface Grant {
  /** As in a request; `account:ID` for an account that isn't known, `account:*` and `service:*` for any. */
  readonly principal: string
  /** `conditional`: in some contexts only. `unknown`: it depends on what isn't known, or on too much to try. */
  readonly decision: 'allow' | 'conditional' | 'unknown'
  /** The statements that allow it. */
  readonly via: readonly PlacedReason[]
  readonly conditions: GrantConditions | null
}

/** On what a grant depends. */
export interface GrantConditions {
  /** Condition blocks of the statements that allow it in the example. */
  readonly when: readonly ConditionsText[]
  /** Condition blocks of statements that deny it in some contexts: none may hold. */
  readonly unless: readonly ConditionsText[]
  /** A context in which it is allowed; null: none is known. */
  readonly example: Readonly<Record<string, string | readonly string[]>> | null
}

/** As in a policy: operator, key, values. */
export type ConditionsText = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

export interface WhoCan {
  /** Sorted by principal. */
  readonly grants: readonly Grant[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Contexts that are tried for one principal. */
const MOST_CONTEXTS = 4096

/** One principal's question, ready to be decided in any context. */
export interface Candidate extends OpenQuestion {
  /** How the answer calls the principal. */
  readonly shown: string
  /** The resource's own policy, or its owner, isn't known: an allow is none. */
  readonly isUnknown: boolean
  /** Statements that allow a request, and what it passes along, with the documents they stand in. */
  reasonsIn(context: ReadonlyMap<string, readonly string[]>): readonly PlacedReason[]
}

/**
 * What becomes of a question in contexts that nobody has said anything about.
 * @returns null: it is denied in all of them
 */
export function grantOf(candidate: Candidate, decidesNow: boolean, evaluator: PolicyEvaluator): Grant | null {
  const { question, shown } = candidate
  const { isKnown } = candidate.open.principal
  const granted = (
    decision: Grant['decision'],
    context = question.request.context,
    conditions: GrantConditions | null = null,
  ): Grant => ({
    principal: shown,
    decision: candidate.isUnknown || !isKnown ? 'unknown' : decision,
    via: candidate.reasonsIn(context),
    conditions,
  })
  const plain = () => (decidesNow ? granted('allow') : null)
  if (!mentionsOpenKeys(candidate)) return plain()
  const relevant = relevantToCall(candidate, evaluator)
  const byKey = testsOf(relevant, candidate)
  if (byKey.size === 0) return plain()
  const textsOf = textsWith(knownValuesIn(candidate))
  const notBefore = candidate.open.sending?.notBefore ?? null
  const moments = notBefore === null ? null : momentsFor(byKey, notBefore, textsOf)
  const mayBe = (key: string) => openKey(key, candidate)
  const ofEach = [...byKey].flatMap(([key, tests]) => {
    const open = isTime(key) ? null : mayBe(key)
    return open === null ? [] : [candidatesFor(tests, textsOf, open)]
  })
  const candidates = [
    ...asOrganizations(ofEach, question.request.context, mayBe),
    ...(moments === null ? [] : [moments]),
  ]
  const contexts = combinations(candidates, MOST_CONTEXTS)
  const tried = (contexts ?? someCombinations(relevant, candidates, MOST_CONTEXTS))
    .map((context) => withOrganizations(withMoment(context, byKey), byKey))
    .sort((a, b) => a.size - b.size)
    .filter((context) => isOfOneRequest(mergedContext(question.request.context, context), byKey, candidate))
  const decisions = decideCalls(
    evaluator,
    tried.map((context) => ({
      ...question,
      request: { ...question.request, context: mergedContext(question.request.context, context) },
    })),
  )
  const allowed = tried.filter((_, index) => decisions[index] === 'allow')
  const isService = candidate.open.principal.facts.kind === 'service'
  const isPlain = (tells: ReadonlyMap<string, unknown>) =>
    ![...tells.keys()].some((key) => isUndocumentedOfServices(key.toLowerCase()))
  const example = (isService ? allowed.find(isPlain) : undefined) ?? allowed[0]
  const areComplete = contexts !== null && candidates.every((each) => each.areComplete)
  const asked = question.request.context
  if (example === undefined) {
    const freest = { ...question, layers: withMostAllowed(candidate, relevant) }
    const isPossible = !areComplete && decideCalls(evaluator, [freest])[0] === 'allow'
    return isPossible ? granted('unknown', asked, conditionsOf(relevant, null)) : null
  }
  const context = mergedContext(asked, example)
  if (allowed.length === tried.length && areComplete) return granted('allow', context)
  const via = candidate.reasonsIn(context)
  const asksFor = questionsOfCall(question, example.keys()).map(({ request: { action } }) => action)
  const counting = relevant.filter(
    ({ policy, statement, action }) =>
      (statement.effect === 'Deny' && asksFor.includes(action)) ||
      via.some((reason) => reason.policy === policy && reason.statement === statement.index),
  )
  return isService && !isPlain(example)
    ? granted('unknown', context, conditionsOf(counting, null))
    : granted('conditional', context, conditionsOf(counting, example))
}

/**
 * Statements about a call, and about what it needs besides where it passes something along that their conditions name.
 */
function relevantToCall(candidate: Candidate, evaluator: PolicyEvaluator): readonly RelevantToCall[] {
  const { question } = candidate
  const found: RelevantToCall[] = []
  const asked = new Set<string>()
  for (let isMore = true; isMore; ) {
    isMore = false
    const keys = found.flatMap(({ open }) => open.map(({ key }) => key))
    for (const call of questionsOfCall(question, keys)) {
      const { action } = call.request
      if (asked.has(action)) continue
      asked.add(action)
      isMore = true
      const explanation = evaluator.explain(call)
      const about = [
        ...relevantStatements(explanation, candidate),
        // About something else, but for what a variable may be.
        ...relevantStatements(explanation, candidate, 'resource').filter(
          (each) => openVariables(each, candidate).length > 0,
        ),
      ]
      for (const each of about)
        if (!found.some(({ statement }) => statement === each.statement)) found.push({ ...each, action })
    }
  }
  return found
}

type RelevantToCall = Relevant & {
  /** The first that it is about. */
  readonly action: string
}

/** One for each principal, sorted: who can be several has the widest that one of them has. */
export function widestGrants(grants: readonly Grant[]): readonly Grant[] {
  const widest = new Map<string, Grant>()
  for (const grant of grants) {
    const known = widest.get(grant.principal)
    if (known === undefined || WIDTHS[grant.decision] > WIDTHS[known.decision])
      widest.set(grant.principal, grant)
  }
  // Whatever anybody without credentials may do, everybody may.
  if (widest.get('*')?.decision === 'allow')
    for (const label of ['account:*', 'service:*']) widest.delete(label)
  // What perhaps lets in services is no news where it lets in any account.
  const ofAnybody = new Set(widest.get('account:*')?.via.map(placeOf))
  for (const [label, { decision, conditions, via }] of widest)
    if (isOfService(label) && decision === 'unknown' && conditions !== null)
      if (via.length > 0 && via.every((reason) => ofAnybody.has(placeOf(reason)))) widest.delete(label)
  return [...widest.values()].sort((a, b) => (a.principal < b.principal ? -1 : 1))
}

const placeOf = ({ policy, statement }: PlacedReason): string => JSON.stringify([policy, statement])

const isOfService = (label: string): boolean =>
  label === 'service:*' || parsePrincipal(label)?.kind === 'service'

const WIDTHS: Readonly<Record<Grant['decision'], number>> = { unknown: 0, conditional: 1, allow: 2 }

function conditionsOf(
  relevant: readonly Relevant[],
  example: ReadonlyMap<string, readonly string[]> | null,
): GrantConditions {
  const blocks = (effect: ParsedStatement['effect']) => {
    const distinct = new Map<string, ConditionsText>()
    for (const { statement, open } of relevant) {
      if (statement.effect !== effect || open.length === 0) continue
      const block = conditionsBlock(open)
      distinct.set(JSON.stringify(block), block)
    }
    return [...distinct.values()]
  }
  return {
    when: blocks('Allow'),
    unless: blocks('Deny'),
    example:
      example === null
        ? null
        : Object.fromEntries(
            [...example].map(([key, values]) => [key, values.length === 1 ? (values[0] ?? '') : values]),
          ),
  }
}

/** Conditions as a policy writes them. */
export function conditionsBlock(conditions: readonly ParsedCondition[]): ConditionsText {
  const block: Record<string, Record<string, readonly string[]>> = {}
  for (const condition of conditions) {
    const name = operatorText(condition)
    block[name] = { ...block[name], [condition.key]: condition.values }
  }
  return block
}

import type { Decision } from '../decision.ts'
import type { PolicyEvaluator } from '../policy-evaluator.ts'
import type { Question } from '../question.ts'
import { impliedActions } from './call-rules.ts'

/**
 * A call, and the same of each action that it needs besides for what it passes along.
 * @param keys passed along beside those of its context
 */
export function questionsOfCall(call: Question, keys: Iterable<string> = []): readonly Question[] {
  const { request } = call
  const besides = impliedActions(request, keys)
  return [call, ...besides.map(({ action }) => ({ ...call, request: { ...request, action } }))]
}

/** Decisions of whole calls: all that one needs must be allowed. */
export function decideCalls(evaluator: PolicyEvaluator, calls: readonly Question[]): readonly Decision[] {
  const asked = calls.map((call) => questionsOfCall(call))
  const decisions = evaluator.evaluateMany(asked.flat())
  let next = 0
  return asked.map(({ length }) => {
    const all = decisions.slice(next, next + length)
    next += length
    return all.find((each) => each !== 'allow') ?? 'allow'
  })
}

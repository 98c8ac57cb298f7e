// Whom who-can of one resource lists, held against the evaluator in the context that it gives.
import type { Grant } from '../../src/evaluator/estate/who-can.ts'
import type { Context } from './contexts.ts'
import type { Oracle } from './oracle.ts'
import type { Question } from './questions.ts'
import type { Requester } from './requesters.ts'

/** Requesters of grants that hang on a context, and are denied in the example of one. */
export function* deniedInExample(
  grants: readonly Grant[],
  { action, resource }: Pick<Question, 'action' | 'resource'>,
  oracle: Oracle,
  everybody: readonly Requester[],
): Iterable<{ readonly requester: Requester; readonly context: Context }> {
  for (const { principal, decision, conditions } of grants) {
    const requester = everybody.find((each) => each[oracle.state] === principal && each.parent === undefined)
    if (requester === undefined || decision !== 'conditional') continue
    const example = Object.entries(conditions?.example ?? {})
    const context = new Map(example.map(([key, value]) => [key, [value].flat()] as const))
    if (oracle.ask(principal, { requester, action, resource, context }) === 'deny')
      yield { requester, context }
  }
}

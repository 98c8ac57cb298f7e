import type { ParsedPrincipal, ParsedStatement } from '../../../policy/parsed.ts'
import type { Decision } from '../../decision.ts'
import { type Doubt, doubtOf } from '../../explaining/doubt.ts'
import type { PolicyEvaluator } from '../../policy-evaluator.ts'
import { isBaseOf } from '../../principal.ts'
import type { EstatePrincipal } from '../estate-principals.ts'
import { mergedContext } from '../merged-context.ts'
import { decideCalls } from '../whole-calls.ts'
import { candidatesFor, combinations } from './open-keys.ts'
import { textsWith } from './open-texts.ts'
import {
  knownValuesIn,
  type OpenQuestion,
  openKey,
  type Relevant,
  relevantStatements,
} from './relevant-statements.ts'
import { withStatement } from './without-open.ts'

/** On what an answer hung that the question didn't settle. */
export type Hinge =
  /** With another value the answer is another one. */
  | { readonly type: 'key'; readonly key: string; readonly value: string | null; readonly decision: Decision }
  /** Read the other way, a rule that the documentation leaves open makes another answer. */
  | { readonly type: 'rule'; readonly doubt: Doubt; readonly decision: Decision }

/** Contexts that are tried for one statement. */
const MOST_CONTEXTS = 64

/** @param decision the answer as it is */
export function hingesOf(
  asking: OpenQuestion,
  decision: Decision,
  evaluator: PolicyEvaluator,
): readonly Hinge[] {
  const explanation = evaluator.explain(asking.question)
  const relevant = relevantStatements(explanation, asking)
  const { resource } = asking.question.request
  const crossing = relevantStatements(explanation, asking, 'resource').filter(({ statement }) =>
    wouldCross(statement, resource),
  )
  return [
    ...keysHungOn(asking, relevant, decision, evaluator),
    ...rulesHungOn(asking, [...relevant, ...crossing], decision, evaluator),
  ]
}

/** Those without which no other value of the rest of a statement's keys would change the answer. */
function keysHungOn(
  asking: OpenQuestion,
  relevant: readonly Relevant[],
  decision: Decision,
  evaluator: PolicyEvaluator,
): readonly Hinge[] {
  const { question } = asking
  const textsOf = textsWith(knownValuesIn(asking))
  const hinges = new Map<string, Hinge>()
  for (const { open } of relevant) {
    const keys = new Map(open.map((condition) => [condition.key.toLowerCase(), condition.key]))
    const candidates = [...keys].flatMap(([lower, key]) => {
      const mayBe = openKey(lower, asking)
      const conditions = open.filter((condition) => condition.key.toLowerCase() === lower)
      const tests = { key, conditions, named: [] }
      return mayBe === null ? [] : [candidatesFor(tests, textsOf, { ...mayBe, mayBeAbsent: true })]
    })
    const fewer = candidates.map((each) => ({ ...each, values: each.values.slice(0, 6) }))
    const contexts = (combinations(fewer, 4096) ?? []).slice(0, MOST_CONTEXTS)
    const decisions = decideCalls(
      evaluator,
      contexts.map((context) => ({
        ...question,
        request: { ...question.request, context: mergedContext(question.request.context, context) },
      })),
    )
    // The fewest keys come first.
    const at = decisions.findIndex((each) => each !== decision)
    const other = decisions[at]
    if (other === undefined) continue
    for (const [key, values] of contexts[at] ?? [])
      if (!hinges.has(key.toLowerCase()))
        hinges.set(key.toLowerCase(), { type: 'key', key, value: values[0] ?? null, decision: other })
  }
  return [...hinges.values()]
}

function rulesHungOn(
  asking: OpenQuestion,
  relevant: readonly Relevant[],
  decision: Decision,
  evaluator: PolicyEvaluator,
): readonly Hinge[] {
  const hinges = new Map<string, Hinge>()
  const { question } = asking
  const given = new Map(
    [...question.request.context].map(([key, values]) => [key.toLowerCase(), values] as const),
  )
  for (const one of relevant)
    for (const [doubt, readOtherwise] of doubtsOf(one.statement, asking, given)) {
      if (hinges.has(doubt.rule)) continue
      const layers = withStatement(question.layers, one, readOtherwise)
      const other = evaluator.decide({ ...question, layers })
      if (other !== decision) hinges.set(doubt.rule, { type: 'rule', doubt, decision: other })
    }
  return [...hinges.values()]
}

type Otherwise = readonly [doubt: Doubt, statement: ParsedStatement | null]

/** What is open about a statement, and the statement as it reads the other way; null: as if it weren't there. */
function doubtsOf(
  statement: ParsedStatement,
  { open: { principal, action, resourceArn: asked } }: OpenQuestion,
  given: ReadonlyMap<string, readonly string[]>,
): readonly Otherwise[] {
  const { effect, conditions, principal: element } = statement
  const { facts, base } = principal
  const isPathOpen = facts.kind === 'role' && facts.text !== facts.roleArn && base === null
  const doubts: Otherwise[] = []
  for (const condition of conditions) {
    const doubt =
      isPathOpen && condition.key.toLowerCase() === 'aws:principalarn'
        ? SESSION_PATH
        : doubtOf(condition, given.get(condition.key.toLowerCase()) ?? null, effect)
    if (doubt === null) continue
    const others = conditions.filter((each) => each !== condition)
    doubts.push([doubt, { ...statement, conditions: others }], [doubt, null])
  }
  if (wouldCross(statement, asked))
    doubts.push([
      { rule: '4', about: 'a `*` inside one of the first five segments of an ARN' },
      { ...statement, resource: { negated: false, entries: ['*'] } },
    ])
  if (statement.action.entries.every((entry) => entry === '*:*') && !statement.action.negated)
    doubts.push([{ rule: '1', about: '`*:*` as a pattern of actions' }, null])
  if (
    facts.kind === 'provider' &&
    !/^sts:/i.test(action) &&
    element?.entries.some(({ kind }) => kind === 'federated') === true
  )
    doubts.push([{ rule: '11', about: 'a provider as principal of a resource policy' }, null])
  if (effect === 'Deny' && element?.negated === true && element.entries.some(isSomewhatHim(principal)))
    doubts.push([{ rule: '13', about: 'what `NotPrincipal` must name to spare somebody' }, null])
  return doubts
}

const SESSION_PATH: Doubt = { rule: 'context', about: 'the path of the role of a session' }

const isSomewhatHim =
  ({ facts, base }: EstatePrincipal) =>
  (entry: ParsedPrincipal): boolean =>
    entry.kind === 'account'
      ? entry.account === facts.account
      : entry.kind === 'arn' && (entry.arn === facts.text || isBaseOf(entry.arn, facts, base))

/** Entries that would match what is asked about if a star inside a segment crossed colons. */
function wouldCross({ resource }: ParsedStatement, asked: string): boolean {
  if (resource === null || resource.negated) return false
  return resource.entries.some((entry) => {
    if (!/^arn:(?:[^:]*:){0,3}[^:]*\*[^:*]/.test(entry)) return false
    const source = entry
      .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    return new RegExp(`^${source}$`, 's').test(asked)
  })
}
